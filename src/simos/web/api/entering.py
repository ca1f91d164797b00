"""The door of the API: who asks, in which scope, how often, and what a repeated or conditional request gets.

Every address below `/api/` that a module adds is answered through `through_the_door`; nothing is decided in routers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.cache import get_conditional_response, set_response_etag

from simos.kernel.acting import FEDERATION, Actor, Channel, Scope
from simos.kernel.clock import now
from simos.kernel.errors import Forbidden, NotFound, Problem, Unauthenticated
from simos.kernel.module import Level, Module
from simos.platform.procedure.idempotency import Answer, answered_once, digest_of, request_key
from simos.platform.scopes.acting import acting
from simos.platform.scopes.queries import city_of, is_on
from simos.platform.tokens.queries import token_of
from simos.web.limits import API, keep_within
from simos.web.problems import answer

SAFE = frozenset(("GET", "HEAD", "OPTIONS"))
METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
HEADERS = "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match"
CONSORTIUM = "consortium"
"""In the place of a city: all of them, for modules of both levels. No city is called so."""
EXPOSED = "ETag, Link, Location, Results-Count, Retry-After"


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks. `bearer`: by a token, and so safe from other sites; `scope`: the only one for which the token is."""

    actor: Actor
    bearer: bool = False
    may_write: bool = True
    scope: Scope | None = None


def through_the_door(view: Callable[..., HttpResponse], module: Module) -> Callable[..., HttpResponseBase]:
    """`view` for those who may enter, `acting` in the city of the address, or in the federation for its modules."""

    @wraps(view)
    def entered(request: HttpRequest, city: str = "", **parameters: Any) -> HttpResponseBase:
        try:
            response = _preflight() if _is_preflight(request) else _entered(view, module, request, city, parameters)
        except Problem as problem:
            response = answer(request, problem)
            if problem.status == 401:
                response["WWW-Authenticate"] = 'Bearer realm="simos"'
            if "retry_after" in problem.extra:
                response["Retry-After"] = str(problem.extra["retry_after"])
        # `*` is never honoured with cookies: a page of another site reads nothing of a session.
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = EXPOSED
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    entered.csrf_exempt = True  # type: ignore[attr-defined]  # a session's writes are checked within
    return entered


def _entered(
    view: Callable[..., HttpResponse], module: Module, request: HttpRequest, city: str, parameters: dict[str, Any]
) -> HttpResponseBase:
    asking = asking_in(request)
    keep_within(API, request, who=asking.actor.program or asking.actor.account)
    scope = _scope_of(module, request, city)
    if asking.scope not in (None, scope):
        raise Forbidden(f"this token is for {asking.scope}, not for {scope}")
    if request.method not in SAFE:
        if not asking.may_write:
            raise Forbidden("this token may only read")
        if not asking.bearer and asking.actor.account:
            _check_origin(request)
    request.actor = asking.actor  # type: ignore[attr-defined]
    with acting(asking.actor, scope):
        return _done(view, request, scope, asking.actor, parameters)


def _done(
    view: Callable[..., HttpResponse], request: HttpRequest, scope: Scope, by: Actor, parameters: dict[str, Any]
) -> HttpResponseBase:
    if request.method == "POST" and (key := request.headers.get("Idempotency-Key")):
        return _once(view, request, key, scope, by, parameters)
    response = view(request, **parameters)
    if response.status_code == 405:
        allowed = response["Allow"]
        response = answer(request, Problem(f"Here one may {allowed}.", title="Method not allowed", status=405))
        response["Allow"] = allowed
    return _conditional(request, response)


def asking_in(request: HttpRequest) -> Asking:
    """Who asks, by token or session; Unauthenticated where a credential is sent that opens nothing."""
    if header := request.headers.get("Authorization"):
        scheme, _, secret = header.partition(" ")
        token = token_of(secret.strip(), at=now()) if scheme.lower() == "bearer" else None
        if token is None:
            raise Unauthenticated("Send a token that is in force: 'Authorization: Bearer simos_...'.")
        return Asking(token.actor, bearer=True, may_write=token.may_write, scope=token.where)
    signed_in: Actor = getattr(request, "actor", None) or Actor.nobody()
    return Asking(signed_in.through(Channel.API))


def _scope_of(module: Module, request: HttpRequest, city: str) -> Scope:
    if module.level is Level.FEDERATION:
        return FEDERATION
    if module.level is Level.BOTH and city == CONSORTIUM:
        return FEDERATION
    found = city_of(city)
    if not is_on(found.code, module.name):
        raise NotFound(f"{module.name} is not switched on in {found}")
    request.city = found  # type: ignore[attr-defined]
    return found.scope


def _check_origin(request: HttpRequest) -> None:
    """A page of another site must not write with the visitor's session."""
    check = CsrfViewMiddleware(lambda _request: HttpResponse())
    check.process_request(request)
    if check.process_view(request, _needs_check, (), {}) is not None:
        raise Forbidden("send the CSRF token of your session in X-CSRFToken, or use a token of the API")


def _needs_check(_request: HttpRequest) -> HttpResponse:  # Django asks the view whether it is exempt
    return HttpResponse()


def _once(
    view: Callable[..., HttpResponse],
    request: HttpRequest,
    header: str,
    scope: Scope,
    by: Actor,
    parameters: dict[str, Any],
) -> HttpResponse:
    visitor = "" if by.account else request.META.get("REMOTE_ADDR", "nowhere")
    key = request_key(header, scope=scope, by=by, route=f"POST {request.path}", visitor=visitor)

    def made() -> Answer:
        response = view(request, **parameters)
        return Answer(response.status_code, response.content, dict(response.items()))

    given = answered_once(key, digest_of((request.content_type or "").encode(), request.body), made, at=now())
    response = HttpResponse(given.body, status=given.status)
    for name, value in given.headers.items():
        response[name] = value
    if given.again:
        response["Idempotent-Replayed"] = "true"
    return response


def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """Readers who have it already are told so (RFC 9110, 13)."""
    if request.method not in ("GET", "HEAD") or response.status_code != 200 or response.streaming:
        return response
    response.setdefault("Cache-Control", "private, no-cache" if "Authorization" in request.headers else "no-cache")
    response.setdefault("Vary", "Authorization, Cookie")
    set_response_etag(response)
    found = get_conditional_response(request, etag=response["ETag"], response=response)
    return found if found is not None else response


def _is_preflight(request: HttpRequest) -> bool:
    return request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers


def _preflight() -> HttpResponse:
    response = HttpResponse(status=204)
    response["Access-Control-Allow-Methods"] = METHODS
    response["Access-Control-Allow-Headers"] = HEADERS
    response["Access-Control-Max-Age"] = "86400"
    return response
