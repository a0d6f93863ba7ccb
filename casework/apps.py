from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "casework"
    verbose_name = "The engine of cases"

    def ready(self) -> None:
        from accounts import handover

        from . import workload

        handover.register(handover.Source(workload.open_work, workload.hand_over))
