"""Where the lake's files lie: `tenant=celje/type=AirQualityObserved/day=2026-03-01/17.parquet`, as Hive has it.

Names that a folder cannot have are written with %.
"""

from pathlib import Path
from urllib.parse import quote

from simos.hub.contexts import CORE
from simos.hub.store.shelves import LakeFile
from simos.kernel.clock import at_micros

DEFAULT = "default"
"""The folder of the tenant that has no name; no tenant may be called so."""


def folder_name(type_name: str) -> str:
    """The short name of a type where it has one, fit for a folder; "" (nothing is known) is `unknown`."""
    return quote(CORE.compact(type_name) if type_name else "unknown", safe="")


def path_in(folder: Path, file: LakeFile) -> Path:
    day = at_micros(file.day).date().isoformat()
    return (
        folder / f"tenant={file.tenant or DEFAULT}" / f"type={folder_name(file.type)}" / f"day={day}" / name(file.file)
    )


def name(number: int) -> str:
    return f"{number}.parquet"
