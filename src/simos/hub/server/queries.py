"""One entity retrieved, many queried, by parameters or by body (ETSI GS CIM 009, 6.4.3.2, 6.5.3.1, 6.23)."""

from hashlib import blake2b
from urllib.parse import quote, urlencode

from starlette.responses import Response

from simos.hub.problems import ResourceNotFound
from simos.hub.query.types import parse_types, selects
from simos.hub.server.asked import Asked, by_body, by_parameters, query_of
from simos.hub.server.desk import Asking
from simos.hub.server.entities import entity_id_of
from simos.hub.server.negotiation import LD_JSON
from simos.hub.server.showing import collected, document_of, documents_of, view_of
from simos.hub.store.base import EntityQuery


async def retrieve(asking: Asking) -> Response:
    entity_id = entity_id_of(asking)
    asked = by_parameters(asking)
    view = view_of(asking, asked)
    wanted = parse_types(asking.parameter("type"), asking.context) if asking.parameter("type") else ()
    entity = await asking.desk.entity(asking.tenant, entity_id)
    if entity is None or not asking.grant.may_see(entity.types) or not selects(wanted, entity.types):
        raise ResourceNotFound(f"There is no {entity_id}.")
    if view.attrs and not any(name in entity.attributes for name in view.attrs):
        raise ResourceNotFound(f"{entity_id} has none of the attributes asked for.")
    if view.join:
        documents = await documents_of(asking, view, [entity])
        document = documents[0] if documents else {}
        if view.join == "flat" and document:
            return _unless_known(asking, asking.answer(collected(asking, documents)))
    else:
        document = document_of(asking, view, entity)
    if not document:
        raise ResourceNotFound(f"{entity_id} has none of the members asked for.")
    return _unless_known(asking, asking.answer(document))


def _unless_known(asking: Asking, answer: Response) -> Response:
    """The answer with its entity tag; 304 without a body where the asker has just that (RFC 9110, 13.1.2)."""
    answer.headers["ETag"] = tag = f'"{blake2b(bytes(answer.body), digest_size=16).hexdigest()}"'
    known = [each.strip().removeprefix("W/") for each in asking.request.headers.get("if-none-match", "").split(",")]
    if tag not in known and "*" not in known:
        return answer
    kept = {name: answer.headers[name] for name in ("ETag", "NGSILD-Tenant") if name in answer.headers}
    return Response(status_code=304, headers=kept)


async def query(asking: Asking) -> Response:
    return await _answered(asking, by_parameters(asking))


async def query_by_body(asking: Asking) -> Response:
    return await _answered(asking, by_body(asking.body, local=asking.flag("local")))


async def _answered(asking: Asking, asked: Asked) -> Response:
    wanted = query_of(asking, asked)
    view = view_of(asking, asked)
    page = await asking.desk.read(asking.desk.reader.entities, wanted)
    if page.wished:
        asking.desk.indexer.wish(asking.tenant, page.wished)
    headers = {"NGSILD-Results-Count": str(page.total)} if page.total is not None else {}
    if link := paging(asking, wanted, len(page.entities)):
        headers["Link"] = link
    entities = page.entities[: wanted.limit - 1] if wanted.limit else []
    return asking.answer(collected(asking, await documents_of(asking, view, entities)), headers=headers)


def paging(asking: Asking, wanted: EntityQuery, found: int) -> str:
    """Link headers to the neighbouring pages (clause 6.3.10)."""
    size = wanted.limit - 1
    if size < 1:
        return ""
    pages = []
    if wanted.offset:
        pages.append(("prev", max(0, wanted.offset - size)))
    if found > size:
        pages.append(("next", wanted.offset + size))
    kept = {key: value for key, value in asking.request.query_params.items() if key not in ("offset", "limit")}
    path = asking.request.url.path.rstrip("/")
    return ", ".join(
        f'<{path}?{_query({**kept, "limit": str(size), "offset": str(offset)})}>; rel="{rel}"; type="{LD_JSON}"'
        for rel, offset in pages
    )


def _query(parameters: dict[str, str]) -> str:
    return urlencode(sorted(parameters.items()), safe=":*,/()", quote_via=quote)
