"""Contexts in our keeping, and copies of others': added, listed, read, deleted (ETSI GS CIM 009, 5.13, 6.29, 6.30)."""

from typing import Any

from starlette.responses import Response

from simos.hub.context_library import HOSTED
from simos.hub.ngsild import text_of_micros
from simos.hub.problems import BadRequestData, OperationNotSupported, ResourceNotFound
from simos.hub.server.desk import Asking
from simos.hub.server.negotiation import LD_JSON
from simos.hub.values import ContextKind, StoredContext


async def host(asking: Asking) -> Response:
    """The `@context` of the body, from now on read at the address in Location."""
    body = asking.body
    if not isinstance(body, dict) or body.get("@context") is None:
        raise BadRequestData("The body is an object with an '@context'.")
    kept = await asking.desk.contexts.host(body["@context"], asking.tenant)
    path = f"{HOSTED}{kept.id}"
    return asking.plain({"url": asking.our_address(path)}, status=201, headers={"Location": path})


def _address(asking: Asking, entry: StoredContext) -> str:
    return entry.address or asking.our_address(f"{HOSTED}{entry.id}")


def _details(asking: Asking, entry: StoredContext) -> dict[str, Any]:
    use = asking.desk.contexts.use_of(entry)
    details: dict[str, Any] = {
        "URL": _address(asking, entry),
        "localId": entry.id,
        "kind": entry.kind.value,
        "timestamp": text_of_micros(entry.created_at),
        "numberOfHits": use.hits,
    }
    if use.last_at is not None:
        details["lastUsage"] = text_of_micros(use.last_at)
    return details


async def contexts(asking: Asking) -> Response:
    """The addresses of all that the tenant may see, or their details."""
    kind = asking.parameter("kind")
    if kind and kind not in set(ContextKind):
        raise BadRequestData(f"kind is one of {', '.join(ContextKind)}, not {kind[:40]!r}")
    found = [each for each in asking.desk.contexts.entries(asking.tenant) if not kind or each.kind.value == kind]
    if asking.flag("details"):
        return asking.plain([_details(asking, each) for each in found])
    return asking.plain([_address(asking, each) for each in found])


def _named(asking: Asking) -> StoredContext:
    name = asking.request.path_params["id"]
    found = asking.desk.contexts.named(name, asking.tenant)
    if found is None:
        raise ResourceNotFound(f"There is no context {name[:200]} here.")
    return found


async def context(asking: Asking) -> Response:
    """What one context says; of a copy its details only, since the original is elsewhere (5.13.4)."""
    entry = _named(asking)
    if asking.flag("details"):
        return asking.plain(_details(asking, entry))
    if entry.kind is ContextKind.CACHED:
        raise OperationNotSupported(f"This is a copy of {entry.address}: read it there, or ask for details=true.")
    return asking.plain({"@context": entry.body}, media_type=LD_JSON)


async def delete(asking: Asking) -> Response:
    """Forgotten, or with reload=true fetched anew."""
    asking.grant.to_write(())
    entry = _named(asking)
    if not asking.flag("reload"):
        asking.desk.contexts.delete(entry)
    elif entry.kind is not ContextKind.CACHED:
        raise BadRequestData("Only a copy of a context elsewhere can be fetched anew.")
    else:
        await asking.desk.contexts.reload(entry)
    return asking.plain(status=204)
