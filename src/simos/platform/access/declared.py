"""Every permission and role there is: the platform's own, and those of the installed modules. Grants nothing."""

from collections.abc import Mapping

from simos.kernel.module import Permission, Role
from simos.kernel.registry import installed_modules
from simos.kernel.text import Text

COUNTER_PURPOSES: Mapping[str, Text] = {
    "application": Text(sl="Oddaja vloge", en="Handing in an application", it="Presentazione di una domanda"),
    "matter": Text(sl="Vprašanje o zadevi v teku", en="A question about a matter", it="Domanda su una pratica"),
    "payment": Text(sl="Plačilo ali obveznost", en="A payment or a debt", it="Pagamento o debito"),
    "own-data": Text(sl="Vpogled v lastne podatke", en="A look at one’s own data", it="Consultazione dei propri dati"),
    "correction": Text(sl="Sprememba podatkov", en="A change of data", it="Modifica dei dati"),
    "mandate": Text(sl="Pooblastilo", en="A mandate", it="Delega"),
    "identity": Text(sl="Potrditev istovetnosti", en="Proof of identity", it="Conferma dell’identità"),
}
"""For what people come to a counter, by name. The officer chooses one; it is kept, and the person reads it later."""

PERMISSIONS: tuple[Permission, ...] = (
    Permission(name="add-city", title=Text(sl="Dodajanje mesta", en="Add a city")),
    Permission(name="switch-module", title=Text(sl="Vklop in izklop modula", en="Switch a module on or off")),
    Permission(name="set-clock", title=Text(sl="Nastavitev ure mesta", en="Set a city's clock")),
    Permission(name="grant-role", title=Text(sl="Dodelitev in odvzem vloge", en="Grant or withdraw a role")),
    Permission(name="restart-work", title=Text(sl="Ponovni zagon ustavljenega dela", en="Restart work that failed")),
    Permission(name="manage-tokens", title=Text(sl="Urejanje ključev naprav", en="Manage devices' tokens")),
    Permission(name="read-audit-log", title=Text(sl="Vpogled v revizijsko sled", en="Read the audit log")),
    Permission(
        name="manage-units", title=Text(sl="Urejanje enot, članov in nadomeščanj", en="Manage units and members")
    ),
    Permission(name="act-at-counter", title=Text(sl="Delo za osebe na okencu", en="Act for people at the counter")),
    Permission(name="record-mandate", title=Text(sl="Vpis pooblastila", en="Record a mandate")),
    Permission(name="confirm-identity", title=Text(sl="Potrditev istovetnosti", en="Confirm a person's identity")),
    Permission(
        name="manage-clients", title=Text(sl="Urejanje povezanih aplikacij", en="Manage connected applications")
    ),
    Permission(name="issue-token", title=Text(sl="Izdaja in preklic žetonov za API", en="Issue or revoke API tokens")),
    Permission(name="enter-indicator", title=Text(sl="Vpis vrednosti kazalnikov", en="Enter values of indicators")),
    Permission(name="import-places", title=Text(sl="Uvoz krajev iz registrov", en="Import places from registers")),
)

ROLES: tuple[Role, ...] = (
    Role(
        name="platform-administrator",
        title=Text(sl="Skrbnik platforme", en="Platform administrator"),
        permissions=(
            "add-city",
            "switch-module",
            "set-clock",
            "grant-role",
            "restart-work",
            "issue-token",
            "import-places",
            "manage-clients",
            "read-audit-log",
        ),
    ),
    Role(
        name="city-administrator",
        title=Text(sl="Skrbnik mesta", en="City administrator"),
        permissions=(
            "switch-module",
            "grant-role",
            "restart-work",
            "manage-units",
            "read-audit-log",
            "manage-tokens",
            "issue-token",
        ),
    ),
    Role(
        name="counter-officer",
        title=Text(sl="Uradna oseba na okencu", en="Officer at the counter"),
        permissions=("act-at-counter", "record-mandate", "confirm-identity"),
    ),
    Role(
        name="indicator-officer",
        title=Text(sl="Skrbnik kazalnikov", en="Officer of indicators"),
        permissions=("enter-indicator",),
    ),
)


def permissions() -> Mapping[str, Permission]:
    """All permissions by name."""
    return {each.name: each for each in PERMISSIONS} | dict(installed_modules().permissions())


def roles() -> Mapping[str, Role]:
    """All roles by name."""
    return {each.name: each for each in ROLES} | dict(installed_modules().roles())


def role_named(name: str) -> Role:
    """The role; LookupError if no installed module declares it."""
    try:
        return roles()[name]
    except KeyError:
        raise LookupError(f"role {name!r} is declared by no installed module") from None


def roles_with(permission: str) -> frozenset[str]:
    """The names of the roles that give `permission`; LookupError if no installed module declares it."""
    if permission not in permissions():
        raise LookupError(f"permission {permission!r} is declared by no installed module")
    return frozenset(role.name for role in roles().values() if permission in role.permissions)
