"""What the portal is, as data."""

from simos.kernel.ids import ModuleName
from simos.kernel.module import Every, Indicator, IndicatorKind, Level, Module, Permission, Role, Target
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
    indicators=(
        Indicator(
            name="news-published",
            title=Text(sl="Objavljene novice", en="News published", it="Notizie pubblicate"),
            about=Text(
                sl="Koliko novic je mesto objavilo na portalu v mesecu.",
                en="How many news the city published on the portal in the month.",
                it="Quante notizie la città ha pubblicato sul portale nel mese.",
            ),
            unit="C62",
            kind=IndicatorKind.ACTIVITY,
        ),
        Indicator(
            name="satisfaction-gained",
            title=Text(
                sl="Višja ocena uporabnikov", en="Higher rating by users", it="Valutazione più alta degli utenti"
            ),
            about=Text(
                sl="Za koliko stopenj petstopenjske lestvice (Likert) je povprečna ocena uporabnikov v letni anketi "
                "višja kot pred uvedbo.",
                en="By how many steps of a scale of five (Likert) the users’ mean rating in the year’s survey is "
                "above that before the portal was introduced.",
                it="Di quanti gradi di una scala di cinque (Likert) la valutazione media degli utenti nel sondaggio "
                "dell’anno è più alta di prima dell’introduzione.",
            ),
            unit="C62",
            kind=IndicatorKind.OUTCOME,
            every=Every.YEAR,
            targets=(
                Target(
                    year=2026,
                    value=2,
                    city="ljubljana",
                    source=Text(
                        sl="Listina pobude Urbana digitalna platforma, MO Ljubljana (pogodba junij 2023, 3 leta)",
                        en="Charter of the initiative Urban digital platform, Ljubljana (contract June 2023, 3 years)",
                        it="Carta dell’iniziativa Piattaforma digitale urbana, Lubiana (contratto giugno 2023, 3 anni)",
                    ),
                ),
            ),
            manual=True,
        ),
    ),
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
