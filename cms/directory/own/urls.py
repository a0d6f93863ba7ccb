"""Signed in only, and away from `/directory/`, whose pages are kept for everybody to read."""

from django.urls import path

from . import record_views, views

app_name = "own"
urlpatterns = [
    path("", views.services, name="services"),
    path("new/", views.new, name="new"),
    path("provider/<uuid:pk>/", record_views.provider, name="provider"),
    path("provider/<uuid:pk>/take-back/", record_views.take_back_provider, name="provider_back"),
    path("place/<uuid:pk>/", record_views.place, name="place"),
    path("place/<uuid:pk>/take-back/", record_views.take_back_place, name="place_back"),
    path("<uuid:pk>/", views.service, name="service"),
    path("<uuid:pk>/preview/", views.preview, name="preview"),
    path("<uuid:pk>/now/", views.today, name="today"),
    path("<uuid:pk>/still-right/", views.still_right, name="still_right"),
    path("<uuid:pk>/new-place/", record_views.new_place, name="new_place"),
    path("<uuid:pk>/send/", views.send, name="send"),
    path("<uuid:pk>/take-back/", views.take_back, name="take_back"),
    path("<uuid:pk>/<slug:code>/", views.section, name="section"),
]
