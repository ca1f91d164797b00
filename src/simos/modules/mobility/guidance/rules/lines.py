"""A panel's lines as an officer writes them, one a line of text, and back.

left: TRŽNICA = trznica
ahead: CENTER = group:center, lava
advice: NAJBLIŽJE PROSTO = trznica, lava, group:center
"""

import re
from collections.abc import Collection

from simos.modules.mobility.guidance.values import Arrow, Line

MOST, LONGEST_LABEL, MOST_SERVED = 12, 40, 30
ADVICE = "advice"
_FORM = re.compile(r"\s*([a-z-]+)\s*:\s*([^=]*?)\s*=\s*(.+?)\s*")
_SERVED = re.compile(r"(group:)?[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")


def lines_of(text: str, *, separator: str = "\n") -> tuple[Line, ...]:
    """The lines that the text says; ValueError says which is wrong and how it should be."""
    written = [part.strip() for part in text.split(separator) if part.strip()]
    if not written:
        raise ValueError("a panel has at least one line, such as `left: TRŽNICA = trznica`")
    if len(written) > MOST:
        raise ValueError(f"a panel has at most {MOST} lines, not {len(written)}")
    return tuple(_line(each) for each in written)


def _line(text: str) -> Line:
    found = _FORM.fullmatch(text)
    if found is None:
        raise ValueError(f"`{text}`: a line is `arrow: label = facilities`, such as `left: TRŽNICA = trznica`")
    arrow, label, served = found.groups()
    if arrow not in (ADVICE, *Arrow):
        raise ValueError(f"`{text}`: an arrow is {', '.join(Arrow)} or {ADVICE}, not {arrow}")
    if len(label) > LONGEST_LABEL:
        raise ValueError(f"`{text}`: a label has at most {LONGEST_LABEL} signs")
    codes = tuple(dict.fromkeys(part.strip() for part in served.split(",") if part.strip()))
    if wrong := [code for code in codes if not _SERVED.fullmatch(code)]:
        raise ValueError(f"`{text}`: {wrong[0]} is no code of a facility or group")
    if not codes or len(codes) > MOST_SERVED:
        raise ValueError(f"`{text}`: name 1 to {MOST_SERVED} facilities or groups")
    if arrow == ADVICE:
        return Line(arrow=Arrow.NONE, label=label, serves=codes, advice=True)
    return Line(arrow=Arrow(arrow), label=label, serves=codes)


def text_of(lines: Collection[Line], *, separator: str = "\n") -> str:
    """The inverse of `lines_of`."""
    return separator.join(
        f"{ADVICE if line.advice else line.arrow}: {line.label} = {', '.join(line.serves)}" for line in lines
    )


def unknown_in(lines: Collection[Line], there: Collection[str]) -> tuple[str, ...]:
    """What the lines name that is not there, in order."""
    return tuple(dict.fromkeys(code for line in lines for code in line.serves if code not in there))
