"""A request with an idempotency key: done once, answered twice, never for a stranger, never for another content."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from simos.kernel.acting import Actor, Assurance, Channel, Scope
from simos.kernel.errors import Conflict, Invalid, Problem
from simos.platform.people.models import Party
from simos.platform.procedure.idempotency import Answer, answered_once, digest_of, forget_answers, request_key
from simos.platform.procedure.models import KeptAnswer

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
CELJE = Scope.city("celje")
KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"
ANA = Actor(account="5f0d7b5e-0000-4000-8000-000000000001", channel=Channel.API, assurance=Assurance.ACCOUNT)
BOR = Actor(account="5f0d7b5e-0000-4000-8000-000000000002", channel=Channel.API, assurance=Assurance.ACCOUNT)


def key(header: str = KEY, *, scope: Scope = CELJE, by: Actor = ANA, route: str = "POST /a", visitor: str = ""):
    return request_key(header, scope=scope, by=by, route=route, visitor=visitor)


def effect() -> Answer:
    made = Party.objects.create(kind=Party.Kind.UNIT, name="effect")
    return Answer(201, str(made.pk).encode(), {"Content-Type": "text/plain", "Set-Cookie": "secret=1"})


def effects() -> int:
    return Party.objects.filter(name="effect").count()


@pytest.mark.django_db
def test_the_same_request_is_done_once_and_answered_alike():
    first = answered_once(key(), "d", effect, at=AT)
    second = answered_once(key(f'"{KEY}"'), "d", effect, at=AT + timedelta(hours=23))
    assert effects() == 1
    assert (second.status, second.body, second.again, first.again) == (201, first.body, True, False)
    assert second.headers == {"Content-Type": "text/plain"}


@pytest.mark.django_db
def test_the_same_key_with_another_content_is_refused():
    answered_once(key(), "d", effect, at=AT)
    with pytest.raises(Invalid) as refused:
        answered_once(key(), "e", effect, at=AT)
    assert refused.value.status == 422
    assert effects() == 1


@pytest.mark.django_db
def test_after_a_day_the_key_is_free_again():
    answered_once(key(), "d", effect, at=AT)
    assert not answered_once(key(), "e", effect, at=AT + timedelta(hours=24)).again
    assert effects() == 2
    assert forget_answers(at=AT + timedelta(hours=47)) == 0
    assert forget_answers(at=AT + timedelta(hours=48)) == 1


@pytest.mark.django_db
def test_one_key_is_anothers_in_another_city_for_another_person_route_or_visitor():
    others = [
        key(),
        key(scope=Scope.city("koper")),
        key(by=BOR),
        key(by=ANA.for_("somebody")),
        key(route="POST /b"),
        key(by=Actor.nobody(), visitor="one"),
        key(by=Actor.nobody(), visitor="two"),
    ]
    for each in others:
        assert not answered_once(each, "d", effect, at=AT).again
    assert effects() == len(others)


@pytest.mark.django_db
def test_what_was_refused_or_broke_is_undone_and_may_be_tried_again():
    def refused() -> Answer:
        effect()
        return Answer(409, b"no")

    def broken() -> Answer:
        effect()
        raise Conflict("no")

    assert answered_once(key(), "d", refused, at=AT) == Answer(409, b"no")
    with pytest.raises(Conflict):
        answered_once(key(), "d", broken, at=AT)
    assert (effects(), KeptAnswer.objects.count()) == (0, 0)
    assert answered_once(key(), "d", effect, at=AT).status == 201


@pytest.mark.django_db
def test_within_a_transaction_it_is_refused():
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        answered_once(key(), "d", effect, at=AT)
    assert effects() == 0


@pytest.mark.parametrize("header", ["", "short", "x" * 256, "with a space in it", f'{KEY}"x', "šššššššššššššššš"])
def test_a_key_that_is_none_is_refused(header):
    with pytest.raises(Problem) as refused:
        key(header)
    assert refused.value.status == 400


def test_a_stranger_without_a_session_gets_no_key():
    with pytest.raises(ValueError, match="session"):
        key(by=Actor.nobody())


def test_no_person_can_be_read_from_a_kept_key():
    found = key(by=ANA.for_("a-party"))
    assert ANA.account not in repr(found)
    assert "a-party" not in repr(found)


def test_a_digest_tells_where_its_parts_end():
    assert digest_of(b"ab", b"c") != digest_of(b"a", b"bc")
    assert digest_of(b"ab", b"c") == digest_of(b"ab", b"c")
