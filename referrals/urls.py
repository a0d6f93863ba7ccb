from django.urls import include, path

from casework.urls import case_urls

from .models import Concern, Referral
from .views import case, compare, concerns, form, lists

app_name = "referrals"

referral_patterns = [
    path("", lists.referrals, name="list"),
    path("new/", form.new, name="new"),
    path("search/", lists.search, name="search"),
    path("<reference:reference>/", case.referral, name="referral"),
    path("<reference:reference>/form/<slug:code>/", form.section, name="section"),
    path("<reference:reference>/stopped/", form.stopped, name="stopped"),
    path("<reference:reference>/check/", form.check, name="check"),
    path("<reference:reference>/send-it/", form.send, name="send"),
    path("<reference:reference>/sent/", form.sent, name="sent"),
    path("<reference:reference>/delete/", form.delete, name="delete"),
    path("<reference:reference>/address/", case.address, name="address"),
    path("<reference:reference>/same/<reference:other>/", compare.compare, name="compare"),
    path("<reference:reference>/summary.pdf", case.summary, name="summary"),
    path("<reference:reference>/worried/", concerns.raise_concern, name="raise_concern"),
    *case_urls(Referral),
]

concern_patterns = [
    path("", lists.concerns, name="concerns"),
    path("<reference:reference>/", concerns.concern, name="concern"),
    path("<reference:reference>/add/", concerns.add, name="add_to_concern"),
    path("<reference:reference>/actions/<uuid:pk>/done/", concerns.tick_off, name="tick_off"),
    *case_urls(Concern, prefix="concern_"),
]

urlpatterns = [
    path("referrals/", include(referral_patterns)),
    path("concerns/", include(concern_patterns)),
]
