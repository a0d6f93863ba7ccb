from django.urls import include, path

from casework.urls import case_urls

from .models import Placement
from .views import checks, opportunities, people, placements

app_name = "pathways"

opportunity_patterns = [
    path("", opportunities.opportunities, name="opportunities"),
    path("new/", opportunities.edit, name="add_opportunity"),
    path("<uuid:pk>/", opportunities.opportunity, name="opportunity"),
    path("<uuid:pk>/edit/", opportunities.edit, name="edit_opportunity"),
]

placement_patterns = [
    path("", placements.placements, name="placements"),
    path("new/", placements.apply, name="apply"),
    path("<reference:reference>/", placements.placement, name="placement"),
    *case_urls(Placement, prefix="placement_"),
]

urlpatterns = [
    path("", people.overview, name="overview"),
    path("people/<reference:reference>/status/", people.status, name="status"),
    path("people/<reference:reference>/contact/", people.contact, name="contact"),
    path("people/<reference:reference>/ask-adviser/", people.ask_adviser, name="ask_adviser"),
    path("opportunities/", include(opportunity_patterns)),
    path("placements/", include(placement_patterns)),
    path("checks/", checks.checks, name="checks"),
    path("checks/<uuid:pk>/", checks.check, name="check"),
]
