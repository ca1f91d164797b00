"""Panels as CSV files: read row by row for an import, written so that they can be imported again. Knows no register."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from simos.kernel.errors import Invalid
from simos.modules.mobility.guidance.rules.rows import BEYOND, COLUMNS, row_of
from simos.modules.mobility.guidance.values import PanelFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFile:
    """A CSV file with a header. Each row bears its number as a spreadsheet shows it, the header being 1."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]


def table_in(content: bytes) -> TableFile:
    """The whole file; `,` or `;` between the cells. Empty rows are passed over. Invalid where it cannot be read."""
    try:
        text = content.decode("utf-8-sig")
        delimiter = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
        header, *lines = [tuple(cells) for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)] or [
            ()
        ]
    except UnicodeDecodeError:
        raise Invalid("The file is not UTF-8; a spreadsheet saves that as 'CSV UTF-8'.", field="file") from None
    except csv.Error as error:
        raise Invalid(f"The file cannot be read: {error}", field="file") from None
    numbered = ((number, _by_column(header, cells)) for number, cells in enumerate(lines, start=2))
    return TableFile(header=header, rows=tuple(each for each in numbered if any(map(str.strip, each[1].values()))))


def _by_column(header: Sequence[str], cells: Sequence[str]) -> Mapping[str, str]:
    row = dict.fromkeys(header, "") | dict(zip(header, cells, strict=False))
    surplus = ", ".join(filter(None, map(str.strip, cells[len(header) :])))
    return row | {BEYOND: surplus} if surplus else row


def file_of(panels: Iterable[PanelFacts]) -> str:
    """The panels as such a file."""
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    writer.writerows(dict(row_of(each)) for each in panels)
    return file.getvalue()
