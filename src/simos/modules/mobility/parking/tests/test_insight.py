"""Accuracy and insight as people see them, the assumptions behind the range, and the indicators."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from simos.kernel.acting import Actor
from simos.kernel.errors import Forbidden
from simos.modules.mobility.parking import indicators, jobs
from simos.modules.mobility.parking.actions import save_facilities
from simos.modules.mobility.parking.actions.assumptions import assume, assume_no_more
from simos.modules.mobility.parking.actions.days import keep_days, mend_days
from simos.modules.mobility.parking.actions.forecasts import judge_past
from simos.modules.mobility.parking.queries.insight import arrivals_between, assumptions, use_by_facility, verdicts
from simos.modules.mobility.parking.rules.avoided import DEFAULTS, LIMITS, Name, changed, not_driven
from simos.modules.mobility.parking.tests.conftest import CELJE, DVOR, KOPER, NOW
from simos.modules.mobility.parking.tests.test_jobs import record
from simos.modules.mobility.parking.tests.test_operating import LJUBLJANA
from simos.platform.scopes.acting import acting
from simos.platform.things.door import reader
from simos.testing.acting import SYSTEM

DAYS = 12


@pytest.fixture
def town(switched_on, hub, monkeypatch):
    """A garage with twelve days of counts, kept and judged."""
    monkeypatch.setattr(jobs, "hub", lambda: hub)
    save_facilities(CELJE, [DVOR], by=SYSTEM, at=NOW)
    record(hub, "knezji-dvor", 140, days=DAYS)
    keep_days(CELJE, reader(), by=SYSTEM, at=NOW)
    return hub


def page(address: str, status: int = 200) -> str:
    response = Client().get(address)
    assert response.status_code == status
    return b"".join(response).decode()


@pytest.mark.django_db
def test_a_city_without_verdicts_says_so_and_why_there_is_no_model(town):
    said = page("/en/celje/parking/forecasts/")
    assert "No forecast has been judged yet" in said
    assert "it has not been tried to learn one yet" in said
    assert "Nobody has measured" not in page("/en/koper/parking/insight/")


@pytest.mark.django_db
def test_accuracy_says_in_plain_words_how_far_forecasts_are_off(town):
    found = judge_past(CELJE, since=NOW - timedelta(days=3), until=NOW, by=SYSTEM)
    assert found.why_not == "short"
    with acting(SYSTEM, CELJE):
        told = verdicts(NOW, code="knezji-dvor")
        assert set(told) == {30, 60, 120}
        assert told[60].model == pytest.approx(told[60].drift, rel=0.05)
        assert told[60].afterwards == told[60].days
        assert verdicts(NOW)[60].model == pytest.approx(100 * told[60].model / 140)
        assert verdicts(NOW + timedelta(days=40)) == {}
    said = page("/en/celje/parking/knezji-dvor/forecasts/")
    assert f"typically within {max(1, round(told[60].model))} space" in said
    assert "judged afterwards" in said
    assert "Garaža Knežji dvor" in page("/celje/parkiranje/napovedi/")


@pytest.mark.django_db
def test_insight_shows_hours_and_weekdays_and_a_range_with_its_assumptions(town):
    with acting(SYSTEM, CELJE):
        use = use_by_facility(NOW.date() - timedelta(days=DAYS), NOW.date(), LJUBLJANA)["knezji-dvor"]
        arrivals, days = arrivals_between(NOW.date() - timedelta(days=DAYS), NOW.date())
    noon, night = use.by_weekday()[2][11], use.by_weekday()[2][3]
    assert noon is not None
    assert night is not None
    assert noon > night + 0.3
    assert use.arrivals == arrivals > 0
    assert days == DAYS + 1
    said = page("/en/celje/parking/insight/?days=7")
    for text in ("Occupied spaces in percent", "Not driven", "Shoup 2006", "Garaža Knežji dvor", "–"):
        assert text in said
    assert "Occupied spaces" in page("/en/celje/parking/knezji-dvor/insight/")
    assert page("/en/celje/parking/insight/?days=no")
    rows = page("/celje/parkiranje/uporaba/csv/?days=7").splitlines()
    assert rows[0].lstrip("\ufeff").startswith("code,name,first_day")
    assert rows[1].startswith("knezji-dvor,")
    assert '"arrivals_at_least"' in page("/celje/parkiranje/uporaba/json/?days=7")
    page("/celje/parkiranje/uporaba/xml/", 404)


shares = st.floats(0, 1)


@given(arrivals=st.integers(0, 10**8), ends=st.lists(st.tuples(shares, shares), min_size=4, max_size=4))
def test_what_was_not_driven_is_a_range_that_grows_with_what_is_assumed(arrivals, ends):
    assumed = {
        name: changed(name, low=min(pair) * LIMITS[name], high=max(pair) * LIMITS[name], source="x")
        for name, pair in zip(Name, ends, strict=True)
    }
    found = not_driven(arrivals, assumed)
    assert 0 <= found.km.low <= found.km.high
    assert 0 <= found.tonnes.low <= found.tonnes.high
    wider = {name: replace(each, high=LIMITS[name]) for name, each in assumed.items()}
    assert not_driven(arrivals, wider).tonnes.high >= found.tonnes.high


@pytest.mark.django_db
def test_an_office_assumes_something_else_with_a_source_and_takes_it_back(town):
    mine = changed(Name.SEARCH_KM, low=0.5, high=0.9, source="Štetje 2026")
    with pytest.raises(Forbidden):
        assume(CELJE, mine, by=Actor.nobody(), at=NOW)
    with pytest.raises(ValueError, match="come from"):
        changed(Name.SEARCH_KM, low=0.5, high=0.9, source=" ")
    row = assume(CELJE, mine, by=SYSTEM, at=NOW)
    with acting(SYSTEM, CELJE):
        assert assumptions()[Name.SEARCH_KM] == mine
        assert assumptions()[Name.SEEKERS] == DEFAULTS[Name.SEEKERS]
    with acting(SYSTEM, KOPER):
        assert assumptions() == DEFAULTS
    assert "Štetje 2026" in page("/en/celje/parking/insight/?days=7")
    assume_no_more(CELJE, row, by=SYSTEM, at=NOW)
    with acting(SYSTEM, CELJE):
        assert assumptions() == DEFAULTS


@pytest.mark.django_db
def test_both_ends_of_the_range_are_indicators_and_nothing_counted_is_no_value(town):
    class August:
        first, last = NOW.date() - timedelta(days=10), NOW.date() - timedelta(days=1)

    with acting(SYSTEM, CELJE):
        low, high = (indicators.compute[f"co2-avoided-{end}"](CELJE, August) for end in ("low", "high"))
    assert low is not None
    assert high is not None
    assert 0 <= low.value < high.value
    assert low.readings == 10
    with acting(SYSTEM, KOPER):
        assert indicators.compute["co2-avoided-low"](KOPER, August) is None


@pytest.mark.django_db
def test_what_was_kept_already_is_not_taken_again(town):
    assert mend_days(CELJE, reader(), by=SYSTEM, at=NOW) == 0
