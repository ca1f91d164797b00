"""The module keeps the contract, and its command line tells what it did."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from simos.kernel.checking import check_module
from simos.kernel.errors import Invalid, NotFound
from simos.kernel.registry import installed_modules
from simos.modules.mobility.parking.commands import cli
from simos.modules.mobility.parking.module import module
from simos.modules.mobility.parking.queries import facilities_of
from simos.testing.acting import in_city


def test_the_module_keeps_the_contract():
    assert [str(fault) for fault in check_module(installed_modules()[module.name])] == []


def test_every_text_of_the_manifest_is_in_all_languages_of_koper():
    texts = [module.title, module.summary, module.address]
    texts += [each.title for each in (*module.permissions, *module.roles, *module.life_events)]
    texts += [each.title for kind in module.entity_types for each in (kind, *kind.attributes)]
    assert [text.sl for text in texts if set(text.languages()) < {"sl", "en", "it"}] == []


def run(file: Path, city: str = "celje"):
    return CliRunner().invoke(cli["parking import"], [str(file), "--city", city], catch_exceptions=True)


@pytest.mark.usefixtures("switched_on")
def test_the_import_says_what_it_did_and_ends_with_an_error_where_a_row_was_left_out(tmp_path: Path):
    file = tmp_path / "facilities.csv"
    file.write_text("code;name;capacity\nlava;Lava;180\ngolovec;Golovec;many\n")
    done = run(file)
    assert done.exit_code == 2
    assert "1 added, 0 changed, 0 unchanged, 1 left out" in done.output
    assert "row 3, capacity: a whole number from 1 to 100000" in done.output
    with in_city("celje"):
        assert [facility.code for facility in facilities_of()] == ["lava"]
    file.write_text("code;name;capacity\nlava;Lava;180\n")
    done = run(file)
    assert (done.exit_code, done.output) == (0, "facilities: 0 added, 0 changed, 1 unchanged, 0 left out\n")


@pytest.mark.usefixtures("switched_on")
def test_a_file_that_cannot_be_read_or_a_city_that_is_none_is_refused(tmp_path: Path):
    file = tmp_path / "facilities.csv"
    file.write_text("naziv\nLava\n")
    assert isinstance(run(file).exception, Invalid)
    file.write_text("code,name\nlava,Lava\n")
    assert isinstance(run(file, "atlantis").exception, NotFound)
