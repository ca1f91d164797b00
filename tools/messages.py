"""Collects and compiles the translations of every package that has a `locale` folder (`make messages`).

New texts come into the catalogues empty; what a catalogue lacks, a test names. A new language begins as an empty folder
`locale/<language>`.
"""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
BABEL = (sys.executable, "-m", "babel.messages.frontend", "-q")
KEYWORDS = ("-k", "gettext_lazy", "-k", "pgettext:1c,2")


def pybabel(*arguments: str) -> None:
    subprocess.run([*BABEL, *arguments], cwd=REPOSITORY, check=True)


def _without(package: str, inner: Sequence[str]) -> Sequence[str]:
    """The arguments by which Babel reads `package` but for the folders `inner`."""
    return [*(("--ignore-dirs", " ".join(Path(each).name for each in inner)) if inner else ()), package]


def main() -> None:
    folders = sorted((REPOSITORY / "src").rglob("locale"))
    for locale in folders:
        package = str(locale.parent)
        # A package inside this one that has texts of its own keeps them.
        inner = [str(each.parent) for each in folders if each != locale and each.is_relative_to(locale.parent)]
        with tempfile.TemporaryDirectory() as folder:
            found = f"{folder}/found.pot"
            kept = ("--no-location", "--sort-output", "--project", "SiMOS")
            pybabel("extract", "-F", "babel.cfg", *KEYWORDS, *kept, "-o", found, *_without(package, inner))
            steady = ("--init-missing", "--no-fuzzy-matching", "--ignore-obsolete", "--ignore-pot-creation-date")
            for language in sorted(each.name for each in locale.iterdir() if each.is_dir()):
                pybabel("update", "-D", "django", "-i", found, "-d", str(locale), "-l", language, *steady)
            pybabel("compile", "-D", "django", "-d", str(locale))
    for domain in ("django", "djangojs"):  # written by hand: what libraries lack
        pybabel("compile", "-D", domain, "-d", str(REPOSITORY / "src/simos/web/office/words"))


if __name__ == "__main__":
    main()
