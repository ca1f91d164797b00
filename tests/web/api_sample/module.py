"""The sample's manifest."""

from simos.kernel.ids import ModuleName
from simos.kernel.module import Module
from simos.kernel.text import Text

module = Module(
    name=ModuleName("sample/notes"),
    title=Text(sl="Zapiski", en="Notes"),
    address=Text(sl="zapiski", en="notes"),
    summary=Text(sl="Kar je kdo zapisal.", en="What somebody wrote."),
)
