"""Waymark as granian serves it for a benchmark: all of it, and one plain view beside it."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from accounts import public

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waymark.settings")


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Nothing but a view.")


urlpatterns = [path("plain/", plain, name="plain"), path("", include("waymark.urls"))]
handler400 = "waymark.errors.bad_request"
handler403 = "waymark.errors.forbidden"
handler404 = "waymark.errors.not_found"
handler500 = "waymark.errors.broken"

public.PUBLIC = public.PUBLIC | {"plain"}  # before the middleware reads it
settings.ROOT_URLCONF = __name__
application = get_wsgi_application()
