"""Signed in only, and away from `/directory/`, whose pages are kept for everybody to read."""

from django.urls import path

from . import views

app_name = "own"
urlpatterns = [
    path("", views.services, name="services"),
    path("new/", views.new, name="new"),
    path("<uuid:pk>/", views.service, name="service"),
    path("<uuid:pk>/preview/", views.preview, name="preview"),
    path("<uuid:pk>/now/", views.today, name="today"),
    path("<uuid:pk>/still-right/", views.still_right, name="still_right"),
    path("<uuid:pk>/send/", views.send, name="send"),
    path("<uuid:pk>/take-back/", views.take_back, name="take_back"),
    path("<uuid:pk>/<slug:code>/", views.section, name="section"),
]
