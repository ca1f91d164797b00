"""Pages that are kept for a second: the same for every visitor, never one that was made for somebody."""

from threading import Event, Thread

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from simos.testing.acting import make_account
from simos.web import keeping
from simos.web.keeping import forget_pages, keep


class Made:
    """A view that counts how often it makes its page; `answer` says what it makes."""

    def __init__(self) -> None:
        self.times = 0
        self.answer = lambda request: HttpResponse(f"page {self.times}", headers={"X-SiMOS-Keep": "public"})

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.times += 1
        return self.answer(request)


@pytest.fixture(autouse=True)
def _kept():
    forget_pages()
    with override_settings(PAGES_ARE_KEPT=True, ALLOWED_HOSTS=["*"]):
        yield
    forget_pages()


@pytest.fixture
def clock(monkeypatch):
    at = [100.0]
    monkeypatch.setattr(keeping, "monotonic", lambda: at[0])
    return at


def get(**headers):
    return RequestFactory().get("/celje/", headers=headers)


def test_a_page_is_made_once_in_its_time_for_all(clock):
    made = Made()
    view = keep(made, 1.0)
    assert [view(get()).content for _ in range(3)] == [b"page 1"] * 3
    assert view(get())["X-SiMOS-Keep"] == "public"
    clock[0] += 1.0
    assert view(get()).content == b"page 2"
    assert made.times == 2


def test_who_has_the_page_is_told_so_and_who_has_another_gets_it(clock):
    view = keep(Made(), 1.0)
    answer = view(get())
    assert answer["Vary"] == "Cookie"
    assert answer["Cache-Control"] == "no-cache"
    again = view(get(if_none_match=answer["ETag"]))
    assert (again.status_code, again.content) == (304, b"")
    clock[0] += 1.0
    assert view(get(if_none_match=answer["ETag"])).content == b"page 2"


@pytest.mark.parametrize(
    "request_",
    [
        RequestFactory().post("/celje/"),
        RequestFactory().get("/celje/?refresh=60"),
        RequestFactory().get("/celje/", headers={"authorization": "Bearer x"}),
        RequestFactory().get("/celje/", headers={"cookie": "sessionid=x"}),
    ],
    ids=["post", "query", "token", "cookie"],
)
def test_who_may_be_known_gets_a_page_of_their_own(request_):
    made = Made()
    view = keep(made, 1.0)
    view(get())
    assert view(request_).content == b"page 2"
    assert view(get()).content == b"page 1"


def _with_cookie(request):
    answer = HttpResponse()
    answer.set_cookie("seen", "1")
    return answer


def _with_token(request):
    return HttpResponse(get_token(request))


@pytest.mark.parametrize(
    "answer",
    [
        _with_cookie,
        _with_token,
        lambda request: HttpResponse(status=404),
        lambda request: HttpResponse(headers={"Cache-Control": "private"}),
        lambda request: StreamingHttpResponse([b"x"]),
    ],
    ids=["cookie", "token", "404", "private", "stream"],
)
def test_what_was_made_for_one_is_kept_for_nobody(answer):
    made = Made()
    made.answer = answer
    view = keep(made, 1.0)
    view(get())
    view(get())
    assert made.times == 2


def test_hosts_and_languages_have_pages_of_their_own():
    made = Made()
    view = keep(made, 1.0)
    view(get(host="a.si"))
    view(get(host="b.si"))
    with override("en"):
        view(get(host="a.si"))
    assert made.times == 3


def test_strangers_cannot_fill_the_memory(monkeypatch):
    monkeypatch.setattr(keeping, "MOST", 3)
    view = keep(Made(), 1.0)
    for number in range(9):
        view(get(host=f"h{number}.si"))
    assert len(keeping._pages) == 3


def test_while_one_makes_it_anew_the_others_see_the_old_one(clock):
    made, entered, go_on = Made(), Event(), Event()
    view = keep(made, 1.0)
    view(get())
    clock[0] += 1.0
    answer = made.answer

    def slow(request):
        entered.set()
        assert go_on.wait(10)
        return answer(request)

    made.answer = slow
    thread = Thread(target=view, args=(get(),))
    thread.start()
    assert entered.wait(10)
    assert view(get()).content == b"page 1"
    go_on.set()
    thread.join(10)
    assert view(get()).content == b"page 2"


def test_a_city_home_asks_the_database_once_and_shows_nobody_anothers_name(db, client: Client):
    first = client.get("/celje/")
    with CaptureQueriesContext(connection) as asked:
        again = client.get("/celje/")
    assert (again.content, len(asked)) == (first.content, 0)
    assert client.get("/celje/", headers={"if-none-match": first["ETag"]}).status_code == 304
    account = make_account("ana@example.si")
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    own = client.get("/celje/")
    assert "ana@example.si" in own.content.decode()
    assert "private" in own["Cache-Control"]
    assert "ana@example.si" not in Client().get("/celje/").content.decode()
