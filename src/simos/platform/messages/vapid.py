"""Who this platform is towards push services (VAPID, RFC 8292): one key, made at first use, in `<home>/secrets`.

Every subscription is bound to it: with another key no browser that has subscribed can be reached any more.
"""

from base64 import urlsafe_b64encode
from datetime import timedelta
from email.utils import parseaddr
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02

from simos.kernel.clock import now

SIGNED_FOR = timedelta(hours=12)
"""How long a signature is good; a day is the most that RFC 8292 allows."""


def public_key() -> str:
    """The key that a browser subscribes with: an uncompressed point of P-256 in base64url (87 signs)."""
    point = _key().public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return urlsafe_b64encode(point).rstrip(b"=").decode()


def signature_for(endpoint: str) -> str:
    """The `Authorization` header for a push to this address."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((now() + SIGNED_FOR).timestamp()),
        "sub": _contact(),
    }
    return str(_key().sign(claims)["Authorization"])


def _key() -> Vapid02:
    key = Vapid02.from_raw(settings.SIMOS.secret("vapid.key", _made).encode())
    key.conf = {"no-strict": True}  # it takes no address of a machine of one's own for a contact
    return key


def _made() -> str:
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()


def _contact() -> str:
    """Whom a push service tells when our pushes do harm (RFC 8292, 2.1)."""
    contact = str(settings.SIMOS.security_contact)
    if contact.startswith(("mailto:", "https://")):
        return contact
    return f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"
