from django.conf import settings
from django.urls import include, path
from wagtail import urls as wagtail_urls

from waymark import health, style, work

handler400 = "waymark.errors.bad_request"
handler403 = "waymark.errors.forbidden"
handler404 = "waymark.errors.not_found"
handler500 = "waymark.errors.broken"

urlpatterns = [
    path("health/", health.health, name="health"),
    path("work/", work.my_work, name="work"),
    path("", include("referrals.urls")),
    path("", include("accounts.urls")),
    path("", include("mentoring.urls")),
    path("pathways/", include("pathways.urls")),
    path("insight/", include("insight.urls")),
    path("casework/", include("casework.urls")),
    path("editor/", include("cms.editor_urls")),
    path("our-services/", include("cms.directory.own.urls")),
]
if not settings.LIVE:
    urlpatterns += style.urlpatterns
urlpatterns += [
    path("", include("cms.urls")),
    path("", include(wagtail_urls)),
]
