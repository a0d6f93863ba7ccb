from django.urls import path

from . import action_pages, views

app_name = "insight"

urlpatterns = [
    path("", views.insight, name="insight"),
    path("needs/", views.needs, name="needs"),
    path("needs/needs.pdf", views.needs_pdf, name="needs_pdf"),
    path("needs/weights/", views.weights, name="weights"),
    path("needs/actions/", action_pages.actions, name="actions"),
    path("needs/actions/add/", action_pages.add_action, name="add_action"),
    path("needs/actions/<uuid:pk>/", action_pages.action, name="action"),
    path("needs/actions/<uuid:pk>/change/", action_pages.change_action, name="change_action"),
    path("needs/<slug:code>/", views.needs_of, name="needs_of"),
    path("needs/<slug:code>/needs.pdf", views.needs_of_pdf, name="needs_of_pdf"),
]
