"""A national portal harvests the platform with ckanapi, and a statistician reads what it points to."""

from tests.foreign.conftest import Run, client
from tests.running import Running

__all__ = ["client"]


def test_ckanapi_harvests_the_catalogue(platform: Running, client: Run) -> None:
    told = client("by_ckanapi", f"{platform.url}/api/data/catalogue/consortium/ckan")
    for address in told.pop("urls"):
        status, body = platform.get(address.removeprefix(platform.url))
        assert (status, len(body) > 100) == (200, True), address
    assert told == {
        "version": "2",
        "listed": True,
        "title": "Parkirišče ali garaža – Celje",
        "found": True,
        "cities": ["celje", "koper"],
        "missing": True,
        "by GET": "celje-off-street-parking",
    }
