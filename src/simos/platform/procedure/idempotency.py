"""`Idempotency-Key`: a request that is sent twice has its effect once, and both are given the same answer.

Follows draft-ietf-httpapi-idempotency-key-header. Knows no routes: web and API hand in what to do.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from simos.kernel.acting import Actor, Scope
from simos.kernel.errors import Invalid, Problem
from simos.platform.procedure.models import KeptAnswer

KEPT_FOR = timedelta(hours=24)
KEPT_HEADERS = frozenset(("content-type", "content-language", "location", "etag"))
"""Others, cookies above all, belong to one exchange and are not repeated."""
_HEADER = re.compile(r'"?([!#-\[\]-~]{16,255})"?')


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back. `again`: it was given before, and nothing was done this time."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    again: bool = False


@dataclass(frozen=True, slots=True)
class RequestKey:
    """Which request it is: where, by whom (a digest), to which route, with which key."""

    scope: str
    actor: str
    route: str
    key: str


def request_key(header: str, *, scope: Scope, by: Actor, route: str, visitor: str = "") -> RequestKey:
    """The key that the header gives the request; Problem 400 where it is none.

    `route`: method and path, without what varies from try to try. `visitor`: what tells one who has not signed in from
    another, such as the session's key; ValueError where there is neither, for then a stranger could read the answer.
    """
    if not (found := _HEADER.fullmatch(header.strip())):
        raise Problem("Idempotency-Key is 16 to 255 signs without spaces that you make up, such as a UUID")
    if not (by.account or by.party or by.program or visitor):
        raise ValueError("one who has not signed in is told from others by a session")
    who = (by.account, by.party, by.on_behalf_of, by.program, visitor)
    return RequestKey(str(scope), digest_of(*(each.encode() for each in who)), digest_of(route.encode()), found[1])


def digest_of(*parts: bytes) -> str:
    """SHA-256 over the parts and where they end: of a request its content type and its body."""
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()


def answered_once(key: RequestKey, digest: str, make: Callable[[], Answer], *, at: datetime) -> Answer:
    """What `make` answers, in one transaction with its effects; or, for 24 hours, what it answered the first time.

    Whoever comes with the same key meanwhile waits for the first to end. Invalid (422) where the same key comes with
    another digest. An answer of 400 or above, like an exception, undoes what was done and is not kept: try again.
    Not to be called within a transaction (RuntimeError): the answer must not be kept without its effect.
    """
    try:
        with transaction.atomic(durable=True):
            kept, is_new = _taken(key, digest, at)
            if not is_new:
                return _repeated(kept, digest)
            answer = make()
            if answer.status >= 400:
                raise _NotKept(answer)
            kept.status, kept.body = answer.status, answer.body
            kept.headers = {name: said for name, said in answer.headers.items() if name.lower() in KEPT_HEADERS}
            kept.save(update_fields=("status", "body", "headers"))
            return answer
    except _NotKept as refused:
        return refused.answer


def forget_answers(*, at: datetime) -> int:
    """Answers older than 24 hours are gone; how many."""
    return KeptAnswer.objects.filter(expires_at__lte=at).delete()[0]


class _NotKept(Exception):
    def __init__(self, answer: Answer) -> None:
        self.answer = answer


def _taken(key: RequestKey, digest: str, at: datetime) -> tuple[KeptAnswer, bool]:
    """The row of the key, and whether it is ours to fill. An insert waits for another transaction with the same key."""
    fields = {"scope": key.scope, "actor": key.actor, "route": key.route, "key": key.key}
    while True:
        KeptAnswer.objects.filter(**fields, expires_at__lte=at).delete()
        try:
            with transaction.atomic():
                return KeptAnswer.objects.create(**fields, digest=digest, expires_at=at + KEPT_FOR), True
        except IntegrityError:
            if kept := KeptAnswer.objects.filter(**fields).first():
                return kept, False  # else it has just been forgotten: look again


def _repeated(kept: KeptAnswer, digest: str) -> Answer:
    if kept.digest != digest:
        raise Invalid("this Idempotency-Key came with another content before; make up a new one for a new request")
    return Answer(kept.status, bytes(kept.body), kept.headers, again=True)
