"""A hub with its broker, open to all, to be killed: `mqtt_process.py DATABASE_URL PORT`."""

import asyncio
import sys

from simos.hub.grants import open_to_all
from simos.hub.mqtt import embedded_broker
from simos.hub.server.running import open_desk


async def main(url: str, port: int) -> None:
    async with (
        open_desk(url, [open_to_all], implicit_tenants=True) as desk,
        embedded_broker(desk, "127.0.0.1", port),
    ):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
