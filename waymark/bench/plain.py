"""Waymark as granian serves it for a benchmark: with a plain view that is public."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from accounts import public

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waymark.settings")
public.PUBLIC = public.PUBLIC | {"plain"}  # before the middleware reads it
settings.ROOT_URLCONF = "waymark.bench.plain_urls"
application = get_wsgi_application()
