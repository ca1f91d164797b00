"""Python files as the rules see them: dotted name, syntax tree, imports. Reads files; never imports what it reads."""

import ast
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One breach of a rule. `message` says what to do."""

    file: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule}: {self.message}"


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name, dotted in full: `from a.b import c` is `a.b.c`, whether c is a file or a name in one."""

    name: str
    line: int

    def within(self, package: str) -> bool:
        return is_within(self.name, package)


def is_within(name: str, package: str) -> bool:
    """Whether dotted `name` is `package` or lies in it."""
    return name == package or name.startswith(f"{package}.")


class Source:
    """One file. `inside` holds the parts of its dotted name below `package`: ('rules', 'fees')."""

    def __init__(self, path: Path, package: str, inside: tuple[str, ...]) -> None:
        self.path = path
        self.package = package
        self.inside = inside
        with tokenize.open(path) as file:
            self.text = file.read()
        self.tree = ast.parse(self.text, filename=str(path))

    @property
    def dotted(self) -> str:
        return ".".join((self.package, *self.inside))

    @property
    def is_package(self) -> bool:
        return self.path.name == "__init__.py"

    @property
    def is_test(self) -> bool:
        return "tests" in self.inside or self.path.name == "conftest.py"

    @property
    def is_migration(self) -> bool:
        return "migrations" in self.inside

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        return tuple(ast.walk(self.tree))

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        return tuple(self._imports())

    def _imports(self) -> Iterator[Import]:
        for node in self.nodes:
            if isinstance(node, ast.Import):
                yield from (Import(alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = self._base_of(node)
                yield from (Import(base if a.name == "*" else f"{base}.{a.name}", node.lineno) for a in node.names)

    def _base_of(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        here = self.dotted.split(".")
        up = node.level - self.is_package
        return ".".join([*here[: len(here) - up], *([node.module] if node.module else [])])

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What each name that an import binds stands for, dotted in full."""
        bound: dict[str, str] = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    bound[alias.asname or alias.name.split(".")[0]] = (
                        alias.name if alias.asname else alias.name.split(".")[0]
                    )
            elif isinstance(node, ast.ImportFrom):
                base = self._base_of(node)
                bound |= {alias.asname or alias.name: f"{base}.{alias.name}" for alias in node.names}
        return bound

    def meaning_of(self, node: ast.AST) -> str:
        """The dotted name that an expression such as `dt.datetime.now` stands for; empty where it is none."""
        tail: list[str] = []
        while isinstance(node, ast.Attribute):
            tail.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id not in self.names:
            return ""
        return ".".join([self.names[node.id], *reversed(tail)])

    def top_level(self) -> Mapping[str, ast.stmt]:
        """What the file defines or binds at its top level, by name."""
        found: dict[str, ast.stmt] = {}
        for statement in self.tree.body:
            match statement:
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                    found[statement.name] = statement
                case ast.Assign(targets=targets):
                    found |= {target.id: statement for target in targets if isinstance(target, ast.Name)}
                case ast.AnnAssign(target=ast.Name(id=name)):
                    found[name] = statement
                case ast.Import(names=names) | ast.ImportFrom(names=names):
                    found |= {alias.asname or alias.name: statement for alias in names}
        return found

    def line_of(self, text: str) -> int:
        """The first line that holds the string `text`; 1 where none does."""
        lines = (node.lineno for node in self.nodes if isinstance(node, ast.Constant) and node.value == text)
        return min(lines, default=1)

    def fault(self, line: int, rule: str, message: str) -> Fault:
        return Fault(str(self.path), line, rule, message)


def sources_in(folder: Path, package: str) -> tuple[list[Source], list[Fault]]:
    """Every Python file under `folder`, which is the folder of `package`, and a fault for each that is not Python."""
    found, faults = [], []
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        try:
            found.append(Source(path, package, parts[:-1] if parts[-1] == "__init__" else parts))
        except SyntaxError as error:
            faults.append(Fault(str(path), error.lineno or 1, "syntax", f"{error.msg}; Python cannot read this file"))
    return found, faults
