from django.apps import AppConfig


class PathwaysConfig(AppConfig):
    name = "pathways"
    verbose_name = "Education, training and work"

    def ready(self) -> None:
        from casework import checks, letters, timeline, workflow
        from referrals.services import working
        from referrals.views import tabs

        from . import handing, services, tab
        from .letters import LETTERS, NOTES

        letters.register(LETTERS)
        timeline.register(NOTES)
        working.keep_adviser_while(services.is_still_placed)
        workflow.follow("referral", services.follow)
        checks.register(services.lost_checks)
        tabs.register(tab.EDUCATION)
        handing.register()
