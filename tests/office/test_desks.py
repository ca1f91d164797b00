"""The platform's own desks: roles, modules, work, the audit log, cities, tokens. Each stops at its scope."""

import pytest
from django.test.utils import override_settings

from simos.kernel.acting import Scope
from simos.kernel.clock import now
from simos.platform.access.models import RoleGrant
from simos.platform.audit.models import AuditRecord
from simos.platform.audit.queries import verify, verify_part
from simos.platform.jobs.models import Work
from simos.platform.scopes.models import City
from simos.platform.scopes.queries import is_on
from simos.platform.things.publishing import hub_runner
from simos.testing.acting import SYSTEM, make_account
from simos.testing.hub import hub_in_process
from simos.web.office.desks.work import impersonal, without_names
from simos.web.office.placing import placed
from simos.web.office.trees import roots_of
from tests.office.conftest import CELJE, FED, KOPER, Content, Signed, signed


@pytest.fixture
def chief(cities: dict[str, Content]) -> Signed:
    return signed((CELJE, "city-administrator"))


def work(scope: str, state: str = "dead", **what: object) -> Work:
    at = now()
    return Work.objects.create(
        kind="event", name="reaction", scope=scope, actor=SYSTEM.as_dict(), run_at=at, max_attempts=1, created_at=at,
        state=state, finished_at=at, **{"payload": {}, "last_error": "Traceback\nValueError: ana@example.si", **what},
    )  # fmt: skip


def test_every_desk_opens_to_an_administrator_in_slovenian_and_english(cities: dict[str, Content]) -> None:
    both = signed((CELJE, "city-administrator"), (FED, "platform-administrator"))
    for language, word in (("sl", "Moja pisarna"), ("en", "My office")):
        both.account.language = language
        both.account.save()
        for scope in ("city:celje", "federation"):
            both.client.post("/office/scope/", {"scope": scope})
            home = both.client.get("/office/")
            assert home.status_code == 200
            assert word in home.content.decode()
    assert "Celje" not in home.content.decode()


def test_a_role_is_granted_and_withdrawn_with_an_audit_record(chief: Signed) -> None:
    other = make_account("nova@example.si")
    sent = {"email": "Nova@example.si", "role": "parking-officer", "until": ""}
    assert chief.client.post("/office/platform-officers/", sent).status_code == 302
    assert RoleGrant.objects.in_force(now()).filter(account=other, scope="city:celje", role="parking-officer").exists()
    assert "nova@example.si" in chief.client.get("/office/platform-officers/").content.decode()
    taken = {"account": str(other.pk), "role": "parking-officer"}
    assert chief.client.post("/office/platform-officers/withdraw/", taken).status_code == 302
    assert not RoleGrant.objects.in_force(now()).filter(account=other).exists()
    assert chief.client.post("/office/platform-officers/withdraw/", taken).status_code == 404
    assert chief.client.post("/office/platform-officers/withdraw/", {"account": "x"}).status_code == 404
    actions = AuditRecord.objects.filter(scope="city:celje", actor__account=str(chief.account.pk)).order_by("seq")
    assert list(actions.values_list("action", flat=True)) == ["grant-role", "withdraw-role"]


def test_roles_of_another_city_are_neither_seen_nor_withdrawn(chief: Signed) -> None:
    theirs = signed((KOPER, "city-administrator"))
    assert theirs.account.email not in chief.client.get("/office/platform-officers/").content.decode()
    taken = {"account": str(theirs.account.pk), "role": "city-administrator"}
    assert chief.client.post("/office/platform-officers/withdraw/", taken).status_code == 404
    assert RoleGrant.objects.in_force(now()).filter(account=theirs.account).exists()


def test_an_account_that_is_not_there_is_told_in_the_form(chief: Signed) -> None:
    sent = {"email": "nihce@example.si", "role": "parking-officer"}
    assert chief.client.post("/office/platform-officers/", sent).status_code == 422


def test_a_module_is_switched_off_and_on(chief: Signed) -> None:
    at = "/office/platform-modules/"
    chief.client.post(at, {"module": "mobility/parking", "to": "off"})
    assert not is_on("celje", "mobility/parking")
    assert is_on("koper", "mobility/parking")
    chief.client.post(at, {"module": "mobility/parking", "to": "on"})
    assert is_on("celje", "mobility/parking")
    assert chief.client.post(at, {"module": "no/such", "to": "on"}).status_code == 302


def test_given_up_work_is_seen_without_names_and_restarted(chief: Signed) -> None:
    mine = work("city:celje", payload={"code": "lot-7", "to": "ana@example.si", "text": "Ana Novak", "n": 3})
    theirs = work("city:koper", payload={"code": "koper-lot"})
    shown = chief.client.get("/office/platform-work/").content.decode()
    assert "lot-7" in shown
    for secret in ("ana@example.si", "Ana Novak", "koper-lot"):
        assert secret not in shown
    assert "(1)" in chief.client.get("/office/").content.decode()  # the badge
    assert chief.client.post(f"/office/platform-work/{theirs.pk}/restart/").status_code == 404
    assert chief.client.post(f"/office/platform-work/{mine.pk}/restart/").status_code == 302
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.state, theirs.state) == ("waiting", "dead")
    assert chief.client.get(f"/office/platform-work/{mine.pk}/restart/").status_code == 405


def test_values_that_may_name_somebody_are_left_out() -> None:
    assert impersonal({"a": 1, "b": "lot-1", "c": "Ana N.", "d": "a@b.si", "e": "0101006500006"}) == {
        "a": "1", "b": "lot-1", "c": "…", "d": "…", "e": "…",
    }  # fmt: skip
    assert without_names("no row for ana@example.si, 0101006500006") == "no row for …, …"


def test_the_audit_log_is_searched_exported_and_stops_at_the_city(chief: Signed) -> None:
    chief.client.post("/office/platform-modules/", {"module": "mobility/parking", "to": "off"})
    signed((KOPER, "city-administrator"))
    at = "/office/platform-audit/"
    found = chief.client.get(at, {"who": chief.account.email}).context["lines"]
    assert [line.action for line in found] == ["switch-off"]
    assert chief.client.get(at, {"who": "nihce@example.si"}).context["lines"] == []
    assert {line.action for line in chief.client.get(at, {"object_type": "module"}).context["lines"]} == {"switch-off"}
    exported = chief.client.get(at, {"export": "csv"}).content.decode("utf-8-sig")
    assert "switch-off" in exported
    assert len(exported.splitlines()) == 1 + AuditRecord.objects.filter(scope="city:celje").count()
    assert chief.client.get(at, {"since": "no day"}).status_code == 200


def test_the_proof_goes_on_by_parts_and_finds_a_planted_change(chief: Signed) -> None:
    for _ in range(3):
        chief.client.post("/office/platform-modules/", {"module": "mobility/parking", "to": "off"})
        chief.client.post("/office/platform-modules/", {"module": "mobility/parking", "to": "on"})
    end = AuditRecord.objects.filter(scope="city:celje").count()
    part = verify_part(CELJE, rows=2)
    assert (part.checked, part.end, part.faults) == (2, end, ())
    while part.checked < part.end:
        part = verify_part(CELJE, after=part.checked, seal=part.seal, rows=2)
        assert part.faults == ()
    whole = chief.client.get("/office/platform-audit/verify/")
    assert "spremenjen" in whole.content.decode() or whole.context["part"].faults == ()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE platform_audit_auditrecord SET action = 'nothing' WHERE scope = 'city:celje' AND seq = 3"
        )
    assert [str(each) for each in chief.client.get("/office/platform-audit/verify/").context["part"].faults] == [
        str(each) for each in verify(CELJE)
    ]
    assert verify(CELJE)[0].seq == 3
    found = verify_part(CELJE, after=2, seal=AuditRecord.objects.get(scope="city:celje", seq=2).hash, rows=1)
    assert [each.seq for each in found.faults] == [3]


def test_the_federation_adds_cities_and_a_city_does_not(chief: Signed) -> None:
    assert chief.client.get("/office/platform-cities/").status_code == 404
    federation = signed((FED, "platform-administrator"))
    assert federation.client.get("/office/platform-modules/").status_code == 404  # modules are switched in a city


def test_a_city_that_is_added_has_pages_at_once_and_its_tenant_when_the_worker_comes_by(db: None) -> None:
    City.objects.exclude(code="celje")._raw_delete("default")
    federation = signed((FED, "platform-administrator"))
    sent = {"code": "izola", "name_sl": "Izola", "name_it": "Isola", "latitude": "45.54", "longitude": "13.66"}
    assert federation.client.post("/office/platform-cities/", sent).status_code == 302
    assert City.objects.get(code="izola").languages == ["sl", "en", "it"]
    assert len(roots_of(Scope.city("izola"))) == 3
    assert federation.client.post("/office/platform-cities/", sent).status_code == 422
    work = Work.objects.get(kind="hub", scope="city:izola")
    with hub_in_process("celje") as client:
        for _ in range(2):  # a worker that was killed in between does it again
            hub_runner(lambda: client).run(work)
        assert "izola" in client.ask("GET", "/hub/tenants")[1]


def test_a_desk_that_ones_roles_do_not_open_is_not_there(cities: dict[str, Content]) -> None:
    other = signed((CELJE, "parking-officer"))
    for each in placed():
        if each.module is None:
            assert other.client.get(f"/office/{each.key}/").status_code == 404


def test_tokens_are_shown_once_and_only_the_citys_own(chief: Signed, monkeypatch: pytest.MonkeyPatch) -> None:
    with hub_in_process("celje", "koper") as client:
        monkeypatch.setattr("simos.web.office.desks.tokens.hub", lambda: client)
        foreign = client.add_token("tuji", tenants=["koper"], types=["*"], mayWrite=True)
        made = chief.client.post("/office/platform-tokens/", {"name": "senzorji", "type": "*", "write": "on"})
        secret = made.context["secret"]
        assert secret in made.content.decode()
        shown = chief.client.get("/office/platform-tokens/").content.decode()
        assert "senzorji" in shown
        assert secret not in shown
        assert "tuji" not in shown
        assert chief.client.post(f"/office/platform-tokens/{foreign['id']}/revoke/").status_code == 404
        key = chief.client.get("/office/platform-tokens/").context["tokens"][0]["id"]
        assert chief.client.post(f"/office/platform-tokens/{key}/revoke/").status_code == 302
        assert chief.client.get("/office/platform-tokens/").context["tokens"] == []
    assert AuditRecord.objects.filter(scope="city:celje", action__in=("add-token", "revoke-token")).count() == 2


@override_settings(EMAIL_BACKEND="django.core.mail.backends.filebased.EmailBackend")
def test_the_home_tells_an_administrator_what_is_amiss(chief: Signed) -> None:
    assert "SIMOS_MAIL_URL" in chief.client.get("/office/").content.decode()
    assert "SIMOS_MAIL_URL" not in signed((CELJE, "parking-officer")).client.get("/office/").content.decode()
