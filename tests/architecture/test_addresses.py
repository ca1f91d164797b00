"""Every address has its line in the access matrix; said here too, since this runs before anything is landed."""

from tests.access.expected import undeclared


def test_every_address_has_its_line_in_the_access_matrix() -> None:
    assert undeclared() == []
