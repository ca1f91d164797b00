"""Who may touch what in the hub: a credential becomes a `Grant`, and without one there is only what is open.

The hub knows devices and programs, never people: the platform adds an authoriser of its own for officers.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from simos.hub.contexts import CORE
from simos.hub.values import Token
from simos.kernel.clock import micros_of, now
from simos.kernel.errors import Forbidden, Unauthenticated

ALL = "*"

TOKENS_KEPT = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What one asker may do. `types` are expanded names; `*` stands for all. `token`: the id of the stored token that
    it comes of, "" for others."""

    name: str
    tenants: frozenset[str]
    types: frozenset[str]
    may_write: bool = False
    may_administer: bool = False
    known: bool = True
    token: str = ""

    def in_tenant(self, tenant: str) -> "Grant":
        """This grant where it counts in `tenant`, else Forbidden."""
        if ALL not in self.tenants and tenant not in self.tenants:
            raise self._refused(f"This credential does not count in tenant {tenant or '(default)'!r}.")
        return self

    def to_write(self, types: Iterable[str]) -> None:
        """Forbidden (or Unauthenticated) unless entities of all `types` may be written."""
        if not self.may_write:
            raise self._refused("This credential may not write.")
        self.to_touch(types)

    def to_touch(self, types: Iterable[str]) -> None:
        """Forbidden (or Unauthenticated) unless each of `types` is granted."""
        if ALL not in self.types and (others := set(types) - self.types):
            raise self._refused(f"Not granted: entities of type {', '.join(CORE.compact(t) for t in sorted(others))}.")

    def to_administer(self) -> None:
        if not self.may_administer:
            raise self._refused("This credential may not administer the hub.")

    def may_see(self, types: Iterable[str]) -> bool:
        """Whether an entity that bears `types` may be shown: one granted type is enough."""
        return ALL in self.types or not self.types.isdisjoint(types)

    def _refused(self, why: str) -> Exception:
        if self.known:
            return Forbidden(why)
        return Unauthenticated(why + " Send a token: 'Authorization: Bearer ...'.")


Authoriser = Callable[[str | None], Grant | None]
"""Given a bearer secret (None: none was sent), the grant it stands for; None where it knows nothing of it."""

EVERYTHING = Grant(name="open", tenants=frozenset({ALL}), types=frozenset({ALL}), may_write=True, may_administer=True)


def digest(secret: str) -> str:
    """What is kept of a secret: its SHA-256. Secrets are 256 random bits, so that no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def has_expired(token: Token) -> bool:
    return token.expires_at is not None and token.expires_at <= micros_of(now())


def grant_of(token: Token) -> Grant:
    """The grant that a stored token stands for."""
    return Grant(
        name=token.name,
        tenants=token.tenants,
        types=frozenset(each if each == ALL else CORE.expand(each) for each in token.types),
        may_write=token.may_write,
        may_administer=token.may_administer,
        token=token.id,
    )


def open_to_all(_credential: str | None) -> Grant:
    """The authoriser of `--open`: asks nothing."""
    return EVERYTHING


class StoredTokens:
    """Knows the tokens of the hub's own table, and keeps those that were asked for. Safe in threads."""

    def __init__(self, find: Callable[[str], Token | None]) -> None:
        self._find = find
        self._kept: dict[str, tuple[Token, Grant]] = {}

    def __call__(self, credential: str | None) -> Grant | None:
        if not credential:
            return None
        key, kept = digest(credential), self._kept
        if key in kept:
            token, grant = kept[key]
            return None if has_expired(token) else grant
        found = self._find(key)
        if found is None or has_expired(found):
            return None
        if len(kept) < TOKENS_KEPT:
            kept[key] = found, grant_of(found)  # into what was there before asking: `forget` may have put it away
        return grant_of(found)

    def forget(self) -> None:
        """To be called after whatever may have changed the tokens: from then on they are asked for anew."""
        self._kept = {}


def service(secret: str, name: str = "platform") -> Authoriser:
    """Knows the one secret that the platform's own processes share."""
    known = digest(secret)

    def authorise(credential: str | None) -> Grant | None:
        if credential is None or digest(credential) != known:
            return None
        return Grant(name=name, tenants=EVERYTHING.tenants, types=EVERYTHING.types, may_write=True, may_administer=True)

    return authorise


def open_data(types: Iterable[str]) -> Authoriser:
    """Grants anybody to read entities of the open `types` (short names); knows no credential."""
    anyone = Grant(
        name="anyone",
        tenants=frozenset({ALL}),
        types=frozenset(CORE.expand(each) for each in types),
        known=False,
    )
    return lambda credential: anyone if credential is None else None


def first_of(*authorisers: Authoriser) -> Callable[[str | None], Grant]:
    """The grant of the first authoriser that knows the credential; Unauthenticated where none does."""

    def authorise(credential: str | None) -> Grant:
        for each in authorisers:
            if (grant := each(credential)) is not None:
                return grant
        if credential is None:
            raise Unauthenticated("Send a token: 'Authorization: Bearer ...'.")
        raise Unauthenticated("This token is not known here, or it has expired.")

    return authorise
