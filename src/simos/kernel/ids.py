"""Typed identifiers, and how they are made. Nothing here looks anything up."""

import re
import secrets
import uuid
from typing import NewType

CityCode = NewType("CityCode", str)
ModuleName = NewType("ModuleName", str)
"""`domain/name`, for example `mobility/parking`."""
PermissionName = NewType("PermissionName", str)
"""kebab verb-noun, for example `grant-permit`."""
TenantName = NewType("TenantName", str)
EntityId = NewType("EntityId", str)
"""A URI, by our own habit `urn:ngsi-ld:<Type>:<city>:<code>`."""
PartyId = NewType("PartyId", str)

CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
"""Cities, facilities and the like: lower case, digits, single dashes; at most 64 signs."""
MODULE_NAME = re.compile(r"[a-z][a-z0-9_]*/[a-z][a-z0-9_]*")
KEBAB = re.compile(r"[a-z]+(-[a-z0-9]+)+")


def city_code(text: str) -> CityCode:
    """`text` as a city code; ValueError says what a code looks like."""
    if not CODE.fullmatch(text) or len(text) > 64:
        raise ValueError(f"a city code is lower-case letters, digits and dashes, such as 'nova-gorica'; not {text!r}")
    return CityCode(text)


def entity_id(kind: str, city: str, code: str) -> EntityId:
    """The identifier by which the hub knows a city's thing: `urn:ngsi-ld:OffStreetParking:celje:glazija`."""
    return EntityId(f"urn:ngsi-ld:{kind}:{city}:{code}")


def new_id() -> str:
    """A random identifier nobody can guess, for rows that the outside world may see."""
    return str(uuid.uuid4())


def new_secret() -> str:
    """256 random bits for a token or key, in URL-safe signs."""
    return secrets.token_urlsafe(32)
