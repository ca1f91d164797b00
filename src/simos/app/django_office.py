"""Django's settings of the office: its app, its door, its content policy. Decides no rights: those are role grants."""

from pathlib import Path

from csp.constants import NONCE, NONE, SELF

APPS = ["simos.web.office"]
MIDDLEWARE = ["simos.web.office.middleware.OfficeMiddleware"]
BACKEND = "simos.web.office.backend.OfficeBackend"

TASKS = {"default": {"BACKEND": "simos.platform.jobs.tasks.QueueBackend"}}
"""Wagtail's own tasks go through the work queue, like all that is done in the background."""
WORDS = str(Path(__file__).parents[1] / "web" / "office" / "words")
"""What Slovenian lacks in Wagtail's own catalogues; these go before all others."""
WAGTAILADMIN_LOGIN_URL = "account_login"

OFFICE_CONTENT_SECURITY_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, NONCE],
    "style-src": [SELF],
    "style-src-attr": ["'unsafe-inline'"],
    "img-src": [SELF, "data:", "blob:"],
    "connect-src": [SELF],
    "frame-src": [SELF],
    "object-src": [NONE],
    "base-uri": [NONE],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
}
"""Wagtail's editor frames its previews, and its React widgets set `style` attributes; nothing is ever evaluated."""
