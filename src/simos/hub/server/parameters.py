"""Which parameters each address knows (ETSI GS CIM 009, 6.3.20): a table. Any other is refused, not passed over."""

from collections.abc import Mapping

from simos.hub.problems import InvalidRequest

LD = "/ngsi-ld/v1"

_FORMS = frozenset({"normalized", "concise", "simplified", "keyValues"})
_TIMES = frozenset({"temporalValues", "aggregatedValues"})


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PAGING = _names("limit offset count")
_SHOWING = _names("attrs pick omit options format lang datasetId geometryProperty join joinLevel containedBy")
_DISTRIBUTION = _names("local via entityMap entityMapLifetime splitEntities csf")
_CHOOSING = _names(
    "id type idPattern attrs q scopeQ georel geometry coordinates geoproperty expandValues jsonKeys csf local"
)
_ORDER = _names("orderBy orderFrom orderGeometry collation")
_WRITING = _names("type local via")
_HISTORY = _names("timerel timeAt endTimeAt timeproperty lastN aggrMethods aggrPeriodDuration")

_ONE = f"{LD}/entities/{{id}}"
_ATTRIBUTE = f"{_ONE}/attrs/{{attribute}}"
_PAST = f"{LD}/temporal/entities"

ALLOWED: Mapping[tuple[str, str], frozenset[str]] = {
    ("POST", f"{LD}/entities"): _names("local via"),
    ("GET", f"{LD}/entities"): _CHOOSING | _SHOWING | _PAGING | _ORDER | _DISTRIBUTION,
    ("DELETE", f"{LD}/entities"): _CHOOSING | _names("attrs pick omit keep drop via"),
    ("GET", _ONE): _SHOWING | _DISTRIBUTION | _names("type"),
    ("PUT", _ONE): _WRITING,
    ("PATCH", _ONE): _WRITING | _names("options format observedAt lang"),
    ("DELETE", _ONE): _WRITING,
    ("POST", f"{_ONE}/attrs"): _WRITING | _names("options"),
    ("PATCH", f"{_ONE}/attrs"): _WRITING | _names("options"),
    ("PATCH", _ATTRIBUTE): _WRITING | _names("datasetId"),
    ("PUT", _ATTRIBUTE): _WRITING | _names("datasetId"),
    ("DELETE", _ATTRIBUTE): _WRITING | _names("datasetId deleteAll"),
    ("POST", f"{LD}/entityOperations/create"): _names("local via"),
    ("POST", f"{LD}/entityOperations/upsert"): _names("options local via"),
    ("POST", f"{LD}/entityOperations/update"): _names("options local via"),
    ("POST", f"{LD}/entityOperations/merge"): _names("options format observedAt lang local via"),
    ("POST", f"{LD}/entityOperations/delete"): _names("local via"),
    ("POST", f"{LD}/entityOperations/query"): _PAGING | _DISTRIBUTION | _names("options format"),
    ("GET", f"{LD}/types"): _names("details local count"),
    ("GET", f"{LD}/types/{{type}}"): _names("local"),
    ("GET", f"{LD}/attributes"): _names("details local count"),
    ("GET", f"{LD}/attributes/{{attribute}}"): _names("local"),
    ("GET", f"{LD}/info/sourceIdentity"): frozenset(),
    ("POST", f"{LD}/jsonldContexts"): frozenset(),
    ("GET", f"{LD}/jsonldContexts"): _names("details kind"),
    ("GET", f"{LD}/jsonldContexts/{{id}}"): _names("details"),
    ("DELETE", f"{LD}/jsonldContexts/{{id}}"): _names("reload"),
    ("POST", f"{LD}/subscriptions"): _names("local via"),
    ("GET", f"{LD}/subscriptions"): _PAGING | _names("options local via"),
    ("GET", f"{LD}/subscriptions/{{id}}"): _names("options local via"),
    ("PATCH", f"{LD}/subscriptions/{{id}}"): _names("local via"),
    ("DELETE", f"{LD}/subscriptions/{{id}}"): _names("local via"),
    ("POST", _PAST): _names("options local via"),
    ("GET", _PAST): _CHOOSING | _SHOWING | _PAGING | _ORDER | _DISTRIBUTION | _HISTORY,
    ("GET", f"{_PAST}/{{id}}"): _SHOWING | _DISTRIBUTION | _HISTORY | _PAGING | _names("type"),
    ("DELETE", f"{_PAST}/{{id}}"): _WRITING,
    ("POST", f"{_PAST}/{{id}}/attrs"): _WRITING | _names("options"),
    ("DELETE", f"{_PAST}/{{id}}/attrs/{{attribute}}"): _WRITING | _names("datasetId deleteAll"),
    ("PATCH", f"{_PAST}/{{id}}/attrs/{{attribute}}/{{instance}}"): _WRITING,
    ("DELETE", f"{_PAST}/{{id}}/attrs/{{attribute}}/{{instance}}"): _WRITING,
    ("POST", f"{LD}/temporal/entityOperations/query"): _PAGING | _DISTRIBUTION | _HISTORY | _names("options format"),
}
"""By method and address. What is not listed here takes any."""

VALUES: Mapping[str, frozenset[str]] = {
    "options": _FORMS | _TIMES | _names("sysAttrs noOverwrite update replace splitEntities count"),
    "format": _FORMS | _TIMES,
}
FLAGS = _names("local count details deleteAll reload")
NUMBERS = _names("limit offset lastN joinLevel")


def check_parameters(method: str, path: str, given: Mapping[str, str]) -> None:
    """InvalidRequest where `given` has a parameter that the address does not know, or one with a value that it never
    has."""
    allowed = ALLOWED.get(("GET" if method == "HEAD" else method, path))
    if allowed is None:
        return
    if unknown := sorted(given.keys() - allowed):
        raise InvalidRequest(
            f"There is no parameter {unknown[0][:60]!r} here"
            + (f"; those that there are: {', '.join(sorted(allowed))}." if allowed else ".")
        )
    for name, values in VALUES.items():
        parts = [part.strip() for part in given.get(name, "").split(",") if part.strip()]
        if wrong := next((part for part in parts if part not in values), ""):
            raise InvalidRequest(f"{name} is one of {', '.join(sorted(values))}, not {wrong[:60]!r}")
    for name in FLAGS & given.keys():
        if given[name] not in ("true", "false", ""):
            raise InvalidRequest(f"{name} is true or false, not {given[name][:60]!r}")
