"""What a module's manifest promises, held against its files. Reads the manifest's value and the files' syntax trees."""

import ast
from collections.abc import Iterator, Mapping, Sequence

from simos.kernel.extension import CONTENT_LABELS
from simos.kernel.faults.floors import owner_of
from simos.kernel.faults.sources import Fault, Source, is_within
from simos.kernel.ids import KEBAB
from simos.kernel.module import Module

_KEYS = frozenset({"ForeignKey", "OneToOneField", "ManyToManyField", "ParentalKey", "ParentalManyToManyField"})


class Files:
    """A module's sources, asked for by the name of their floor."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self.sources = sources

    def of(self, floor: str) -> list[Source]:
        return [source for source in self.sources if source.inside[:1] == (floor,)]

    def names_in(self, floor: str) -> dict[str, ast.stmt]:
        """What `<floor>.py`, or the files of the package of that name, define at their top level."""
        return {name: node for source in self.of(floor) for name, node in source.top_level().items()}

    def manifest(self) -> Source | None:
        return next(iter(self.of("module")), None)


def faults_of_manifest(module: Module, sources: Sequence[Source], others: Mapping[str, str]) -> Iterator[Fault]:
    """References of the manifest that lead nowhere, and what the code uses without declaring it."""
    files = Files(sources)
    if manifest := files.manifest():
        yield from _unresolved(module, files, manifest)
        yield from _app(module, files, manifest)
        yield from _not_covered(module, files, manifest)
    yield from _undeclared_needs(module, files, others)
    for source in sources:
        if not source.is_test:
            yield from _undeclared_permissions(module, source)
            yield from _foreign_keys(module, source)


def _unresolved(module: Module, files: Files, manifest: Source) -> Iterator[Fault]:
    promises: tuple[tuple[str, Sequence[str], Mapping[str, object], str], ...] = (
        ("event", module.events, files.names_in("events"), "events.py defines no such class"),
        ("offer", module.offers, files.names_in("public"), "public.py defines no such name"),
        (
            "personal-data",
            [table for each in module.personal_data for table in each.tables],
            _tables(module, files),
            "no model of this module has such a table",
        ),
    )
    for kind, names, known, why in promises:
        for name in names:
            if name not in known:
                message = f"{kind} {name!r} is in the manifest, but {why}; write it, or correct the manifest"
                yield manifest.fault(manifest.line_of(name), "manifest", message)


def _tables(module: Module, files: Files) -> dict[str, ast.stmt]:
    models = {name: node for name, node in files.names_in("models").items() if isinstance(node, ast.ClassDef)}
    return {
        _constant(_meta(node), "db_table") or f"{module.label}_{name.lower()}": node for name, node in models.items()
    }


def _not_covered(module: Module, files: Files, manifest: Source) -> Iterator[Fault]:
    """Tables with personal data that `privacy.py` never names: nobody would export or erase what is in them."""
    tables = _tables(module, files)
    named = {node.id for source in files.of("privacy") for node in source.nodes if isinstance(node, ast.Name)}
    for table in (table for each in module.personal_data for table in each.tables if table in tables):
        model = getattr(tables[table], "name", "")
        if model not in named:
            message = (
                f"personal data in {table!r}, but privacy.py has no Holding of {model}; it is not exported or erased"
            )
            yield manifest.fault(manifest.line_of(table), "privacy", message)


def _meta(node: ast.ClassDef) -> ast.ClassDef | None:
    return next((each for each in node.body if isinstance(each, ast.ClassDef) and each.name == "Meta"), None)


def _constant(node: ast.ClassDef | None, name: str) -> str:
    """The text bound to `name` in a class body; empty where there is none."""
    for each in node.body if node else ():
        match each:
            case ast.Assign(targets=[ast.Name(id=bound)], value=ast.Constant(value=str(text))) if bound == name:
                return text
    return ""


def _app(module: Module, files: Files, manifest: Source) -> Iterator[Fault]:
    """Models and templates are found only in a Django app that bears the module's label."""
    apps = files.of("apps")
    needs = [name for name in ("models", "pages") if files.of(name)]
    if not apps:
        if needs:
            yield manifest.fault(1, "apps", f"{', '.join(needs)} need an apps.py with label = {module.label!r}")
        return
    classes = [node for node in apps[0].nodes if isinstance(node, ast.ClassDef)]
    if module.label not in [_constant(node, "label") for node in classes]:
        yield apps[0].fault(1, "apps", f"no AppConfig here has label = {module.label!r}, from the module's name")


def _undeclared_needs(module: Module, files: Files, others: Mapping[str, str]) -> Iterator[Fault]:
    for source in files.sources:
        for each in source.imports:
            owner = owner_of(each.name, others)
            if not owner or owner == source.package or source.is_test:
                continue
            name = others.get(owner) or "/".join(owner.split(".")[2:])
            if name not in module.requires and each.within(f"{owner}.public"):
                message = f"{each.name} is used, but the manifest does not require {name!r}; add it to requires"
                yield source.fault(each.line, "requires", message)


def _undeclared_permissions(module: Module, source: Source) -> Iterator[Fault]:
    declared = {permission.name for permission in module.permissions}
    for node in source.nodes:
        for name, line in _permissions_in(node, source) if isinstance(node, ast.Call) else ():
            if name not in declared:
                message = f"permission {name!r} is used, but the manifest does not declare it; add it to permissions"
                yield source.fault(line, "permission", message)


def _permissions_in(call: ast.Call, source: Source) -> Iterator[tuple[str, int]]:
    """Names given to the platform's access rules, to `PermissionName`, or to anything as `permission=`."""
    meaning = source.meaning_of(call.func)
    asks = is_within(meaning, "simos.platform.access") or meaning == "simos.kernel.ids.PermissionName"
    given = [*(call.args if asks else []), *(each.value for each in call.keywords if each.arg == "permission")]
    for value in given:
        match value:
            case ast.Constant(value=str(name)) if KEBAB.fullmatch(name):
                yield name, value.lineno


def _foreign_keys(module: Module, source: Source) -> Iterator[Fault]:
    for node in source.nodes:
        if not isinstance(node, ast.Call) or not _is_key(node.func):
            continue
        for argument in [*node.args[:1], *(each.value for each in node.keywords if each.arg in {"to", "through"})]:
            match argument:
                case ast.Constant(value=str(target)) if "." in target:
                    label = target.split(".")[0]
                    if label != module.label and not label.startswith("platform_") and label not in CONTENT_LABELS:
                        message = f"key to {target!r}, which is neither this module's nor the platform's; store an id"
                        yield source.fault(argument.lineno, "foreign-key", message)


def _is_key(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in _KEYS
