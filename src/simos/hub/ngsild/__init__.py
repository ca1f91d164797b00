"""NGSI-LD documents to and from the hub's own form. Pure: no database, no network, no clock."""

from simos.hub.ngsild.parse import (
    ParsedEntity,
    Unparsed,
    attribute_name,
    parse_attribute,
    parse_batch,
    parse_entity,
    parse_fragment,
    parse_temporal,
    scope_instance,
)
from simos.hub.ngsild.represent import Form, represent, represent_attributes
from simos.hub.ngsild.temporal import TemporalForm, correction_change, represent_history
from simos.hub.ngsild.times import instant, text_of_micros

__all__ = [
    "Form",
    "ParsedEntity",
    "TemporalForm",
    "Unparsed",
    "attribute_name",
    "correction_change",
    "instant",
    "parse_attribute",
    "parse_batch",
    "parse_entity",
    "parse_fragment",
    "parse_temporal",
    "represent",
    "represent_attributes",
    "represent_history",
    "scope_instance",
    "text_of_micros",
]
