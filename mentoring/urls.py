from django.urls import include, path

from casework.urls import case_urls

from .models import Match, Mentor
from .views import matches, mentors, proposals, sessions

app_name = "mentoring"

match_patterns = [
    path("", matches.matches, name="matches"),
    path("propose/<reference:reference>/", proposals.proposal, name="proposal"),
    path("propose/<reference:reference>/mentor/", proposals.propose, name="propose"),
    path("propose/<reference:reference>/agreed/", proposals.agreed, name="agreed"),
    path("keep-apart/<reference:reference>/", proposals.keep_apart, name="keep_apart"),
    path(
        "keep-apart/<reference:reference>/<uuid:pk>/end/",
        proposals.end_keep_apart,
        name="end_keep_apart",
    ),
    path("<reference:reference>/", matches.match, name="match"),
    path("<reference:reference>/contact/", sessions.contact, name="contact"),
    path("<reference:reference>/session/", sessions.log, name="log_session"),
    path("<reference:reference>/plan/", sessions.plan, name="plan_session"),
    path(
        "<reference:reference>/sessions/<uuid:pk>/correct/",
        sessions.correct,
        name="correct_session",
    ),
    *case_urls(Match, prefix="match_"),
]

mentor_patterns = [
    path("", mentors.mentors, name="mentors"),
    path("new/", mentors.add, name="add_mentor"),
    path("<reference:reference>/", mentors.mentor, name="mentor"),
    path("<reference:reference>/edit/", mentors.edit, name="edit_mentor"),
    path("<reference:reference>/level/", mentors.level, name="level"),
    path("<reference:reference>/checks/new/", mentors.add_check, name="add_check"),
    *case_urls(Mentor, prefix="mentor_"),
]

urlpatterns = [
    path("matches/", include(match_patterns)),
    path("mentors/", include(mentor_patterns)),
]
