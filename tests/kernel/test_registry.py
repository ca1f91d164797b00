"""Which modules there are, in which order, and what is refused before anything starts."""

import sys
from collections.abc import Mapping
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.kernel import registry
from simos.kernel.ids import ModuleName
from simos.kernel.module import EntityType, Module, Permission
from simos.kernel.registry import Installed, RegistryError, registry_of
from simos.kernel.text import Text


def module(name: str, *, requires: tuple[str, ...] = (), address: str = "", **more: object) -> Installed:
    words = Text(sl=name, en=name)
    code = address or name.replace("/", "-").replace("_", "-")
    value = Module(
        name=ModuleName(name),
        title=words,
        address=Text(sl=code, en=code),
        summary=words,
        requires=tuple(ModuleName(each) for each in requires),
        **more,  # type: ignore[arg-type]  # what a test wants to add
    )
    return Installed(value, f"modules.{name.replace('/', '.')}")


@st.composite
def needs(draw: st.DrawFn) -> Mapping[str, tuple[str, ...]]:
    """Modules, each requiring some of those before it: never in a circle."""
    names = [f"d/m{number}" for number in range(draw(st.integers(1, 8)))]
    return {
        name: tuple(sorted(draw(st.sets(st.sampled_from(names[:place]))) if place else ()))
        for place, name in enumerate(names)
    }


@given(needs(), st.randoms())
def test_what_is_required_comes_first_however_they_are_listed(wanted: Mapping[str, tuple[str, ...]], random) -> None:  # type: ignore[no-untyped-def]  # hypothesis' own type
    listed = [module(name, requires=required) for name, required in wanted.items()]
    random.shuffle(listed)
    order = [each.module.name for each in registry_of(listed)]
    assert sorted(order) == sorted(wanted)
    assert all(
        order.index(ModuleName(need)) < order.index(ModuleName(name)) for name in wanted for need in wanted[name]
    )


def test_the_order_does_not_hang_on_the_order_of_installing() -> None:
    several = [module("a/one", requires=("c/three",)), module("b/two"), module("c/three")]
    assert list(registry_of(several).modules) == list(registry_of(reversed(several)).modules)


GRANT = Permission(name="grant-permit", title=Text(sl="Izdaja", en="Grant"))
SPOT = EntityType(name="ParkingSpot", title=Text(sl="Mesto", en="Spot"))


@pytest.mark.parametrize(
    ("several", "said"),
    [
        ([module("a/one"), module("a/one")], "installed twice"),
        ([module("a/one", requires=("b/two",))], "a/one requires b/two, which is not installed"),
        ([module("a/one", requires=("b/two",)), module("b/two", requires=("a/one",))], "in a circle"),
        ([module("a/one", address="x"), module("b/two", address="x")], "address 'x' is declared by a/one and by b/two"),
        ([module("a/one", permissions=(GRANT,)), module("b/two", permissions=(GRANT,))], "permission 'grant-permit'"),
        ([module("a/one", entity_types=(SPOT,)), module("b/two", entity_types=(SPOT,))], "entity type 'ParkingSpot'"),
        ([module("a/b_c"), module("a_b/c", address="other")], "table prefix 'a_b_c'"),
    ],
)
def test_modules_that_do_not_go_together_are_refused(several: list[Installed], said: str) -> None:
    with pytest.raises(RegistryError, match=said):
        registry_of(several)


def test_an_unknown_module_is_answered_with_the_known_ones() -> None:
    with pytest.raises(RegistryError, match=r"no module 'a/two' is installed; installed: a/one"):
        registry_of([module("a/one")])["a/two"]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is an importable package for the length of a test."""
    folder = tmp_path / "strangers_module"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""A package."""\n')
    monkeypatch.syspath_prepend(tmp_path)
    yield folder
    for name in [name for name in sys.modules if name.split(".")[0] == folder.name]:
        del sys.modules[name]


def test_code_is_found_by_file_name_and_export(package: Path) -> None:
    (package / "jobs.py").write_text("jobs = ('nightly',)\n")
    (package / "pages.py").write_text("page = ()\n")
    installed = Installed(module("a/one").module, package.name)
    assert installed.load("jobs") == ("nightly",)
    assert installed.load("reactions") is None
    assert installed.has("pages")
    assert not installed.has("reactions")
    with pytest.raises(RegistryError, match="exports no 'pages'"):
        installed.load("pages")


def test_a_fault_inside_a_file_is_not_taken_for_a_missing_export(package: Path) -> None:
    (package / "jobs.py").write_text("jobs = len.no_such_thing\n")
    with pytest.raises(AttributeError, match="no_such_thing"):
        Installed(module("a/one").module, package.name).load("jobs")


def test_every_module_with_the_file_is_asked(package: Path) -> None:
    (package / "checks.py").write_text("checks = {'wire': len}\n")
    with_checks = Installed(module("a/one").module, package.name)
    assert [(m.name, export) for m, export in registry_of([with_checks]).exports("checks")] == [
        ("a/one", {"wire": len})
    ]
    assert list(registry_of([with_checks]).exports("jobs")) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("module = 7", "is not a simos.kernel.module.Module"),
        ("import nowhere_at_all", "nowhere_at_all"),
        ("", "'module'"),
        ("from simos.kernel.module import Module\nmodule = Module(name='x/y')", "title"),
        ("raise ValueError('module x/y: wrong')", "module x/y: wrong"),
    ],
)
def test_a_broken_package_is_named(package: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str) -> None:
    (package / "module.py").write_text(text)
    entry = EntryPoint("x.y", f"{package.name}.module:module", registry.GROUP)
    monkeypatch.setattr(registry, "entry_points", lambda group: [entry])
    with pytest.raises(RegistryError, match=said) as refused:
        registry.installed_modules.__wrapped__()
    assert "x.y" in str(refused.value)
