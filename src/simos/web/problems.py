"""What a visitor or a program gets when something is refused or breaks: a page in words, or RFC 9457 problem+json.

Django's handlers (`handler400` ... `handler500`, CSRF_FAILURE_VIEW) and a middleware for the platform's own `Problem`.
Never shows a stack trace, nor why exactly something is not found: a stranger may not learn what exists.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from simos.kernel.errors import MEDIA_TYPE, Problem
from simos.web.pages import Page, render

API_ADDRESSES = ("/api/", "/ngsi-ld/", "/hub/", "/ogc/", "/sensorthings/")
log = logging.getLogger("simos.web")


@dataclass(frozen=True, slots=True)
class Words:
    """How an error is told to people: what it is, and what they can do."""

    title: str | Promise
    advice: str | Promise


WORDS: Mapping[int, Words] = {
    400: Words(_("The request cannot be understood"), _("Go back and try again.")),
    401: Words(_("Please sign in"), _("This page is for people who have signed in.")),
    403: Words(_("You may not see this page"), _("If you think you should, ask the office that runs the service.")),
    404: Words(_("Page not found"), _("Check the address, or start from the city’s home page.")),
    409: Words(
        _("Somebody changed this in the meantime"), _("Go back, look at what it says now, and try again if need be.")
    ),
    422: Words(_("Something in the form is not right"), _("Go back, correct it, and send it again.")),
    500: Words(
        _("Something went wrong on our side"), _("Try again in a few minutes. We have a record of what happened.")
    ),
    503: Words(_("The service is not available just now"), _("Nothing was stored. Try again in a few minutes.")),
}


def wants_problem(request: HttpRequest) -> bool:
    """Whether a program asks: an API address, or one that accepts JSON and does not accept HTML."""
    if request.path_info.startswith(API_ADDRESSES):
        return True
    accepts = request.headers.get("accept", "")
    return "json" in accepts and "text/html" not in accepts


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The response that says `problem`, in the form that the one who asks can read."""
    if wants_problem(request):
        response = HttpResponse(orjson.dumps(problem.as_dict(), default=str), MEDIA_TYPE, status=problem.status)
    else:
        words = WORDS.get(problem.status) or WORDS[500 if problem.status >= 500 else 400]
        page = Page(title=str(words.title), city=getattr(request, "city", None), alternatives=())
        detail = problem.detail if problem.status in (409, 422) else ""
        context = {"advice": words.advice, "detail": detail, "status": problem.status}
        response = render(request, "web/error.html", page, context, status=problem.status)
    response["Cache-Control"] = "no-store"
    return response


class ProblemMiddleware:
    """Answers a `Problem` that a view raised. Put it innermost."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Problem):
            return None
        if exception.status >= 500:
            log.error("refused: %s", exception, extra={"status": exception.status, "path": request.path})
        return answer(request, exception)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, Problem())


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, Problem(title="Not permitted", status=403))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, Problem(title="Not found", status=404))


def server_error(request: HttpRequest) -> HttpResponse:
    return answer(request, Problem(title="Something went wrong on the server", status=500))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return answer(request, Problem("The form's security token is missing or old.", title="Not permitted", status=403))
