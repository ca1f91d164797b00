"""Who enters the API, where, and what a repeated, conditional or too frequent request gets."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import clear_url_caches

from simos.kernel.acting import Scope
from simos.kernel.clock import now
from simos.kernel.errors import MEDIA_TYPE, Conflict, Forbidden, Invalid, NotFound
from simos.platform.audit.models import AuditRecord
from simos.platform.scopes.models import CityModule
from simos.platform.tokens.actions import Issued, issue_token, revoke_token
from simos.platform.tokens.models import ApiToken
from simos.testing.acting import SYSTEM, make_account, officer

CELJE, KOPER = Scope.city("celje"), Scope.city("koper")
NOTES = "/api/sample/notes/celje"
KEY = "a-key-of-sixteen-signs"


@pytest.fixture(autouse=True)
def _sample_api(db: None) -> Iterator[None]:
    CityModule.objects.create(city_id="celje", module="sample/notes", switched_on_at=now(), switched_on_by={})
    with override_settings(ROOT_URLCONF="tests.web.api.urls", SIMOS_RATE_API=""):
        clear_url_caches()
        yield
    clear_url_caches()


@pytest.fixture
def api() -> Client:
    return Client(raise_request_exception=False)


def token(scope: Scope = CELJE, **fields: Any) -> Issued:
    return issue_token(scope, make_account(), name="bus computer", by=SYSTEM, at=now(), **fields)


def bearing(issued: Issued) -> dict[str, str]:
    return {"Authorization": f"Bearer {issued.secret}"}


def notes() -> list[str]:
    return list(AuditRecord.objects.filter(action="note").values_list("object_id", flat=True))


def refusal(response: Any, status: int) -> str:
    assert (response.status_code, response["Content-Type"]) == (status, MEDIA_TYPE)
    said = response.json()
    assert said["status"] == status
    return str(said.get("detail", ""))


def test_a_stranger_reads_open_data_as_nobody(api: Client):
    response = api.get(f"{NOTES}/who")
    assert response.json() == {"scope": "city:celje", "channel": "api", "assurance": "none"}
    assert response["Access-Control-Allow-Origin"] == "*"
    assert not response.cookies


def test_a_token_acts_for_its_account_in_its_city_alone(api: Client):
    issued = token()
    said = api.get(f"{NOTES}/who", headers=bearing(issued)).json()
    assert said["account"] == str(issued.token.account_id)
    assert said["program"] == f"token:{issued.token.pk}"
    other = token(KOPER)
    assert "city:koper" in refusal(api.get(f"{NOTES}/who", headers=bearing(other)), 403)


@pytest.mark.parametrize("header", ["Bearer simos_wrong", "Basic dXNlcjpwYXNz", "Bearer"])
def test_a_credential_that_opens_nothing_is_refused_even_for_open_data(api: Client, header: str):
    response = api.get(f"{NOTES}/who", headers={"Authorization": header})
    assert refusal(response, 401)
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_expired_revoked_and_inactive_accounts_tokens_open_nothing(api: Client):
    expired = token(until=now() + timedelta(hours=1))
    ApiToken.objects.filter(pk=expired.token.pk).update(until=now() - timedelta(seconds=1))
    revoked = token()
    revoke_token(CELJE, revoked.token.pk, by=SYSTEM, at=now())
    left = token()
    left.token.account.is_active = False
    left.token.account.save()
    for each in (expired, revoked, left):
        refusal(api.get(f"{NOTES}/who", headers=bearing(each)), 401)


def test_a_token_that_may_only_read_writes_nothing(api: Client):
    response = api.post(f"{NOTES}/notes", {"text": "a"}, "application/json", headers=bearing(token()))
    assert refusal(response, 403) == "this token may only read"
    assert notes() == []


def test_a_session_writes_only_with_its_csrf_token():
    account = make_account()
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    browser.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    refusal(browser.post(f"{NOTES}/notes", {"text": "a"}, "application/json"), 403)
    assert notes() == []
    browser.cookies[settings.CSRF_COOKIE_NAME] = secret = "c" * 32
    response = browser.post(f"{NOTES}/notes", {"text": "a"}, "application/json", headers={"X-CSRFToken": secret})
    assert response.status_code == 201
    assert notes() == ["a"]


def test_a_city_without_the_module_and_an_unknown_city_are_not_found(api: Client):
    for city in ("koper", "nowhere"):
        refusal(api.get(f"/api/sample/notes/{city}/who"), 404)
    refusal(api.get("/api/sample/nothing/celje/who"), 404)
    refusal(api.delete(f"{NOTES}/who"), 405)


def test_a_request_sent_twice_with_its_key_has_its_effect_once(api: Client):
    headers = bearing(token(may_write=True)) | {"Idempotency-Key": KEY}
    first, second = (api.post(f"{NOTES}/notes", {"text": "a"}, "application/json", headers=headers) for _ in range(2))
    assert (first.status_code, second.status_code, first.content) == (201, 201, second.content)
    assert ("Idempotent-Replayed" in first, second["Idempotent-Replayed"]) == (False, "true")
    assert notes() == ["a"]
    other = api.post(f"{NOTES}/notes", {"text": "b"}, "application/json", headers=headers)
    refusal(other, 422)
    assert notes() == ["a"]


def test_a_refused_request_leaves_nothing_and_may_be_tried_again(api: Client):
    headers = bearing(token(may_write=True)) | {"Idempotency-Key": KEY}
    response = api.post(f"{NOTES}/notes", {"text": "twice"}, "application/json", headers=headers)
    assert refusal(response, 409) == "there is one already"
    assert notes() == []


def test_what_is_wrong_is_told_field_by_field(api: Client):
    headers = bearing(token(may_write=True))
    response = api.post(f"{NOTES}/notes", {"text": ""}, "application/json", headers=headers)
    assert "text" in refusal(response, 422)
    [wrong] = response.json()["errors"]
    assert (wrong["in"], wrong["field"]) == ("body", "note.text")
    refusal(api.post(f"{NOTES}/notes", "{", "application/json", headers=headers), 400)
    refusal(api.get(f"{NOTES}/letters?limit=0"), 422)


def test_what_has_not_changed_is_not_sent_again(api: Client):
    first = api.get(f"{NOTES}/letters")
    again = api.get(f"{NOTES}/letters", headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert api.get(f"{NOTES}/letters?limit=1", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_pages_lead_to_each_other(api: Client):
    middle = api.get(f"{NOTES}/letters?limit=4&offset=4&x=1")
    assert (middle.json(), middle["Results-Count"]) == (["e", "f", "g", "h"], "10")
    assert f'<{NOTES}/letters?x=1&limit=4&offset=8>; rel="next"' in middle["Link"]
    assert f'<{NOTES}/letters?x=1&limit=4&offset=0>; rel="prev"' in middle["Link"]
    assert "next" not in api.get(f"{NOTES}/letters?limit=4&offset=8")["Link"]


def test_who_asks_too_often_is_told_when_to_come_back(api: Client):
    with override_settings(SIMOS_RATE_API="3/hour"):
        asked = [api.get(f"{NOTES}/who", headers={"X-Forwarded-For": "192.0.2.7"}) for _ in range(4)]
        assert [each.status_code for each in asked] == [200, 200, 200, 429]
        assert 0 < int(asked[-1]["Retry-After"]) <= 3600
        refusal(asked[-1], 429)
        assert api.get(f"{NOTES}/who", headers={"X-Forwarded-For": "192.0.2.8"}).status_code == 200
        spoofed = api.get(f"{NOTES}/who", headers={"X-Forwarded-For": "198.51.100.1, 192.0.2.7"})
        assert spoofed.status_code == 429


def test_other_sites_pages_may_ask_what_is_open(api: Client):
    headers = {"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}
    response = api.options(f"{NOTES}/letters", headers=headers)
    assert (response.status_code, response["Access-Control-Allow-Origin"]) == (204, "*")


def test_tokens_are_issued_and_revoked_by_permission_and_audited():
    account = make_account()
    for stranger in (officer(CELJE), officer(KOPER, "city-administrator")):
        with pytest.raises(Forbidden):
            issue_token(CELJE, account, name="x", by=stranger, at=now())
    administrator = officer(CELJE, "city-administrator")
    with pytest.raises(Invalid):
        issue_token(CELJE, account, name=" ", by=administrator, at=now())
    issued = issue_token(CELJE, account, name="x", by=administrator, at=now())
    with pytest.raises(NotFound):
        revoke_token(KOPER, issued.token.pk, by=SYSTEM, at=now())
    revoke_token(CELJE, issued.token.pk, by=administrator, at=now())
    with pytest.raises(Conflict):
        revoke_token(CELJE, issued.token.pk, by=administrator, at=now())
    done = AuditRecord.objects.filter(object_id=str(issued.token.pk)).values_list("action", flat=True)
    assert list(done) == ["issue-token", "revoke-token"]
    assert issued.secret not in "".join(map(str, AuditRecord.objects.values_list("data", flat=True)))
