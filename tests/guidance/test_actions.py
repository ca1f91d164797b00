"""Saving, importing, writing by hand: what is right is kept, what is wrong is told, each change leaves traces."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from simos.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from simos.modules.mobility.guidance.actions.hand_texts import end_hand_text, write_on_panel
from simos.modules.mobility.guidance.actions.panels import Saved, import_panels, remove_panel, save_panels
from simos.modules.mobility.guidance.models import Panel
from simos.modules.mobility.guidance.queries import panel_of, panels_of
from simos.modules.mobility.guidance.rules.rows import COLUMNS, row_of
from simos.modules.mobility.guidance.values import PanelFacts
from simos.platform.audit.models import AuditRecord
from simos.platform.audit.queries import verify
from simos.platform.events.models import EventRecord
from simos.testing.acting import SYSTEM, in_city, officer
from tests.guidance.conftest import CELJE, KOPER, NOW, TWO

pytestmark = pytest.mark.usefixtures("facilities")

HOUR = timedelta(hours=1)


def there(scope=CELJE) -> dict[str, PanelFacts]:
    with in_city(scope.code):
        return {panel.code: panel.facts for panel in panels_of()}


def imported(*rows: Mapping[str, str]) -> Saved:
    return import_panels(CELJE, list(enumerate(rows, start=2)), header=COLUMNS, by=SYSTEM, at=NOW)


def done(action: str) -> int:
    return AuditRecord.objects.filter(scope="city:celje", action=action).count()


def write(*texts: str, by=SYSTEM, seen: int = 0, until=NOW + HOUR, reason: str = "Prireditev v centru"):
    return write_on_panel(CELJE, "P01", texts, until=until, reason=reason, seen=seen, by=by, at=NOW)


def test_a_panel_is_saved_once_and_leaves_its_traces():
    assert save_panels(CELJE, [TWO], by=SYSTEM, at=NOW).added == ("P01",)
    assert save_panels(CELJE, [TWO], by=SYSTEM, at=NOW).unchanged == ("P01",)
    assert save_panels(CELJE, [replace(TWO, characters=4)], by=SYSTEM, at=NOW).changed == ("P01",)
    assert there() == {"P01": replace(TWO, characters=4)}
    assert there(KOPER) == {}
    assert (done("add-panel"), done("change-panel")) == (1, 1)
    assert EventRecord.objects.filter(key__endswith=".PanelSaved").count() == 2
    assert verify(CELJE) == []


def test_nobody_saves_a_panel_without_being_permitted(db):
    for role in ("parking-officer", "editor"):
        for act in (
            lambda by: save_panels(CELJE, [TWO], by=by, at=NOW),
            lambda by: import_panels(CELJE, [], header=COLUMNS, by=by, at=NOW),
            lambda by: remove_panel(CELJE, "P01", by=by, at=NOW),
            lambda by: write("A", by=by),
            lambda by: end_hand_text(CELJE, "P01", seen=0, by=by, at=NOW),
        ):
            with pytest.raises(Forbidden):
                act(officer(CELJE, role))
    with pytest.raises(Forbidden):
        save_panels(CELJE, [TWO], by=officer(KOPER, "guidance-officer"), at=NOW)
    assert save_panels(CELJE, [TWO], by=officer(CELJE, "guidance-officer"), at=NOW).added == ("P01",)


def test_a_line_names_what_parking_has():
    strange = replace(TWO, lines=(replace(TWO.lines[0], serves=("glazija", "trznica")),))
    with pytest.raises(Invalid, match="trznica"):
        save_panels(CELJE, [strange], by=SYSTEM, at=NOW)
    assert there() == {}


def test_a_file_is_taken_row_by_row():
    rows = [
        row_of(TWO),
        {**row_of(TWO), "name": "Again"},
        {**row_of(TWO), "code": "P02", "colour": "pink"},
        {**row_of(TWO), "code": "P03", "lines": "left: X = nowhere"},
        {**row_of(TWO), "code": "P04"},
    ]
    found = imported(*rows)
    assert found.added == ("P01", "P04")
    assert [(each.row, each.field) for each in found.errors] == [(3, "code"), (4, "colour"), (5, "lines")]
    assert imported(row_of(TWO)).unchanged == ("P01",)


def test_a_panel_that_is_removed_is_gone():
    save_panels(CELJE, [TWO], by=SYSTEM, at=NOW)
    write("PRIREDITEV"[:8])
    remove_panel(CELJE, "P01", by=SYSTEM, at=NOW)
    remove_panel(CELJE, "P01", by=SYSTEM, at=NOW)
    assert there() == {}
    assert done("remove-panel") == 1


def test_an_officer_writes_and_gives_back():
    save_panels(CELJE, [TWO], by=SYSTEM, at=NOW)
    assert write("sejem", "zaprto").lines == ("SEJEM", "ZAPRTO")
    with in_city("celje"):
        panel = panel_of("P01")
        assert panel.hand_text.override.until == NOW + HOUR
    end_hand_text(CELJE, "P01", seen=1, by=SYSTEM, at=NOW)
    end_hand_text(CELJE, "P01", seen=2, by=SYSTEM, at=NOW)
    with in_city("celje"):
        assert panel_of("P01").hand_text.until == NOW
    assert (done("write-on-panel"), done("end-hand-text")) == (1, 1)
    said = AuditRecord.objects.get(action="write-on-panel").data
    assert "Prireditev v centru" in str(said)


def test_of_two_officers_the_second_is_told():
    save_panels(CELJE, [TWO], by=SYSTEM, at=NOW)
    write("PRVI")
    with pytest.raises(Conflict):
        write("DRUGI")
    with pytest.raises(Conflict):
        end_hand_text(CELJE, "P01", seen=0, by=SYSTEM, at=NOW)
    assert write("DRUGI", seen=1).lines == ("DRUGI",)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"texts": ("PREDOLGO BESEDILO",)}, "texts"),
        ({"texts": ("A", "B", "C")}, "texts"),
        ({"texts": ("€",)}, "texts"),
        ({"until": NOW}, "until"),
        ({"until": NOW + timedelta(days=32)}, "until"),
        ({"reason": " "}, "reason"),
    ],
)
def test_what_cannot_be_shown_is_refused_and_changes_nothing(fields, field):
    save_panels(CELJE, [TWO], by=SYSTEM, at=NOW)
    texts = fields.pop("texts", ("A",))
    with pytest.raises(Invalid) as refusal:
        write(*texts, **fields)
    assert refusal.value.extra["field"] == field
    with in_city("celje"):
        assert Panel.objects.filter(hand_text__isnull=False).count() == 0


def test_nobody_writes_on_a_panel_that_is_not_there():
    with pytest.raises(NotFound):
        write("A")
