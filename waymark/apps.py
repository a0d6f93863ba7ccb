from django.apps import AppConfig


class WaymarkConfig(AppConfig):
    name = "waymark"
    verbose_name = "Waymark"
