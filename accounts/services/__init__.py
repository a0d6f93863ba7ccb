"""What is done to people, roles and their means of signing in. `by` is who does it; None is the
system itself, at setup and in the demo."""

from .duty import drop_shift, plan_duty
from .memberships import (
    WorkRemains,
    end_cover,
    end_membership,
    end_what_has_run_out,
    grant,
    set_cover,
    successors,
)
from .organisations import save_agreement, save_organisation
from .passwords import (
    ask_for_new_email,
    ask_for_reset,
    change_password,
    confirm_new_email,
    reset_password,
    reset_token,
)
from .people import (
    accept_invitation,
    add_person,
    deactivate,
    invite,
    issue_link,
    reactivate,
    revoke_invitation,
    send_again,
    set_first_password,
)

__all__ = [
    "WorkRemains",
    "accept_invitation",
    "add_person",
    "ask_for_new_email",
    "ask_for_reset",
    "change_password",
    "confirm_new_email",
    "deactivate",
    "drop_shift",
    "end_cover",
    "end_membership",
    "end_what_has_run_out",
    "grant",
    "invite",
    "issue_link",
    "plan_duty",
    "reactivate",
    "reset_password",
    "reset_token",
    "revoke_invitation",
    "save_agreement",
    "save_organisation",
    "send_again",
    "set_cover",
    "set_first_password",
    "successors",
]
