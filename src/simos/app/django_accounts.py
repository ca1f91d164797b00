"""Django's settings of accounts: allauth and axes, sessions, mail. Chooses no look and no rights: those are in `web`
and `access`."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from simos.app.settings import EIdentity, Settings, settings

_HERE: Settings = settings()
_SECURE = _HERE.base_url.startswith("https://")

APPS = [
    "simos.web.accounts",  # first: its templates and words go before allauth's
    "simos.web.accounts.e_identity",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.idp.oidc",
    "axes",
    "django.contrib.humanize",
]

LOCALE_PATHS = [str(Path(__file__).parents[1] / "web" / "accounts" / "wording" / "locale")]
"""Our own wording of allauth's texts, which goes before its catalogues."""

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]

ACCOUNT_ADAPTER = "simos.web.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]  # without a password one signs in by mail, passkey or e-identity
ACCOUNT_SIGNUP_FORM_CLASS = "simos.web.accounts.forms.SignUp"
ACCOUNT_FORMS = {
    "login": "simos.web.accounts.sign_in.SignIn",
    "confirm_login_code": "simos.web.accounts.sign_in.ConfirmCode",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_MAX_EMAIL_ADDRESSES = 3
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 60 * 60
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
LOGIN_REDIRECT_URL = "home"
LOGIN_URL = "account_login"
ALLAUTH_USER_CODE_FORMAT = {"numeric": False, "dashed": True, "length": 8}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1] |= {"OPTIONS": {"min_length": 12}}  # type: ignore[dict-item]

MFA_ADAPTER = "simos.web.accounts.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "simos.web.accounts.passkeys.Add",
    "edit_webauthn": "simos.web.accounts.passkeys.Rename",
    "signup_webauthn": "simos.web.accounts.passkeys.SignUpBy",
}
MFA_TOTP_ISSUER = "SiMOS"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _SECURE  # http://localhost, which browsers take for safe too

USERSESSIONS_TRACK_ACTIVITY = False
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _SECURE
SESSION_COOKIE_NAME = "__Host-session" if _SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _SECURE else "csrf"
CSRF_COOKIE_HTTPONLY = True

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "simos.web.accounts.lockout.account_tried"
AXES_CLIENT_IP_CALLABLE = "simos.web.accounts.lockout.address_tried_from"
AXES_LOCKOUT_CALLABLE = "simos.web.accounts.lockout.locked_out"
AXES_HTTP_RESPONSE_CODE = 429
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["login", "email", "password"]

SOCIALACCOUNT_ADAPTER = "simos.web.accounts.adapters.SocialAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # an address told by others proves no account of ours
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False


def provider_of(one: EIdentity, secret: str) -> dict[str, Any]:
    """An e-identity as allauth takes it."""
    return {
        "provider_id": one.id,
        "name": one.name,
        "client_id": one.client_id,
        "secret": secret,
        "settings": {
            "server_url": one.server_url,
            "oauth_pkce_enabled": True,
            "scope": one.scopes,
            "acr_values": one.acr_values,
            "levels": one.levels,
            "claims": one.claims,
        },
    }


FORMS_LEAD_TO = sorted(
    {f"{each.scheme}://{each.netloc}" for one in _HERE.e_identities for each in map(urlsplit, one.leads_to)}
)
"""Origins to which a form of ours may lead: a browser also stops a redirect that follows a form elsewhere."""

SOCIALACCOUNT_PROVIDERS = {
    "e_identity": {"APPS": [provider_of(each, _HERE.given_secret(each.secret)) for each in _HERE.e_identities]}
}

IDP_OIDC_ADAPTER = "simos.web.accounts.provider.ProviderAdapter"
IDP_OIDC_ID_TOKEN_EXPIRES_IN = 5 * 60


def _mail_server(url: str) -> dict[str, Any]:
    """Django's settings for the server at `url`; ValueError where the port is none."""
    if not url:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(_HERE.home / "mail"),
        }
    parts = urlsplit(url)
    over_tls = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if over_tls else 587 if parts.username else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": over_tls,
        "EMAIL_USE_TLS": bool(parts.username) and not over_tls,
    }


globals().update(_mail_server(_HERE.mail_url))
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = SERVER_EMAIL = _HERE.mail_from
