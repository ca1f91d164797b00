"""The platform's own desks, declared like those of any module."""

from simos.web.office.declared import Desk

office: tuple[Desk, ...] = ()
