"""Django's own settings, derived from the platform's. Nothing is decided here that a city might want otherwise."""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from psycopg.conninfo import conninfo_to_dict

from simos.app.django_accounts import *  # noqa: F403
from simos.app.django_accounts import APPS as ACCOUNT_APPS
from simos.app.django_accounts import FORMS_LEAD_TO
from simos.app.django_content import *  # noqa: F403
from simos.app.django_content import APPS as CONTENT_APPS
from simos.app.django_office import *  # noqa: F403
from simos.app.django_office import APPS as OFFICE_APPS
from simos.app.django_office import BACKEND as OFFICE_BACKEND
from simos.app.django_office import MIDDLEWARE as OFFICE_MIDDLEWARE
from simos.app.django_office import WORDS as OFFICE_WORDS
from simos.app.settings import settings
from simos.kernel.registry import installed_modules
from simos.kernel.text import LANGUAGES as LANGUAGE_CODES

SIMOS = settings()

SECRET_KEY = SIMOS.secret("django.key")
DEBUG = SIMOS.debug
ALLOWED_HOSTS = SIMOS.hosts


def _database() -> dict[str, Any]:
    if not SIMOS.database_url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": SIMOS.register_file,
            "OPTIONS": {
                # IMMEDIATE: a transaction that will write waits for its turn instead of failing half-way.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    parts = conninfo_to_dict(SIMOS.database_url)
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{django: str(parts.pop(libpq, "")) for django, libpq in names.items()},
        "OPTIONS": {**parts, "application_name": "simos-register"},
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "platform_people.Account"
AUTHENTICATION_BACKENDS.insert(1, OFFICE_BACKEND)  # noqa: F405  # after the lock-out, before all that know permissions

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    *ACCOUNT_APPS,
    "simos.platform.scopes",
    "simos.platform.people",
    "simos.platform.access",
    "simos.platform.audit",
    "simos.platform.jobs",
    "simos.platform.events",
    "simos.platform.places",
    "simos.platform.search",
    "simos.platform.tokens",
    "simos.platform.procedure",
    "simos.platform.files",
    "simos.platform.messages",
    "simos.platform.privacy",
    "simos.platform.indicators",
    "simos.platform.things",
    "simos.web",
    *OFFICE_APPS,
    "simos.web.api",
    *(each.package for each in installed_modules() if each.has("apps")),
    *CONTENT_APPS,  # last: templates of ours go before theirs
]

MIDDLEWARE = [
    "simos.web.visitors.VisitorMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "simos.web.headers.HeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simos.web.actors.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simos.web.problems.ProblemMiddleware",
    *OFFICE_MIDDLEWARE,
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "simos.app.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "simos.web.pages.framed",
            ]
        },
    }
]

LANGUAGE_CODE = LANGUAGE_CODES[0]
LOCALE_PATHS.append(OFFICE_WORDS)  # noqa: F405
_NAMES = {"sl": "Slovenščina", "en": "English", "it": "Italiano", "hu": "Magyar"}
LANGUAGES = [(code, _NAMES[code]) for code in LANGUAGE_CODES if code != "hu"]
USE_I18N = True
FORMAT_MODULE_PATH = ["simos.web.formats"]
USE_TZ = True
TIME_ZONE = "Europe/Ljubljana"

STATIC_URL = "/static/"
STATIC_ROOT = SIMOS.home / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # files are found where they lie; WhiteNoise wants the folder
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = SIMOS.debug
WHITENOISE_MAX_AGE = 3600

FILES_ROOT: Path = SIMOS.home / "files"
"""Files of people's matters: read through `simos.platform.files` only."""
MEDIA_ROOT: Path = SIMOS.home / "media"
MEDIA_URL = "/media/"
"""Pictures and documents that editors publish: anybody may read them."""

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF, *FORMS_LEAD_TO],
        "frame-ancestors": [NONE],
    }
}
PAGES_ARE_KEPT = True
"""Homes are made once a second for all visitors; tests, which change what they show, make each anew."""
MAP_FILE, MAP_STYLE = SIMOS.map_file, SIMOS.map_style
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "simos.web.problems.csrf_failure"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
USE_X_FORWARDED_HOST = False
SIMOS_RATE_API = SIMOS.rate_api
SIMOS_RATE_FORMS = SIMOS.rate_forms
CSRF_TRUSTED_ORIGINS = [SIMOS.public_url] if SIMOS.public_url else []

LOGGING_CONFIG = None  # the process that starts Django has set up logging: simos.app.logs
