"""Units that sources measure in, by UN/CEFACT code and by the names people write, and their conversion. Pure."""

from collections.abc import Callable

UNITS: dict[str, dict[str, tuple[float, float]]] = {
    "temperature": {"CEL": (1, 0), "FAH": (5 / 9, -160 / 9), "KEL": (1, -273.15)},
    "speed": {"MTS": (1, 0), "KMH": (1 / 3.6, 0), "HM": (0.44704, 0), "KNT": (1852 / 3600, 0)},
    "pressure": {
        "PAL": (1, 0),
        "A97": (100, 0),
        "KPA": (1000, 0),
        "MBR": (100, 0),
        "BAR": (100_000, 0),
        "PS": (6894.757293168, 0),
        "ATM": (101_325, 0),
    },
    "length": {
        "MTR": (1, 0),
        "MMT": (0.001, 0),
        "CMT": (0.01, 0),
        "KMT": (1000, 0),
        "INH": (0.0254, 0),
        "FOT": (0.3048, 0),
        "SMI": (1609.344, 0),
    },
    "volume": {"MTQ": (1, 0), "LTR": (0.001, 0), "MLT": (1e-6, 0), "GLL": (0.003785411784, 0)},
    "energy": {
        "JOU": (1, 0),
        "KJO": (1000, 0),
        "3B": (1e6, 0),
        "GV": (1e9, 0),
        "WHR": (3600, 0),
        "KWH": (3.6e6, 0),
        "MWH": (3.6e9, 0),
        "K51": (4184, 0),
    },
    "power": {"WTT": (1, 0), "KWT": (1000, 0), "MAW": (1e6, 0), "C31": (0.001, 0)},
    "mass concentration": {"GQ": (1, 0), "GP": (1000, 0), "GL": (1e9, 0)},
    "flow": {"MQS": (1, 0), "MQH": (1 / 3600, 0), "G51": (0.001, 0), "L2": (1 / 60_000, 0)},
    "time": {"SEC": (1, 0), "C26": (0.001, 0), "MIN": (60, 0), "HUR": (3600, 0), "DAY": (86_400, 0)},
    "voltage": {"VLT": (1, 0), "2Z": (0.001, 0), "KVT": (1000, 0)},
    "current": {"AMP": (1, 0), "4K": (0.001, 0)},
    "share": {"C62": (1, 0), "P1": (0.01, 0), "59": (1e-6, 0)},
    "mass": {"KGM": (1, 0), "GRM": (0.001, 0), "TNE": (1000, 0), "LBR": (0.45359237, 0)},
    "angle": {"DD": (1, 0), "C81": (57.29577951308232, 0)},
    "frequency": {"HTZ": (1, 0), "KHZ": (1000, 0), "MHZ": (1e6, 0)},
}
"""By quantity and code: factor and offset that lead to the first of them."""

_WRITTEN = """
CEL °C C celsius; FAH °F F fahrenheit; KEL K kelvin; MTS m/s; KMH km/h kmh kph; HM mph; KNT kn knots; PAL Pa;
A97 hPa; KPA kPa; MBR mbar; BAR bar; PS psi; ATM atm; MTR m; MMT mm; CMT cm; KMT km; INH in inch; FOT ft;
SMI mi mile miles; MTQ m3 m³; LTR l litre; MLT ml; GLL gal; JOU J; KJO kJ; 3B MJ; GV GJ; WHR Wh; KWH kWh;
MWH MWh; K51 kcal; WTT W; KWT kW; MAW MW; C31 mW; GQ µg/m³ µg/m3 ug/m3; GP mg/m³ mg/m3; GL g/l; MQS m3/s m³/s;
MQH m3/h m³/h; G51 l/s; L2 l/min; SEC s; C26 ms; MIN min; HUR h; DAY d; VLT V; 2Z mV; KVT kV; AMP A; 4K mA;
P1 % percent; 59 ppm; KGM kg; GRM g; TNE t; LBR lb; DD ° deg; C81 rad; HTZ Hz; KHZ kHz; MHZ MHz
"""
"""Codes, each with how people write it, exactly so: MW and mW are not the same."""

_NAMES = {name: code for code, *names in map(str.split, _WRITTEN.split(";")) for name in names}
_CODES = {code: quantity for quantity, units in UNITS.items() for code in units}

Conversion = Callable[[float], float]


def code_of(unit: str) -> str:
    """The UN/CEFACT code that a code or a name stands for; ValueError where we know neither."""
    if unit in _CODES:
        return unit
    found = _NAMES.get(unit.strip())
    if found is None:
        raise ValueError(
            f"the unit {unit!r} is not known here; known are the codes {', '.join(sorted(_CODES))}, and names such as "
            "°F, mph, hPa. For others say factor and offset"
        )
    return found


def linear(factor: float, offset: float) -> Conversion:
    """`value * factor + offset`, to twelve digits: more would only show how machines compute."""
    return lambda value: float(f"{value * factor + offset:.12g}")


def conversion(source: str, wanted: str) -> Conversion | None:
    """What leads from one unit to another; None where they are the same. ValueError where nothing can."""
    first, second = code_of(source), code_of(wanted)
    if first == second:
        return None
    quantity = _CODES[first]
    if _CODES[second] != quantity:
        raise ValueError(f"{source} is a unit of {quantity}, {wanted} one of {_CODES[second]}: nothing leads there")
    factor, offset = UNITS[quantity][first]
    to_factor, to_offset = UNITS[quantity][second]
    return linear(factor / to_factor, (offset - to_offset) / to_factor)
