from typing import Any

from wagtail.models import AbstractGroupApprovalTask, TaskState


class ReviewTask(AbstractGroupApprovalTask):
    """The editors' review: by somebody else than who sent it and who wrote it last."""

    class Meta:
        verbose_name = "review by the directory's editors"

    class Privacy:
        subject = "nobody"
        why = "Which group of people reviews."

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        if is_of(obj, user):
            return []
        actions: list[tuple[str, str, bool]] = super().get_actions(obj, user)
        return actions

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        states: Any = super().get_task_states_user_can_moderate(user, **kwargs)
        return states.exclude(workflow_state__requested_by=user).exclude(revision__user=user)

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> Any:
        """Whatever page an approval comes from, it ends here."""
        if action_name == "approve" and is_of(task_state.workflow_state.content_object, user):
            return None
        return super().on_action(task_state, user, action_name, **kwargs)


def is_of(obj: Any, user: Any) -> bool:
    """Whether what waits for review was sent by this person, or written last by them: what is
    approved is the newest draft."""
    state, draft = obj.current_workflow_state, obj.latest_revision
    if state is None:
        return False
    return user.pk in (state.requested_by_id, draft and draft.user_id)
