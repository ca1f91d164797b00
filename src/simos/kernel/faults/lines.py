"""Rules for any file of ours: names that are not to be used, form, size. One table, no knowledge of modules."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from simos.kernel.faults.sources import Fault, Source, is_within

MOST_LINES = 400

STRAY_NAMES = frozenset({"utils", "util", "helpers", "common", "base", "manager", "managers", "service", "services"})
"""File names that say nothing of what is inside."""

NAMED_WITH_REASON = frozenset({"simos.hub.store.base"})
"""A port's own file beside its adapters."""


@dataclass(frozen=True, slots=True)
class NotHere:
    """Names (dotted in full, and all inside them) that only the files of `but_in` may use."""

    rule: str
    names: tuple[str, ...]
    instead: str
    but_in: tuple[str, ...] = ()


NOT_HERE: tuple[NotHere, ...] = (
    NotHere(
        "environment",
        ("os.environ", "os.environb", "os.getenv", "os.getenvb", "os.putenv"),
        "only simos/app/settings.py reads the environment; add a field there and pass its value on",
        ("simos.app.settings",),
    ),
    NotHere(
        "clock",
        (
            "datetime.datetime.now",
            "datetime.datetime.utcnow",
            "datetime.datetime.today",
            "datetime.date.today",
            "time.time",
            "time.time_ns",
            "django.utils.timezone.now",
            "django.db.models.functions.Now",
        ),
        "only simos/kernel/clock.py reads the time of day; call simos.kernel.clock.now()",
        ("simos.kernel.clock",),
    ),
    NotHere(
        "get-model",
        ("django.apps.apps.get_model",),
        "it hides an import; import the model where the layers allow it, or ask the other module's public.py",
    ),
    NotHere(
        "signals",
        ("django.db.models.signals", "django.dispatch"),
        "signals are hidden glue; emit an event in the action and name its handler in reactions.py",
    ),
    NotHere("print", ("builtins.print",), "log it, or use click.echo in a command"),
)

_CONVERSIONS = frozenset({"django.utils.timezone.localtime", "django.utils.timezone.localdate"})


def faults_in_lines(source: Source, *, most_lines: int = MOST_LINES) -> Iterator[Fault]:
    """What is wrong with one file on its own. Tests may use any name; migrations are Django's to write."""
    yield from _relative_imports(source)
    if source.is_migration:
        return
    yield from _form(source, most_lines)
    if not source.is_test:
        yield from _names_not_here(source)
        yield from _django_clock(source)


def _relative_imports(source: Source) -> Iterator[Fault]:
    for node in source.nodes:
        if isinstance(node, ast.ImportFrom) and node.level:
            yield source.fault(node.lineno, "relative-import", "write the full name: from simos... import ...")


def _form(source: Source, most_lines: int) -> Iterator[Fault]:
    if source.tree.body and ast.get_docstring(source.tree) is None:
        yield source.fault(1, "docstring", "begin the file with a docstring: what it is, and what it must not do")
    lines = source.text.count("\n")
    if lines > most_lines:
        yield source.fault(most_lines + 1, "length", f"{lines} lines, allowed are {most_lines}; split it by concern")
    for part in source.inside[-1:]:
        if part in STRAY_NAMES and source.dotted not in NAMED_WITH_REASON:
            yield source.fault(1, "name", f"'{part}' says nothing; name the file by its concern")


def _names_not_here(source: Source) -> Iterator[Fault]:
    told: set[tuple[int, str]] = set()
    for node in source.nodes:
        if not isinstance(node, ast.Name | ast.Attribute):
            continue
        meaning = _builtin(node, source.names) or source.meaning_of(node)
        for ban in NOT_HERE:
            place = (node.lineno, ban.rule)
            if source.dotted in ban.but_in or place in told:
                continue
            if any(is_within(meaning, name) for name in ban.names):
                told.add(place)
                yield source.fault(node.lineno, ban.rule, f"{meaning.removeprefix('builtins.')} is used; {ban.instead}")


def _builtin(node: ast.AST, imported: Mapping[str, str]) -> str:
    if isinstance(node, ast.Name) and node.id == "print" and node.id not in imported:
        return "builtins.print"
    return ""


def _django_clock(source: Source) -> Iterator[Fault]:
    """Django's quieter ways to read the clock: columns that fill themselves, and conversions of nothing."""
    for node in source.nodes:
        if isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}:
            advice = "the action sets the time from its `at`"
            yield source.fault(node.value.lineno, "clock", f"{node.arg} reads the machine's clock; {advice}")
        elif isinstance(node, ast.Call) and not node.args and source.meaning_of(node.func) in _CONVERSIONS:
            advice = "give it simos.kernel.clock.now()"
            yield source.fault(node.lineno, "clock", f"without a time to convert this reads the clock; {advice}")
