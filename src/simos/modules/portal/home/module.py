"""What the portal is, as data."""

from simos.kernel.ids import ModuleName
from simos.kernel.module import Level, Module, Permission, Role
from simos.kernel.text import Text

module = Module(
    name=ModuleName("portal/home"),
    title=Text(sl="Portal", en="Portal", it="Portale"),
    address=Text(sl="portal", en="portal", it="portale"),
    summary=Text(
        sl="Vstopna stran konzorcija in mest: kaj se dogaja zdaj, storitve po življenjskih dogodkih, novice in vodiči.",
        en="The way in to the consortium and its cities: what is live now, services by life event, news and guides.",
        it="L’accesso al consorzio e alle città: cosa succede ora, servizi per evento della vita, notizie e guide.",
    ),
    level=Level.BOTH,
    always_on=True,
    permissions=(
        Permission(
            name="edit-content",
            title=Text(sl="Pisanje vsebin", en="Write content", it="Redazione dei contenuti"),
        ),
        Permission(
            name="publish-content",
            title=Text(sl="Objava vsebin", en="Publish content", it="Pubblicazione dei contenuti"),
        ),
        Permission(
            name="post-notice",
            title=Text(sl="Obvestila nad stranmi", en="Post notices above pages", it="Avvisi sopra le pagine"),
        ),
    ),
    roles=(
        Role(
            name="notice-officer",
            title=Text(sl="Skrbnik obvestil", en="Notice officer", it="Responsabile degli avvisi"),
            permissions=("post-notice",),
        ),
        Role(name="editor", title=Text(sl="Urednik", en="Editor", it="Redattore"), permissions=("edit-content",)),
        Role(
            name="publisher",
            title=Text(sl="Odgovorni urednik", en="Publisher", it="Responsabile della pubblicazione"),
            permissions=("edit-content", "publish-content"),
        ),
    ),
)
