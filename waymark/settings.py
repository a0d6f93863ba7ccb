"""Settings of Waymark, all from the environment and safe by default (DESIGN §5).

WAYMARK_MODE       live (default), demo (`make run`) or test (pytest). Live refuses to start without
                   DATABASE_URL and SECRET_KEY.
DATABASE_URL       postgres://… ; unset: the embedded PostgreSQL in var/postgres (trials, tests).
SECRET_KEY         signs sessions and queued tasks; drain the queue before it changes.
WAYMARK_HOSTS      host names that may be asked for, separated by commas.
WAYMARK_PROXIES    how many reverse proxies stand in front (0): so far X-Forwarded-For is trusted.
EMAIL_URL          smtp://user:password@host:587 ; unset: mail is written to var/mail.
WAYMARK_MONITOR    token with which a monitor may read the figures of /health/.
"""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

VERSION = "0.1.0"
BASE = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("WAYMARK_VAR", BASE / "var"))
VAR.mkdir(parents=True, exist_ok=True)

# pytest sets PYTEST_VERSION in its own process and so in all that it starts.
UNSAID_MODE = "test" if "PYTEST_VERSION" in os.environ else "live"
WAYMARK_MODE = os.environ.get("WAYMARK_MODE", UNSAID_MODE)
if WAYMARK_MODE not in {"live", "demo", "test"}:
    raise ImproperlyConfigured("WAYMARK_MODE is live, demo or test.")
LIVE = WAYMARK_MODE == "live"
DEMO = WAYMARK_MODE == "demo"
DEBUG = False


def _secret_key() -> str:
    if key := os.environ.get("SECRET_KEY"):
        return key
    if LIVE:
        raise ImproperlyConfigured("Live mode needs SECRET_KEY in the environment.")
    kept = VAR / "secret-key"
    if not kept.exists():
        kept.write_text(secrets.token_urlsafe(48))
        kept.chmod(0o600)
    return kept.read_text()


def _database_url() -> str:
    if url := os.environ.get("DATABASE_URL"):
        if DEMO:
            raise ImproperlyConfigured(
                "Demo mode shows one-time codes on the sign-in page, so it refuses DATABASE_URL."
            )
        return url
    if LIVE:
        raise ImproperlyConfigured("Live mode needs DATABASE_URL in the environment.")
    from waymark import embedded

    return embedded.database_url()


SECRET_KEY = _secret_key()
DATABASES: dict[str, Any] = {
    "default": {
        **dj_database_url.parse(_database_url(), engine="waymark.postgresql"),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
}
# A lock that is not had in five seconds is a lost race with a friendly page, not a hanging one.
# No page asks anything that compiling it would make faster.
# What a connection has asked five times is planned once: planning took as long as answering.
DATABASES["default"].setdefault("OPTIONS", {}).update(
    options="-c lock_timeout=5s -c jit=off", server_side_binding=True, prepare_threshold=5
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ALLOWED_HOSTS = (
    os.environ.get("WAYMARK_HOSTS", "").split(",")
    if LIVE
    else ["localhost", "127.0.0.1", "testserver"]
)
MONITOR_TOKEN = os.environ.get("WAYMARK_MONITOR", "")
WAYMARK_PROXIES = int(os.environ.get("WAYMARK_PROXIES", "0"))

INSTALLED_APPS = [
    "waymark",
    "insight",
    "pathways",
    "mentoring",
    "referrals",
    "casework",
    "cms",
    "accounts",
    "wagtail.contrib.settings",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.forms",  # its templates, which ours stand before
    "django_otp",
    "django_otp.plugins.otp_totp",
    "axes",
    "csp",
    "django_q",
]
MIDDLEWARE = [
    "waymark.page_cache.PublicPageCache",
    "waymark.page_cache.PublicPageGZip",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "accounts.middleware.ReadableQueryMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "accounts.middleware.SessionLimitsMiddleware",
    "accounts.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.middleware.PrivatePagesMiddleware",
    "casework.middleware.LostRaceMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "waymark.urls"
WSGI_APPLICATION = "waymark.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "waymark" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "waymark.context.site",
            ],
            "builtins": ["waymark.templatetags.design"],
            **({"string_if_invalid": "UNDEFINED(%s)"} if WAYMARK_MODE == "test" else {}),
        },
    }
]
FORM_RENDERER = "accounts.widgets.Renderer"

# People and sessions -------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.StandingBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.password_rules.PaddedPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if WAYMARK_MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "work"
LOGOUT_REDIRECT_URL = "/"
SESSION_ENGINE = "accounts.session_store"
PASSWORD_RESET_TIMEOUT = 60 * 60
SESSION_IDLE_SECONDS = 30 * 60
SESSION_ABSOLUTE_SECONDS = 10 * 60 * 60
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "waymark.errors.csrf"

AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "username"
AXES_CLIENT_IP_CALLABLE = "accounts.visitors.address"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # going on trying does not lock for longer
AXES_DISABLE_ACCESS_LOG = True  # who came in is in the log of `waymark.access`, by id
AXES_LOCKOUT_CALLABLE = "accounts.views.locked_out"
AXES_SENSITIVE_PARAMETERS = ["username", "password"]
AXES_VERBOSE = False
OTP_TOTP_ISSUER = "Waymark"

# Headers -------------------------------------------------------------------------------------
if LIVE:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 63_072_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrf"
    if WAYMARK_PROXIES:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/editor/"],
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}

# Words, times, files -------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a missing folder
STATICFILES_DIRS = [BASE / "waymark" / "frontend" / "build"]
MEDIA_URL = "media/"
MEDIA_ROOT = VAR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if WAYMARK_MODE == "test"
        else "waymark.static_files.StaticFiles"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # nothing asks for the others: half the work
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000

# The queue only wakes; the outbox in PostgreSQL is the truth (security reference §5) ----------
Q_CLUSTER: dict[str, Any] = {
    "name": "waymark",
    "orm": "default",
    "workers": 2,
    "timeout": 60,
    "retry": 600,
    "max_attempts": 5,
    "queue_limit": 4,
    "bulk": 1,
    "catch_up": False,
    "save_limit": 250,
    "ack_failures": False,
    "poll": 1,
}
LOCMEM = "django.core.cache.backends.locmem.LocMemCache"
CACHES = {
    "default": {"BACKEND": LOCMEM},
    "pages": {"BACKEND": LOCMEM, "LOCATION": "pages", "OPTIONS": {"MAX_ENTRIES": 500}},
}
# How old a public page may be that is shown from memory: what an editor takes off is gone then.
PAGES_KEPT_SECONDS = 0 if WAYMARK_MODE == "test" else 10
# How old the names in a page's head may be: none in tests, which count the queries of a page.
NAMES_KEPT_SECONDS = 1e-9 if WAYMARK_MODE == "test" else 5
# How old the figures behind the alarms in a page's head may be: none in tests, which count the
# queries of a page, and there only My work has alarms.
ALARMS_KEPT_SECONDS = 0 if WAYMARK_MODE == "test" else 10
# How long searches wait in memory before they are counted; a test has them counted when it asks.
DEMAND_WAITS_SECONDS = 0 if WAYMARK_MODE == "test" else 60

# Mail ----------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = os.environ.get("WAYMARK_FROM", "Waymark <no-reply@waymark.invalid>")
if url := os.environ.get("EMAIL_URL"):
    parts = urlsplit(url)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = parts.hostname, parts.port or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = (
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )
    EMAIL_USE_TLS = parts.port == 587
    EMAIL_TIMEOUT = 20
elif WAYMARK_MODE == "test":
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR / "mail"

# Logs carry times, routes and codes, never query strings, names or bodies ---------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "waymark.logs.Line",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"waymark": {"level": "INFO"}, "axes": {"level": "ERROR"}},
}

# Wagtail -------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Waymark"
WAGTAILADMIN_BASE_URL = os.environ.get("WAYMARK_BASE_URL", "http://localhost:8000")
BASE_URL = WAGTAILADMIN_BASE_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_LOGIN_URL = "accounts:sign_in"
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILDOCS_EXTENSIONS = ["pdf"]

OTP_SHOWN_ON_SIGN_IN = DEMO
DEMO_PASSWORD = "three-marigold-arrows" if DEMO else ""  # of every invented person
SILENCED_SYSTEM_CHECKS: list[str] = []
