from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People, organisations and areas"

    def ready(self) -> None:
        from accounts import access, readiness, sessions  # noqa: F401  they listen to sign-in
