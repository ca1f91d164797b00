"""Django's settings of the office: its app, its door, its content policy. Decides no rights: those are role grants."""

from pathlib import Path

from csp.constants import NONE, SELF, UNSAFE_INLINE

APPS = ["simos.web.office"]
MIDDLEWARE = ["simos.web.office.middleware.OfficeMiddleware"]
BACKEND = "simos.web.office.backend.OfficeBackend"

TASKS = {"default": {"BACKEND": "simos.platform.jobs.tasks.QueueBackend"}}
"""Wagtail's own tasks go through the work queue, like all that is done in the background."""
WORDS = str(Path(__file__).parents[1] / "web" / "office" / "words")
"""What Slovenian lacks in Wagtail's own catalogues; these go before all others."""
WAGTAILADMIN_LOGIN_URL = "account_login"

OF_WAGTAIL_LOCALIZE = [
    "'sha256-Zi6020hVNJQUtMOgLuIImaOaART6TyIrghPC9PESpjg='",
    "'sha256-AsyC4JKVSgB7An33cp7qI6rFhl2IuNzSHC7nwcqZVXY='",
]
"""The two scripts that stand in pages of wagtail-localize, by what they are. All others are files."""

OFFICE_CONTENT_SECURITY_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, *OF_WAGTAIL_LOCALIZE],
    "style-src": [SELF],
    "style-src-attr": [UNSAFE_INLINE],
    "style-src-elem": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "connect-src": [SELF],
    "frame-src": [SELF],
    "object-src": [NONE],
    "base-uri": [NONE],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
}
"""Wagtail's editor frames its previews; its React widgets set `style` attributes, and Draftail writes the looks of its
lists and empty fields into the page. No script is taken from the page but those named above."""
