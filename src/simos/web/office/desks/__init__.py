"""The platform's own desks, declared like those of any module."""

from simos.web.office.declared import Desk
from simos.web.office.desks import audit, cities, clients, modules, officers, substitutes, tokens, units, work

office: tuple[Desk, ...] = (
    cities.desk,
    officers.desk,
    units.desk,
    substitutes.desk,
    modules.desk,
    tokens.desk,
    clients.desk,
    work.desk,
    audit.desk,
)
