"""The platform's own desks, declared like those of any module."""

from simos.web.office.declared import Desk
from simos.web.office.desks import audit, cities, modules, officers, tokens, work

office: tuple[Desk, ...] = (cities.desk, officers.desk, modules.desk, tokens.desk, work.desk, audit.desk)
