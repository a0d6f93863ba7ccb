from django.apps import AppConfig


class MentoringConfig(AppConfig):
    name = "mentoring"
    verbose_name = "Mentors and matches"

    def ready(self) -> None:
        from casework import letters, timeline, workflow
        from casework.models.notes import Band
        from referrals.models import Referral
        from referrals.views import tabs

        from .letters import LETTERS
        from .services.following import keep_in_step
        from .tab import TAB

        letters.register(LETTERS)
        timeline.register(
            {
                "keep_check": "wrote down a check",
                "check_runs_out": "told that a check runs out soon",
                "log_session": "wrote down a session",
                "plan_session": "planned a session",
                "two_misses": "told that two sessions in a row were missed",
                "referral.settle": "noted that the mentor and the young person both said yes",
                "referral.introduce": "introduced them to their mentor",
                "referral.activate": "began the match with their mentor",
                "agree_to_take_part": "wrote down that they agree to take part",
            }
        )
        apart = "wrote down who must not meet"
        timeline.register({"keep_apart": apart}, band=Band.SENSITIVE)
        timeline.register({"keep_apart_restricted": apart}, band=Band.SAFEGUARDING)
        workflow.follow(Referral.KIND, keep_in_step)
        tabs.register(TAB)
