from typing import Any

from django.core.management.base import BaseCommand, CommandError

from waymark import app_role


class Command(BaseCommand):
    help = "Set the rights of the role that web and worker use; run as the owner after migrate."

    def handle(self, **options: Any) -> None:
        try:
            app_role.grant()
        except PermissionError as error:
            raise CommandError(str(error)) from error
        append_only = ", ".join(app_role.APPEND_ONLY)
        self.stdout.write(f"{app_role.NAME} may read and write, and only add to {append_only}.")
