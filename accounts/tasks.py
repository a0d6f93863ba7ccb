"""What the queue calls. Each may run twice and looks before it acts."""

import logging
import uuid

from django.db import transaction
from django.urls import reverse

from accounts import letters, limits, services, submissions
from accounts.clock import now
from accounts.models import Invitation, Session, User
from accounts.services.passwords import may_be_mailed, new_email_token

log = logging.getLogger("waymark.letters")


def send_invitation(pk: str) -> None:
    """Make the link and send it, unless it is no longer wanted. A failure shows on the page.

    The row stays locked until the letter is out: a second link, made by the sweep meanwhile, would
    kill the first one under way.
    """
    failure = None
    with transaction.atomic():
        waiting = Invitation.objects.to_send().filter(pk=uuid.UUID(pk))
        invitation = waiting.select_for_update(of=("self",), skip_locked=True).first()
        if invitation is None:
            return
        token = services.issue_link(invitation=invitation)
        path = reverse("accounts:open_invitation", args=[token])
        try:
            letters.send(letters.INVITATION, to=invitation.user.email, path=path)
        except letters.NotSent as error:  # the attempt is kept all the same
            failure = error
        else:
            Invitation.objects.filter(pk=invitation.pk).update(sent_at=now())
    if failure:
        raise failure


def send_reset(pk: str) -> None:
    """A link for a new password; nothing when the id is nobody's (`services.ask_for_reset`)."""
    user = User.objects.filter(pk=uuid.UUID(pk)).first()
    if user and may_be_mailed(user):
        path = reverse("accounts:open_reset", args=[user.pk, services.reset_token(user)])
        letters.send(letters.RESET, to=user.email, path=path)


def send_new_email_link(pk: str) -> None:
    user = User.objects.filter(pk=uuid.UUID(pk), is_active=True).exclude(pending_email="").first()
    if user and not User.objects.filter(email=user.pending_email).exists():
        path = reverse("accounts:confirm_email", args=[new_email_token(user)])
        letters.send(letters.NEW_EMAIL, to=user.pending_email, path=path)


def send_notice(pk: str, kind: str) -> None:
    user = User.objects.filter(pk=uuid.UUID(pk)).first()
    if user:
        letters.send(letters.NOTICES[kind], to=user.email)


def sweep() -> None:
    """Every few minutes: letters that did not go out; roles, counts, forms and sessions that are
    over."""
    for pk in Invitation.objects.to_send().filter(attempts__lt=10).values_list("pk", flat=True):
        try:
            send_invitation(str(pk))
        except letters.NotSent as error:  # one bad address must not stop the rest
            log.warning("invitation %s could not be sent: %s", pk, error)
    limits.forget()
    submissions.forget()
    Session.objects.filter(expire_date__lt=now()).delete()
    services.end_what_has_run_out()
