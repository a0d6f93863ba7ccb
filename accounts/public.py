"""The public list: every URL name that answers people who have not signed in.

Everything else asks for sign-in and, of those who need it, the second factor. A test pins this set,
so that a page becomes public on purpose only. Static files are served before any of this.
"""

PUBLIC: frozenset[str] = frozenset(
    {
        # Doors
        "accounts:sign_in",
        "accounts:sign_out",
        "accounts:ask_reset",
        "accounts:reset_asked",
        "accounts:open_reset",
        "accounts:reset_password",
        "accounts:open_invitation",
        "accounts:accept_invitation",
        # The public site, the directory and its feed
        "directory:search",
        "directory:service",
        "directory:provider",
        "directory:shortlist",
        "directory:missing",
        "directory:missing_told",
        "directory:embed_builder",
        "directory:need",
        "directory:place",
        "embed",
        "directory:still_right",
        "directory:suggest",
        "directory:suggested",
        "directory:claim",
        "directory:claimed",
        "directory:useful",
        "directory:useful_told",
        "robots",
        "sitemap",
        "django.contrib.sitemaps.views.sitemap",
        "oruk:root",
        "oruk:openapi",
        "oruk:list",
        "oruk:detail",
        "oruk:status",
        "oruk:nothing",
        "wagtail_serve",
        # The machine
        "health",
        "style",  # routed in demo and test mode only
    }
)

# Open to somebody whose password was right but who has not yet shown the second factor.
BEFORE_SECOND_FACTOR: frozenset[str] = frozenset(
    {
        "accounts:verify",
        "accounts:recover",
        "accounts:enrol",
        "accounts:confirm",
    }
)

# Open to somebody who is signed in but holds no role at the moment.
WITHOUT_ROLE: frozenset[str] = frozenset(
    {
        "accounts:account",
        "accounts:change_password",
    }
)
