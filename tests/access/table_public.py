"""The access table's rows about public pages, the directory, its feed, and Wagtail's admin for editors."""

from tests.access.grammar import Family, Row, of, page

_ANYBODY = (
    "alex bea sid cora cleo sam sol sky dev max mia ada pru oz ivy ana bo ed adam half nobody stranger"
)
_PROFESSIONALS = "alex bea sid cora cleo sam sol sky dev max mia ada pru"
_PUBLIC_ONLY = {
    "s_open": _ANYBODY, "s_draft": "", "s_closed": "", "s_professional": "", "s_of_hidden": "",
}  # fmt: skip
SERVICES = Family(
    "service",
    # Only what is published and open is there; not even editors see a draft on the public site (security §2, 46).
    # What is for professionals only they see once they have shown their second factor.
    {
        "s_open": _ANYBODY, "s_draft": "", "s_closed": "", "s_professional": _PROFESSIONALS,
        "s_of_hidden": "",
    },
    kwargs=lambda stage, thing: {"slug": stage.keys[thing]},
    missing={"slug": "no-such-service"},
)
READ_BY_ALL = Family("service that anybody may read", _PUBLIC_ONLY, SERVICES.kwargs, SERVICES.missing)
FEED = Family(
    "service of the feed",
    _PUBLIC_ONLY,
    kwargs=lambda stage, thing: {"name": "services", "key": stage.keys[f"{thing}_pk"]},
    missing={"name": "services", "key": "00000000-0000-4000-8000-000000000000"},
)
REMINDERS = Family(
    "letter about a service",
    # Its link cannot be guessed and goes to the mailbox of the provider alone, who wrote what it shows: also of
    # what is for professionals only. How to refer is not on that page.
    {**_PUBLIC_ONLY, "s_professional": _ANYBODY},
    kwargs=lambda stage, thing: {"pk": stage.keys[f"{thing}_letter"]},
    missing={"pk": "00000000-0000-4000-8000-000000000000"},
)
# One with a service that anybody may read; one whose only service is hidden with it.
PROVIDERS = Family(
    "provider",
    {"p_open": _ANYBODY, "p_hidden": ""},
    kwargs=lambda stage, thing: {"pk": stage.keys[thing]},
    missing={"pk": "00000000-0000-4000-8000-000000000000"},
)
directory = [
    page("directory:search", GET="200 *", queries=["?q=owl", "?cost=free", "?sort=nonsense"], public=True),
    page("directory:shortlist", GET="200 *", queries=["?service=owl-club", "?service=%00"], public=True),
    page("directory:missing", GET="200 *", POST="200 *", public=True),
    page("directory:missing_told", GET="200 *", public=True),
    page("directory:embed_builder", GET="200 *", queries=["?place=Arnold&rows=5", "?rows=x"], public=True),
    page("embed", GET="200 *", queries=["?cost=free&rows=3", "?need=zzz"], public=True),
    page("directory:need", GET="404 *", extra={"sign": "zz9"}, public=True),
    page("directory:place", GET="200 *", extra={"slug": "nottingham"}, public=True),
    of(SERVICES, "directory:service", GET={"*": "200 *"}, public=True),
    of(REMINDERS, "directory:still_right", GET={"*": "200 *"}, POST={"*": "302 *"}, public=True),
    of(READ_BY_ALL, "directory:suggest", GET={"*": "200 *"}, POST={"*": "200 *"}, public=True),
    of(READ_BY_ALL, "directory:suggested", GET={"*": "200 *"}, public=True),
    of(READ_BY_ALL, "directory:useful", GET={"*": "200 *"}, POST={"*": "200 *"}, public=True),
    of(READ_BY_ALL, "directory:useful_told", GET={"*": "200 *"}, public=True),
    of(PROVIDERS, "directory:provider", GET={"*": "200 *"}, public=True),
    of(PROVIDERS, "directory:claim", GET={"*": "200 *"}, POST={"*": "200 *"}, public=True),
    of(PROVIDERS, "directory:claimed", GET={"*": "200 *"}, public=True),
    page("robots", GET="200 *", public=True),
    page("sitemap", GET="200 *", public=True),
    page(
        "django.contrib.sitemaps.views.sitemap",
        GET="200 *", extra={"section": "services"}, public=True,
    ),
    page("oruk:root", GET="200 *", public=True),
    page("oruk:openapi", GET="200 *", public=True),
    page("oruk:list", GET="200 *", extra={"name": "services"}, public=True),
    of(FEED, "oruk:detail", GET={"*": "200 *"}, public=True),
    page("oruk:status", GET="200 *", public=True),
    page("oruk:nothing", GET="404 *", extra={"rest": "v2/services"}, public=True),
]
# oz administers Northside, whose services they keep; those of another organisation are not there.
OURS = Family(
    "service of ours",
    {"s_ours": "oz", "s_theirs": "", "s_open": ""},
    kwargs=lambda stage, thing: {"pk": stage.keys[f"{thing}_pk"]},
    missing={"pk": "00000000-0000-4000-8000-000000000000"},
    barred="alex bea sid cora cleo sam sol sky dev max mia ada pru ivy ana bo ed adam",
)
OUR_PROVIDERS = Family(
    "provider of ours",
    {"p_ours": "oz", "p_theirs": "", "p_open": ""},
    kwargs=lambda stage, thing: {"pk": stage.keys[thing]},
    missing=OURS.missing,
    barred=OURS.barred,
)
OUR_PLACES = Family(
    "place of ours",
    {"l_ours": "oz", "l_theirs": ""},
    kwargs=lambda stage, thing: {"pk": stage.keys[thing]},
    missing=OURS.missing,
    barred=OURS.barred,
)
_SECTIONS = (
    "about", "who-for", "getting-help", "refer", "when", "where", "cost", "languages", "contact", "dates"
)  # fmt: skip
ours = [
    page("own:services", GET="200 oz"),
    page("own:new", GET="200 oz", POST="200 oz"),
    of(OURS, "own:service", GET={"*": "200 *"}, whole=True),
    of(OURS, "own:new_place", GET={"*": "200 *"}, POST={"*": "200 *"}),
    of(OUR_PROVIDERS, "own:provider", GET={"*": "200 *"}, POST={"*": "200 *"}),
    of(OUR_PROVIDERS, "own:provider_back", POST={"*": "302 *"}),
    of(OUR_PLACES, "own:place", GET={"*": "200 *"}, POST={"*": "200 *"}, whole=True),
    of(OUR_PLACES, "own:place_back", POST={"*": "302 *"}),
    of(OURS, "own:preview", GET={"*": "200 *"}),
    of(OURS, "own:today", GET={"*": "200 *"}, POST={"*": "in *"}),
    of(OURS, "own:still_right", POST={"*": "302 *"}),
    of(OURS, "own:send", POST={"*": "302 *"}),
    of(OURS, "own:take_back", POST={"*": "302 *"}),
    *(
        of(OURS, "own:section", GET={"*": "200 *"}, POST={"*": "in *"}, extra={"code": code})
        for code in _SECTIONS
    ),
]
# Wagtail's own doors stand in its list of URLs, behind the pages' own: nothing answers there.
_RESTRICTED = {"page_view_restriction_id": 1, "page_id": 1}
pages = [
    page("wagtail_serve", GET="200 *", path="/", public=True),
    page("wagtail_serve", GET="404 *", path="/no-such-page/", public=True),
    page("wagtailcore_login", GET="404 *", POST="404 *", public=True),
    page(
        "wagtailcore_authenticate_with_password",
        GET="404 *", POST="404 *", extra=_RESTRICTED, public=True,
    ),
]  # fmt: skip


def _editor(path: str, status: int = 200, **options: str) -> Row:
    return page("editor/", GET=f"{status} ed", path=f"/editor/{path}", **options)


NOBODY = "00000000-0000-4000-8000-000000000000"
_REPORTS = (
    "state-of-the-directory", "state-by-provider", "searches-that-found-nothing", "waiting-for-review", "broken-paths",
    "safeguarding-numbers",
)  # fmt: skip
_WAITS = ("imports/", "imports/held/", "imports/changed/", "imports/gone/", "duplicates/")
_DECIDE = (
    "imports/start/{}", "imports/held/{}", "imports/changed/{}/decide", "imports/gone/{}",
    "duplicates/{}/decide", "suggestions/{}/accept",
)  # fmt: skip
_ONE = ("reports/waiting-for-review", "imports", "imports/changed", "duplicates")
# For directory editors alone, behind the second factor; no door, no user, no group, no file of its own.
editor = [
    _editor(""),
    _editor("pages/"),
    _editor("snippets/cms/service/"),
    _editor("snippets/cms/service/add/"),
    _editor("snippets/cms/provider/"),
    *(_editor(f"reports/{name}/{tail}") for name in _REPORTS for tail in ("", "results/")),
    *map(_editor, _WAITS),
    *(_editor(f"{path}/{NOBODY}/", 404) for path in _ONE),
    _editor(f"snippets/cms/suggestion/edit/{NOBODY}/", 404),
    _editor(f"snippets/cms/claim/edit/{NOBODY}/", 404),
    _editor("snippets/cms/synonym/add/"),
    *(page("editor/", POST="404 ed", path=f"/editor/{path.format(NOBODY)}/") for path in _DECIDE),
    *(_editor(f"{path}/", 404) for path in ("users", "groups", "account", "password_reset", "images")),
    *(_editor(f"{path}/", 404) for path in ("documents", "redirects", "sites", "collections")),
    _editor("users/add/", 404),
    _editor("api/main/images/", 404),
    page("editor/", POST="302 ed", path="/editor/reports/safeguarding-numbers/still-right/"),
    page("editor/", GET="302 ed", path="/editor/login/", opens_doors=True),
]
PUBLIC_ROWS: list[Row] = [*directory, *ours, *pages, *editor]
