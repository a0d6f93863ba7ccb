from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"
    verbose_name = "Referrals and concerns"

    def ready(self) -> None:
        from casework import letters, timeline
        from casework.models.notes import Band

        from .letters import LETTERS

        letters.register(LETTERS)
        timeline.register({"tick_off": "ticked off an agreed action"})
        timeline.register({"keep_contact": "wrote down a contact"})
        timeline.register({"compare": "compared it with another referral"}, band=Band.SENSITIVE)
