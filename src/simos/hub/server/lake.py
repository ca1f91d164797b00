"""The lake's own addresses: how it stands, and moving days into it. For administrators' tokens."""

from starlette.responses import Response

from simos.hub.lake.keeper import Keeper
from simos.hub.problems import BadRequestData
from simos.hub.server.desk import Asking
from simos.kernel.errors import NotFound


async def status(asking: Asking) -> Response:
    """How the lake stands: by tenant and type the days it holds and their size, and how the last move ended."""
    asking.grant.to_administer()
    return asking.plain(await asking.desk.read(_keeper(asking).status))


async def move(asking: Asking) -> Response:
    """Days that ended more than `olderThanDays` ago begin to move into the lake; 202 at once."""
    asking.grant.to_administer()
    days = asking.body.get("olderThanDays") if isinstance(asking.body, dict) else None
    if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= 100_000:
        raise BadRequestData("olderThanDays is a whole number from 1 to 100000.")
    _keeper(asking).begin(days)
    return asking.plain({"moving": True}, status=202)


def _keeper(asking: Asking) -> Keeper:
    if asking.desk.lake is None:
        raise NotFound("This hub has no lake.")
    return asking.desk.lake
