from typing import Any

from wagtail.models import AbstractGroupApprovalTask, TaskState


class ReviewTask(AbstractGroupApprovalTask):
    """The editors' review: by somebody else than who sent it."""

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
        return states.exclude(workflow_state__requested_by=user)

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> Any:
        """Whatever page an approval comes from, it ends here."""
        if action_name == "approve" and task_state.workflow_state.requested_by_id == user.pk:
            return None
        return super().on_action(task_state, user, action_name, **kwargs)


def is_of(obj: Any, user: Any) -> bool:
    """Whether what waits for review was sent by this person."""
    state = obj.current_workflow_state
    return state is not None and state.requested_by_id == user.pk
