"""All pages of Waymark, and one plain view beside them."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Nothing but a view.")


urlpatterns = [path("plain/", plain, name="plain"), path("", include("waymark.urls"))]
handler400 = "waymark.errors.bad_request"
handler403 = "waymark.errors.forbidden"
handler404 = "waymark.errors.not_found"
handler500 = "waymark.errors.broken"
