#!/usr/bin/env python
"""Django's command line for Waymark. See WAYMARK_MODE in waymark/settings.py."""

import os
import sys

try:
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
except ModuleNotFoundError:
    sys.exit("`make run` builds what this needs. Then: .venv/bin/python manage.py …")

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waymark.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as missing:
        sys.exit(f"{missing} With the demo that `make run` serves: WAYMARK_MODE=demo")
