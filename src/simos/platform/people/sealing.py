"""Keeping what must not be read from the table: sealed values, digests to find them by, and pseudonyms.

Keys are in `<home>/secrets`: whoever has a copy of the database alone can neither read nor guess.
"""

import base64
import hashlib
import hmac
from functools import cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings

IDENTIFIERS = "identifiers.key"
PSEUDONYMS = "pseudonyms.key"


def _key(name: str) -> bytes:
    secret: str = settings.SIMOS.secret(name)
    return hashlib.sha256(secret.encode()).digest()


def _keyed(name: str, *parts: str) -> bytes:
    return hmac.digest(_key(name), "\n".join(parts).encode(), "sha256")


@cache
def _box(key: bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(key))


def seal(text: str) -> str:
    """`text`, so that only `unseal` on this platform reads it."""
    return _box(_key(IDENTIFIERS)).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The inverse of `seal`; cryptography's InvalidToken where it was sealed elsewhere."""
    return _box(_key(IDENTIFIERS)).decrypt(sealed.encode()).decode()


def digest_of(scheme: str, value: str) -> str:
    """What an identifier is found by: a keyed digest, 64 signs, of no use to whoever lacks the key."""
    return _keyed(IDENTIFIERS, scheme, value).hex()


def pseudonym(party: str, audience: str) -> str:
    """The name by which `audience` (a module, an OIDC client) knows `party`: always the same, 32 signs, and of no use
    to another audience (pairwise, as OpenID Connect Core 8.1)."""
    return base64.b32encode(_keyed(PSEUDONYMS, audience, party)[:20]).decode().lower()


def named_for(account: UUID, audience: str) -> str:
    """The name by which `audience` knows `account`: as `pseudonym`, but that this platform can tell whose it is."""
    sealed = AESSIV(_keyed(PSEUDONYMS, "names")).encrypt(account.bytes, [audience.encode()])
    return base64.b32encode(sealed).decode().rstrip("=").lower()


def whose_name(name: str, audience: str) -> UUID | None:
    """The inverse of `named_for`; None for what was never a name there."""
    try:
        sealed = base64.b32decode(name.upper() + "=" * (-len(name) % 8))
        return UUID(bytes=AESSIV(_keyed(PSEUDONYMS, "names")).decrypt(sealed, [audience.encode()]))
    except (ValueError, InvalidTag):
        return None
