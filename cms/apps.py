from django.apps import AppConfig


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = "Public site and directory"

    def ready(self) -> None:
        from . import receivers  # noqa: F401  connects them
