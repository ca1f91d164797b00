"""What the portal is, as data."""

from datetime import timedelta

from simos.kernel.ids import ModuleName
from simos.kernel.module import (
    Every,
    Indicator,
    IndicatorKind,
    Level,
    MessageTemplate,
    Module,
    Permission,
    PersonalData,
    Role,
    Target,
)
from simos.kernel.text import Text

OPINIONS_KEPT = timedelta(days=365)

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
            name="read-opinions",
            title=Text(sl="Vpogled v mnenja o straneh", en="Read opinions of pages", it="Lettura delle opinioni"),
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
        Role(
            name="editor",
            title=Text(sl="Urednik", en="Editor", it="Redattore"),
            permissions=("edit-content", "read-opinions"),
        ),
        Role(
            name="publisher",
            title=Text(sl="Odgovorni urednik", en="Publisher", it="Responsabile della pubblicazione"),
            permissions=("edit-content", "publish-content", "read-opinions"),
        ),
    ),
    personal_data=(
        PersonalData(
            name="opinions",
            title=Text(sl="Mnenja o straneh", en="Opinions of pages", it="Opinioni sulle pagine"),
            tables=("portal_home_opinion",),
            purpose=Text(
                sl="Da uredniki izboljšajo strani. Kdo je mnenje dal, ne vemo; kar bi koga razkrilo, v njem zakrijemo.",
                en="So that editors make the pages better. We do not know who gave it; what would name somebody is "
                "covered.",
                it="Perché i redattori migliorino le pagine. Non sappiamo chi l’ha data; ciò che rivelerebbe qualcuno "
                "è coperto.",
            ),
            legal_basis="Uredba (EU) 2016/679 (GDPR), 6(1)(e)",
            retention=OPINIONS_KEPT,
        ),
    ),
    messages=(
        MessageTemplate(
            name="content-submitted",
            title=Text(
                sl="Strani, ki čakajo na pregled",
                en="Pages that wait for review",
                it="Pagine in attesa di approvazione",
            ),
            subject=Text(sl="V pregled: {page}", en="To be reviewed: {page}", it="Da approvare: {page}"),
            body=Text(
                sl="Stran »{page}« čaka na vaš pregled.\n\nOpomba: {comment}",
                en="The page “{page}” waits for your review.\n\nNote: {comment}",
                it="La pagina «{page}» attende la sua approvazione.\n\nNota: {comment}",
            ),
            action=Text(sl="Odpri stran", en="Open the page", it="Apri la pagina"),
        ),
        MessageTemplate(
            name="content-approved",
            title=Text(sl="Odobrene strani", en="Approved pages", it="Pagine approvate"),
            subject=Text(sl="Odobreno: {page}", en="Approved: {page}", it="Approvata: {page}"),
            body=Text(
                sl="Stran »{page}«, ki ste jo oddali v pregled, je odobrena.\n\nOpomba: {comment}",
                en="The page “{page}” that you submitted has been approved.\n\nNote: {comment}",
                it="La pagina «{page}» da lei inviata è stata approvata.\n\nNota: {comment}",
            ),
            action=Text(sl="Odpri stran", en="Open the page", it="Apri la pagina"),
        ),
        MessageTemplate(
            name="content-returned",
            title=Text(sl="Strani, vrnjene v popravek", en="Pages to be changed", it="Pagine da modificare"),
            subject=Text(sl="V popravek: {page}", en="Changes requested: {page}", it="Da modificare: {page}"),
            body=Text(
                sl="Stran »{page}« je treba popraviti, preden bo objavljena.\n\nOpomba: {comment}",
                en="The page “{page}” has to be changed before it is published.\n\nNote: {comment}",
                it="La pagina «{page}» va modificata prima della pubblicazione.\n\nNota: {comment}",
            ),
            action=Text(sl="Odpri stran", en="Open the page", it="Apri la pagina"),
        ),
    ),
)
