"""Where the hub may send and fetch: addresses that users give never lead into private networks, unless allowed.

The one rule for receivers of notifications and whatever else is named by a stranger. Names are judged by what they
resolve to at the moment of connecting, so that a name cannot be public when asked and private when used.
"""

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

_NEVER = (
    ipaddress.ip_network("169.254.0.0/16"),  # where clouds hand out their keys
    ipaddress.ip_network("fe80::/10"),
    ipaddress.ip_network("fd00:ec2::254/128"),
)


class NotAllowed(OSError):
    """The address lies in a network that is not for strangers."""


@dataclass(frozen=True, slots=True)
class Reach:
    """`everywhere`: private addresses too (`--open`). `hosts`: names and networks (CIDR) allowed although private."""

    everywhere: bool = False
    hosts: frozenset[str] = field(default_factory=frozenset)

    def may_name(self, host: str) -> bool:
        """Whether `host` may be named: a name always, since it is judged when used; an address by itself."""
        try:
            address = ipaddress.ip_address(host.strip("[]"))
        except ValueError:
            return self.everywhere or host in self.hosts or not _is_local_name(host)
        return self.may_reach(host, str(address))

    def may_reach(self, host: str, address: str) -> bool:
        """Whether a connection to `address`, which `host` resolved to, may be made."""
        found = ipaddress.ip_address(address.partition("%")[0])
        if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
            found = found.ipv4_mapped
        if any(found in network for network in _NEVER if network.version == found.version):
            return False
        if self.everywhere or host in self.hosts or found.is_global:
            return True
        return any(found in network for network in _networks(self.hosts) if network.version == found.version)

    def resolved(self, host: str, port: int) -> str:
        """An address of `host` that may be reached, asked of the system (blocks); NotAllowed or OSError."""
        found = [info[4][0] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        for address in found:
            if self.may_reach(host, str(address)):
                return str(address)
        raise NotAllowed(f"{host} is in a private network")


class ReachingResolver(AbstractResolver):
    """Resolves for aiohttp, and keeps back what may not be reached."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._asked = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._asked.resolve(host, port, family)
        allowed = [each for each in found if self._reach.may_reach(host, each["host"])]
        if not allowed:
            raise NotAllowed(f"{host} is in a private network")
        return allowed

    async def close(self) -> None:
        await self._asked.close()


def _is_local_name(host: str) -> bool:
    return host.lower().rstrip(".") in ("localhost", "") or host.lower().endswith(".localhost")


def _networks(hosts: Iterable[str]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    found = []
    for each in hosts:
        try:
            found.append(ipaddress.ip_network(each, strict=False))
        except ValueError:
            continue  # a name
    return found
