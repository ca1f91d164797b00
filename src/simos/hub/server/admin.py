"""The hub's own administration: tenants, tokens, devices, and what could not be stored. For administrators' tokens."""

from typing import Any

from starlette.responses import Response

from simos.hub.grants import ALL, digest
from simos.hub.problems import AlreadyExists, BadRequestData, ResourceNotFound
from simos.hub.server.desk import Asking
from simos.hub.values import TENANT_NAME, Device, Token
from simos.kernel.clock import at_micros, micros_of, now
from simos.kernel.errors import Conflict
from simos.kernel.ids import new_id, new_secret


def _text(asking: Asking, name: str, default: str | None = None) -> str:
    value = asking.body.get(name, default) if isinstance(asking.body, dict) else None
    if not isinstance(value, str) or not value.strip():
        raise BadRequestData(f"{name} is needed, as text.")
    return value.strip()


def _names(asking: Asking, name: str) -> frozenset[str]:
    value = asking.body.get(name) if isinstance(asking.body, dict) else None
    if not isinstance(value, list) or not value or any(not isinstance(each, str) for each in value):
        raise BadRequestData(f"{name} is needed: a list of names, or ['*'] for all.")
    return frozenset(value)


async def tenants(asking: Asking) -> Response:
    asking.grant.to_administer()
    return asking.plain(sorted(await asking.desk.read(asking.desk.reader.tenants)))


async def add_tenant(asking: Asking) -> Response:
    asking.grant.to_administer()
    name = _text(asking, "name")
    if not TENANT_NAME.fullmatch(name):
        raise BadRequestData(f"A tenant's name is letters, digits and the signs _ - . : and not {name!r}.")
    if not await asking.desk.writer.run(lambda transaction: transaction.add_tenant(name)):
        raise AlreadyExists(f"There is a tenant {name!r} already.")
    asking.desk.tenants.add(name)
    return asking.plain({"name": name}, status=201)


def _token_shown(token: Token) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "tenants": sorted(token.tenants),
        "types": sorted(token.types),
        "mayWrite": token.may_write,
        "mayAdminister": token.may_administer,
        "expiresAt": at_micros(token.expires_at).isoformat() if token.expires_at is not None else None,
    }


async def tokens(asking: Asking) -> Response:
    asking.grant.to_administer()
    return asking.plain([_token_shown(each) for each in await asking.desk.read(asking.desk.reader.tokens)])


async def add_token(asking: Asking) -> Response:
    """A new token; its secret stands in this answer and nowhere else."""
    asking.grant.to_administer()
    secret = new_secret()
    days = asking.body.get("days") if isinstance(asking.body, dict) else None
    if days is not None and (isinstance(days, bool) or not isinstance(days, int) or not 0 < days <= 3650):
        raise BadRequestData("days is a whole number from 1 to 3650, or left out for a token that does not expire.")
    created = micros_of(now())
    token = Token(
        id=new_id(),
        name=_text(asking, "name"),
        secret_sha256=digest(secret),
        tenants=_names(asking, "tenants"),
        types=_names(asking, "types"),
        may_write=asking.body.get("mayWrite") is True,
        may_administer=asking.body.get("mayAdminister") is True,
        expires_at=created + days * 86_400_000_000 if days else None,
        created_at=created,
    )
    for tenant in token.tenants - {ALL}:
        await asking.desk.tenant_for(tenant, creating=False)
    await asking.desk.writer.run(lambda transaction: transaction.put_token(token))
    return asking.plain(_token_shown(token) | {"secret": secret}, status=201)


async def delete_token(asking: Asking) -> Response:
    asking.grant.to_administer()
    token_id = asking.request.path_params["id"]
    if not await asking.desk.writer.run(lambda transaction: transaction.delete_token(token_id)):
        raise ResourceNotFound(f"There is no token {token_id}.")
    return asking.plain(status=204)


async def devices(asking: Asking) -> Response:
    asking.grant.to_administer()
    found = await asking.desk.read(asking.desk.reader.devices, asking.tenant)
    return asking.plain(
        [
            {
                "id": each.id,
                "name": each.name,
                "token": each.token,
                "feed": each.feed or None,
                "lastSeenAt": _time(each.last_seen_at),
                "interval": interval / 1_000_000 if (interval := each.every or each.usual) else None,
                "silentSince": _time(each.silent_since),
                "battery": each.battery,
            }
            for each in found
        ]
    )


def _time(at: int | None) -> str | None:
    return at_micros(at).isoformat() if at is not None else None


async def add_device(asking: Asking) -> Response:
    """Registers a device with the token it sends with. Its id is the MQTT client id, where it speaks MQTT."""
    asking.grant.to_administer()
    device = Device(
        tenant=asking.tenant,
        id=_text(asking, "id"),
        name=_text(asking, "name"),
        token=_text(asking, "token"),
        every=_interval(asking),
    )
    known = {token.id for token in await asking.desk.read(asking.desk.reader.tokens)}
    if device.token not in known:
        raise Conflict(f"There is no token with id {device.token}; make one first.")
    await asking.desk.writer.run(lambda transaction: transaction.put_device(device))
    return asking.plain({"id": device.id}, status=201)


def _interval(asking: Asking) -> int | None:
    """Microseconds of `every`, the seconds after which a device usually sends; None where that is to be learnt."""
    every = asking.body.get("every")
    if every is None:
        return None
    if isinstance(every, bool) or not isinstance(every, int | float) or not 0 < every <= 31_536_000:
        raise BadRequestData("every is a number of seconds, such as 900; leave it out, and it is learnt.")
    return int(every * 1_000_000)


async def rejections(asking: Asking) -> Response:
    asking.grant.to_administer()

    found = await asking.desk.read(lambda: asking.desk.reader.rejections(limit=asking.number("limit", 100, most=1000)))
    return asking.plain(
        [
            {
                "tenant": each.tenant,
                "source": each.source,
                "topic": each.topic,
                "reason": each.reason,
                "payload": each.payload.decode("utf-8", "replace"),
                "at": at_micros(each.at).isoformat(),
            }
            for each in found
        ]
    )
