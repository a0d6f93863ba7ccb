from django.apps import AppConfig


class WaymarkConfig(AppConfig):
    name = "waymark"
    verbose_name = "Waymark"

    def ready(self) -> None:
        from accounts.readiness import register
        from waymark import readiness

        register(readiness.numbers)
        register(readiness.programmes)
