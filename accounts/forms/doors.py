"""Forms of sign-in, passwords and the second factor."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest

from accounts.wording import PlainErrors

LONGEST = 1000  # characters of a password; hashing a megabyte would be a way to keep us busy
WRONG = "Enter an email address and password that belong together."


class EmailField(forms.EmailField):
    """An address in lower case."""

    def __init__(self, *, autocomplete: str = "email", **kwargs: Any) -> None:
        box = forms.EmailInput({"autocomplete": autocomplete, "spellcheck": "false"})
        messages = {"required": "Enter an email address", "max_length": "This is too long"} | {
            "invalid": "Enter an email address like name@example.org.uk"
        }
        super().__init__(
            widget=box, max_length=254, error_messages=messages,
            label=kwargs.pop("label", "Email address"), **kwargs,
        )  # fmt: skip

    def clean(self, value: Any) -> str:
        return str(super().clean(value)).lower()


class PasswordField(forms.CharField):
    """`new` lets a password manager offer one."""

    def __init__(self, *, new: bool = False, **kwargs: Any) -> None:
        autocomplete = "new-password" if new else "current-password"
        super().__init__(
            strip=False,
            max_length=LONGEST,
            widget=forms.PasswordInput({"autocomplete": autocomplete, "spellcheck": "false"}),
            error_messages={"required": "Enter a password"},
            help_text="At least 12 characters. Three words that do not belong together are good."
            if new
            else "",
            **kwargs,
        )


class SignInForm(forms.Form):
    username = EmailField(autocomplete="username")
    password = PasswordField()

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: Any = None

    def clean(self) -> dict[str, Any]:
        """One answer for a wrong password, an unknown address and a closed account."""
        given = self.cleaned_data
        if "username" in given and "password" in given:
            self.user = authenticate(
                self.request, username=given["username"], password=given["password"]
            )
            if self.user is None:
                raise forms.ValidationError(WRONG)
        return given


class AskResetForm(forms.Form):
    email = EmailField(autocomplete="username")


class NewPasswordForm(PlainErrors, forms.Form):
    """The service that takes it checks how strong it is."""

    password = PasswordField(new=True, label="New password")


class ConfirmForm(forms.Form):
    """Asks who is already signed in for the password once more; wrong ones count as at sign-in."""

    password = PasswordField()

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_password(self) -> str:
        return self._own(self.cleaned_data["password"])

    def _own(self, given: str) -> str:
        email = self.request.user.get_username()
        if authenticate(self.request, username=email, password=given) is None:
            raise forms.ValidationError("This is not your password")
        return given


class ChangePasswordForm(ConfirmForm):
    old_password = PasswordField(label="Your password now")
    password = PasswordField(new=True, label="New password")
    field_order = ("old_password", "password")

    def clean_old_password(self) -> str:
        return self._own(self.cleaned_data["old_password"])

    def clean_password(self) -> str:
        """The service that takes it checks how strong it is."""
        return str(self.cleaned_data["password"])


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code",
        max_length=20,
        widget=forms.TextInput(
            {
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "size": 10,
                "spellcheck": "false",
            }
        ),
        error_messages={"required": "Enter the 6 numbers that the app shows"},
    )

    def clean_code(self) -> str:
        """People type 123 456."""
        return "".join(self.cleaned_data["code"].split())


class RecoveryForm(forms.Form):
    code = forms.CharField(
        label="Recovery code",
        help_text="16 letters and numbers, like CDFG-2346-HJKM-79QR",
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "size": 20, "spellcheck": "false"}),
        error_messages={"required": "Enter one of your recovery codes"},
    )
