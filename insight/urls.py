from django.urls import path

from . import views

app_name = "insight"

urlpatterns = [
    path("", views.insight, name="insight"),
    path("needs/", views.needs, name="needs"),
    path("needs/needs.pdf", views.needs_pdf, name="needs_pdf"),
    path("needs/weights/", views.weights, name="weights"),
    path("needs/<str:code>/", views.needs_of, name="needs_of"),
]
