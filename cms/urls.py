"""Addresses of the public site. The editors' pages come last: they take every path left."""

from django.contrib.sitemaps.views import index, sitemap
from django.urls import include, path, re_path
from wagtail.urls import serve_pattern
from wagtail.views import serve

from .directory import (
    browsing,
    claiming,
    embedding,
    feed_status,
    missing,
    outside,
    shortlist,
    still_right,
    suggesting,
    useful,
    views,
)
from .directory.oruk import views as oruk

directory = [
    path("", views.search, name="search"),
    path("still-right/<uuid:pk>/", still_right.still_right, name="still_right"),
    path("embed/", embedding.build, name="embed_builder"),
    path("need/<slug:sign>/", browsing.need, name="need"),
    path("place/<slug:slug>/", browsing.place, name="place"),
    path("my/list/", shortlist.shortlist, name="shortlist"),
    path("my/missing/", missing.missing, name="missing"),
    path("my/missing/thank-you/", missing.told, name="missing_told"),
    path("by/<uuid:pk>/yours/", claiming.claim, name="claim"),
    path("by/<uuid:pk>/yours/thank-you/", claiming.claimed, name="claimed"),
    path("by/<uuid:pk>/", views.provider, name="provider"),
    path("<slug:slug>/", views.service, name="service"),
    path("<slug:slug>/wrong/", suggesting.suggest, name="suggest"),
    path("<slug:slug>/useful/", useful.useful, name="useful"),
    path("<slug:slug>/useful/thank-you/", useful.told, name="useful_told"),
    path("<slug:slug>/wrong/thank-you/", suggesting.suggested, name="suggested"),
]
# No trailing slash by the standard; one is answered too. No HTML under /oruk/, not even for a slip.
feed = [
    re_path(r"^v3/?$", oruk.root, name="root"),
    re_path(r"^v3/openapi\.json$", oruk.openapi, name="openapi"),
    re_path(r"^v3/(?P<name>[a-z_]+)/?$", oruk.listing, name="list"),
    re_path(r"^v3/(?P<name>[a-z_]+)/(?P<key>[^/]+)/?$", oruk.detail, name="detail"),
    path("status", feed_status.status, name="status"),
    re_path(r"^(?P<rest>.*)$", oruk.nothing, name="nothing"),
]
public_urlpatterns = [
    path("robots.txt", outside.robots, name="robots"),
    path("sitemap.xml", index, {"sitemaps": outside.SITEMAPS}, name="sitemap"),
    path(
        "sitemap-<section>.xml",
        sitemap,
        {"sitemaps": outside.SITEMAPS},
        name="django.contrib.sitemaps.views.sitemap",
    ),
    path("embed/", embedding.embed, name="embed"),
    path("directory/", include((directory, "directory"))),
    path("oruk/", include((feed, "oruk"))),
]
page_urlpatterns = [re_path(serve_pattern, serve, name="wagtail_serve")]
urlpatterns = public_urlpatterns + page_urlpatterns
