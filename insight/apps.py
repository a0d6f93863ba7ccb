from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "insight"
    verbose_name = "What works, for whom, where"

    def ready(self) -> None:
        from . import handing

        handing.register()
