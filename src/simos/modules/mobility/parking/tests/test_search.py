"""A facility that was saved is found in the platform's search, in the languages of its city."""

from dataclasses import replace

import pytest

from simos.kernel.acting import Actor
from simos.modules.mobility.parking.actions import save_facilities
from simos.modules.mobility.parking.tests.conftest import CELJE, DVOR, GLAZIJA, NOW
from simos.platform.events.reactions import installed_reactions
from simos.platform.search.actions import rebuild_all
from simos.platform.search.queries import search
from simos.testing.acting import SYSTEM
from simos.testing.work import react


def found(text: str, language: str = "sl") -> list[tuple[str, str]]:
    hits = search(text, by=Actor.nobody(), language=language, city="celje").hits
    return [(hit.title, hit.address) for hit in hits]


@pytest.mark.usefixtures("switched_on")
def test_a_facility_is_found_once_it_is_saved():
    save_facilities(CELJE, [GLAZIJA, DVOR], by=SYSTEM, at=NOW)
    react(installed_reactions())
    assert found("glazija") == [(GLAZIJA.name, "/celje/parkiranje/glazija/")]
    assert found("glazija", "en") == [(GLAZIJA.name, "/en/celje/parking/glazija/")]
    assert len(found("parkirišča")) == 2
    save_facilities(CELJE, [replace(GLAZIJA, name="Pri gledališču")], by=SYSTEM, at=NOW)
    react(installed_reactions())
    assert found("pri gledališču") == [("Pri gledališču", "/celje/parkiranje/glazija/")]


@pytest.mark.usefixtures("switched_on")
def test_the_nightly_rebuild_finds_them_too():
    save_facilities(CELJE, [GLAZIJA, DVOR], by=SYSTEM, at=NOW)
    assert found("glazija") == []
    rebuild_all(by=SYSTEM, at=NOW)
    assert len(found("glazija")) == 1
