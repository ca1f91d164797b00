"""What the demonstration's pages say. National procedures are as they are; news are made up. Data only."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from simos.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One page: `points` are its list, steps, paragraphs, or questions and answers in turn."""

    slug: Text
    title: Text
    lead: Text
    points: tuple[Text, ...]
    event: str = ""
    easy: Text | None = None
    facts: Mapping[str, Text] = field(default_factory=dict)
    url: str = ""
    days_ago: int = 0


def _t(sl: str, en: str, it: str) -> Text:
    return Text(sl=sl, en=en, it=it)


LIFE_EVENTS = (
    Told(
        slug=_t("selitev", "moving", "trasloco"),
        event="moving",
        title=_t("Selim se", "I am moving", "Mi trasferisco"),
        lead=_t(
            "Kaj uredite pred selitvijo in po njej.",
            "What to arrange before and after you move.",
            "Cosa sistemare prima e dopo il trasloco.",
        ),
        points=(
            _t(
                "Prijavite prebivališče na upravni enoti ali na portalu eUprava.",
                "Register your residence at the administrative unit or on the portal eUprava.",
                "Registrate la residenza presso l’unità amministrativa o sul portale eUprava.",
            ),
            _t(
                "Sporočite novi naslov dobaviteljem elektrike, vode in ogrevanja.",
                "Tell the suppliers of electricity, water and heating your new address.",
                "Comunicate il nuovo indirizzo ai fornitori di elettricità, acqua e riscaldamento.",
            ),
            _t(
                "Prijavite se za odvoz odpadkov pri komunalnem podjetju.",
                "Sign up for waste collection with the utility company.",
                "Iscrivetevi alla raccolta dei rifiuti presso l’azienda comunale.",
            ),
            _t(
                "Otroka prepišite v vrtec ali šolo v novem okolišu.",
                "Move your child to a kindergarten or school in the new district.",
                "Iscrivete il figlio all’asilo o alla scuola del nuovo circondario.",
            ),
        ),
        easy=_t(
            "Selite se? Novi naslov morate prijaviti. Pojdite na upravno enoto. Prinesite osebni dokument.",
            "Are you moving? You must register the new address. Go to the administrative unit. "
            "Bring your identity document.",
            "Vi trasferite? Dovete registrare il nuovo indirizzo. Andate all’unità amministrativa. "
            "Portate un documento.",
        ),
    ),
    Told(
        slug=_t("otrok", "a-child", "un-figlio"),
        event="child",
        title=_t("Pričakujem otroka", "I am expecting a child", "Aspetto un figlio"),
        lead=_t(
            "Od dopusta in pomoči do mesta v vrtcu.",
            "From leave and benefits to a place in kindergarten.",
            "Dal congedo e dai sussidi al posto all’asilo.",
        ),
        points=(
            _t(
                "Pravice do starševskega varstva uveljavite na centru za socialno delo.",
                "Claim parental leave and benefits at the centre for social work.",
                "Richiedete il congedo parentale e le indennità presso il centro di assistenza sociale.",
            ),
            _t(
                "Ime otroka prijavite na upravni enoti ali na portalu eUprava.",
                "Register the child’s name at the administrative unit or on eUprava.",
                "Registrate il nome del figlio presso l’unità amministrativa o su eUprava.",
            ),
            _t(
                "Otroka vpišite v vrtec; javni vpis je spomladi.",
                "Enrol the child in kindergarten; public enrolment is in spring.",
                "Iscrivete il figlio all’asilo; l’iscrizione pubblica è in primavera.",
            ),
        ),
    ),
    Told(
        slug=_t("na-poti", "a-trip", "in-viaggio"),
        event="trip",
        title=_t("Grem na pot", "I am going on a trip", "Parto per un viaggio"),
        lead=_t(
            "Kje parkirati in kako naprej.", "Where to park and how to go on.", "Dove parcheggiare e come proseguire."
        ),
        points=(
            _t(
                "Pred odhodom preverite, kje so prosta parkirna mesta.",
                "Check where there are free parking spaces before you leave.",
                "Prima di partire verificate dove ci sono posti auto liberi.",
            ),
            _t(
                "Potni list ali osebno izkaznico pravočasno podaljšajte na upravni enoti.",
                "Renew your passport or identity card in time at the administrative unit.",
                "Rinnovate per tempo il passaporto o la carta d’identità presso l’unità amministrativa.",
            ),
        ),
    ),
    Told(
        slug=_t("izguba-zaposlitve", "losing-a-job", "perdita-del-lavoro"),
        event="job-loss",
        title=_t("Izgubil sem zaposlitev", "I have lost my job", "Ho perso il lavoro"),
        lead=_t(
            "Prvi koraki in pomoč, ki vam pripada.",
            "First steps, and the help that you are entitled to.",
            "I primi passi e gli aiuti a cui avete diritto.",
        ),
        points=(
            _t(
                "Prijavite se na Zavodu za zaposlovanje v 30 dneh po prenehanju dela.",
                "Register with the Employment Service within 30 days after the work ended.",
                "Iscrivetevi all’Istituto per l’impiego entro 30 giorni dalla cessazione del lavoro.",
            ),
            _t(
                "Ob prijavi oddajte vlogo za denarno nadomestilo.",
                "Apply for unemployment benefit when you register.",
                "All’iscrizione presentate la domanda di indennità di disoccupazione.",
            ),
            _t(
                "Na centru za socialno delo se pozanimajte o denarni socialni pomoči.",
                "Ask the centre for social work about financial social assistance.",
                "Informatevi presso il centro di assistenza sociale sull’assegno sociale.",
            ),
        ),
        easy=_t(
            "Nimate več službe? Pojdite na Zavod za zaposlovanje. Pojdite v 30 dneh. Tam dobite pomoč.",
            "You no longer have a job? Go to the Employment Service. Go within 30 days. They help you.",
            "Non avete più un lavoro? Andate all’Istituto per l’impiego. Andate entro 30 giorni. Vi aiuteranno.",
        ),
    ),
    Told(
        slug=_t("skrb-za-bliznjega", "caring-for-someone", "cura-di-una-persona"),
        event="care",
        title=_t("Skrbim za bližnjega", "I care for someone", "Mi prendo cura di qualcuno"),
        lead=_t(
            "Pomoč na domu, dolgotrajna oskrba in počitek za vas.",
            "Help at home, long-term care, and rest for you.",
            "Aiuto a domicilio, assistenza a lungo termine e riposo per voi.",
        ),
        points=(
            _t(
                "Vlogo za dolgotrajno oskrbo oddajte na vstopni točki pri centru za socialno delo.",
                "Apply for long-term care at the entry point of the centre for social work.",
                "Presentate la domanda di assistenza a lungo termine allo sportello del centro di assistenza sociale.",
            ),
            _t(
                "Za pomoč na domu se dogovorite z izvajalcem v svoji občini.",
                "Arrange help at home with the provider in your municipality.",
                "Concordate l’aiuto a domicilio con il fornitore del vostro comune.",
            ),
        ),
    ),
    Told(
        slug=_t("zacetek-podjetja", "starting-a-business", "avvio-di-impresa"),
        event="business",
        title=_t("Odpiram podjetje", "I am starting a business", "Avvio un’impresa"),
        lead=_t("Od vpisa do prostora.", "From registration to premises.", "Dall’iscrizione ai locali."),
        points=(
            _t(
                "Samostojnega podjetnika ali družbo vpišete na točki SPOT ali na spletu.",
                "Register a sole trader or a company at a SPOT point or online.",
                "Iscrivete una ditta individuale o una società presso un punto SPOT o in rete.",
            ),
            _t(
                "Preverite, ali vaša dejavnost potrebuje dovoljenje.",
                "Check whether your activity needs a permit.",
                "Verificate se la vostra attività richiede un’autorizzazione.",
            ),
            _t(
                "Za rabo javne površine zaprosite občino.",
                "Ask the municipality for the use of public space.",
                "Per l’uso di suolo pubblico rivolgetevi al comune.",
            ),
        ),
    ),
)

GUIDES = (
    Told(
        slug=_t("prijava-prebivalisca", "register-residence", "registrare-la-residenza"),
        title=_t(
            "Prijava stalnega prebivališča",
            "Registering permanent residence",
            "Registrazione della residenza permanente",
        ),
        lead=_t(
            "Kako prijavite naslov, na katerem živite.",
            "How to register the address at which you live.",
            "Come registrare l’indirizzo in cui vivete.",
        ),
        points=(
            _t(
                "Pripravite osebni dokument in dokazilo, da smete bivati na naslovu.",
                "Have your identity document ready, and proof that you may live at the address.",
                "Preparate il documento d’identità e la prova che potete abitare all’indirizzo.",
            ),
            _t(
                "Oddajte prijavo na portalu eUprava ali na katerikoli upravni enoti.",
                "Hand in the registration on eUprava or at any administrative unit.",
                "Presentate la registrazione su eUprava o presso qualsiasi unità amministrativa.",
            ),
            _t(
                "Na osebni izkaznici zamenjajte naslov.",
                "Have the address on your identity card changed.",
                "Fate aggiornare l’indirizzo sulla carta d’identità.",
            ),
        ),
        facts={
            "need": _t(
                "<ul><li>osebni dokument</li><li>dokazilo o lastništvu, najemna pogodba ali "
                "soglasje lastnika</li></ul>",
                "<ul><li>identity document</li><li>proof of ownership, tenancy agreement or the "
                "owner’s consent</li></ul>",
                "<ul><li>documento d’identità</li><li>prova di proprietà, contratto di locazione o "
                "consenso del proprietario</li></ul>",
            ),
            "where": _t(
                "Na portalu eUprava ali na upravni enoti, ne na občini.",
                "On the portal eUprava or at an administrative unit, not at the municipality.",
                "Sul portale eUprava o presso un’unità amministrativa, non in comune.",
            ),
            "legal_basis": _t(
                "<p>Zakon o prijavi prebivališča (ZPPreb-1)</p>",
                "<p>Residence Registration Act (ZPPreb-1)</p>",
                "<p>Legge sulla registrazione della residenza (ZPPreb-1)</p>",
            ),
            "service_title": _t("Prijava na portalu eUprava", "Register on eUprava", "Registrazione su eUprava"),
        },
        url="https://e-uprava.gov.si/",
        easy=_t(
            "Prijavite naslov, na katerem živite. To storite na upravni enoti. Potrebujete osebni dokument.",
            "Register the address where you live. Do this at the administrative unit. You need your identity document.",
            "Registrate l’indirizzo dove vivete. Fatelo all’unità amministrativa. Serve un documento d’identità.",
        ),
    ),
    Told(
        slug=_t("vpis-v-vrtec", "enrol-in-kindergarten", "iscrizione-all-asilo"),
        title=_t("Vpis otroka v vrtec", "Enrolling a child in kindergarten", "Iscrizione del figlio all’asilo"),
        lead=_t("Od vloge do prvega dne.", "From the application to the first day.", "Dalla domanda al primo giorno."),
        points=(
            _t(
                "Izberite vrtec in oddajte vlogo za vpis.",
                "Choose a kindergarten and hand in the application.",
                "Scegliete l’asilo e presentate la domanda.",
            ),
            _t(
                "Počakajte na obvestilo o sprejemu.",
                "Wait for the notice of acceptance.",
                "Attendete l’avviso di ammissione.",
            ),
            _t(
                "Na centru za socialno delo oddajte vlogo za znižano plačilo.",
                "Apply for a reduced fee at the centre for social work.",
                "Richiedete la riduzione della retta presso il centro di assistenza sociale.",
            ),
        ),
        facts={
            "need": _t(
                "<ul><li>podatki o otroku in starših</li><li>potrdilo o prebivališču</li></ul>",
                "<ul><li>data of child and parents</li><li>proof of residence</li></ul>",
                "<ul><li>dati del figlio e dei genitori</li><li>certificato di residenza</li></ul>",
            ),
            "cost": _t(
                "Vloga je brezplačna; plačilo vrtca je odvisno od dohodkov.",
                "The application is free; the fee depends on your income.",
                "La domanda è gratuita; la retta dipende dal reddito.",
            ),
            "where": _t("V izbranem vrtcu.", "At the kindergarten of your choice.", "Presso l’asilo scelto."),
            "legal_basis": _t(
                "<p>Zakon o vrtcih (ZVrt)</p>", "<p>Kindergartens Act (ZVrt)</p>", "<p>Legge sugli asili (ZVrt)</p>"
            ),
        },
    ),
)

FAQ = (
    Told(
        slug=_t("pogosta-vprasanja", "questions", "domande-frequenti"),
        title=_t("Pogosta vprašanja", "Frequent questions", "Domande frequenti"),
        lead=_t("Kar nas največkrat vprašate.", "What we are asked most.", "Ciò che ci chiedete più spesso."),
        points=(
            _t("Ali se moram prijaviti?", "Do I have to sign in?", "Devo accedere?"),
            _t(
                "Ne. Prijava je potrebna le za storitve, ki zadevajo vas osebno.",
                "No. Signing in is needed only for services that concern you in person.",
                "No. L’accesso serve solo per i servizi che vi riguardano personalmente.",
            ),
            _t(
                "Ali lahko vse uredim tudi pri okencu?",
                "Can I do everything at the counter too?",
                "Posso fare tutto anche allo sportello?",
            ),
            _t(
                "Da. Pri okencu vam vsako e-storitev uredi uradnik.",
                "Yes. At the counter an officer does each e-service for you.",
                "Sì. Allo sportello un addetto svolge per voi ogni servizio online.",
            ),
            _t(
                "Kje vidim, kaj hranite o meni?",
                "Where do I see what you hold about me?",
                "Dove vedo cosa conservate su di me?",
            ),
            _t(
                "Po prijavi na strani Moji podatki.",
                "On the page My data, when you have signed in.",
                "Nella pagina I miei dati, dopo l’accesso.",
            ),
        ),
    ),
)

NEWS = (
    Told(
        slug=_t("portal-odprt", "portal-opened", "portale-aperto"),
        days_ago=2,
        title=_t("Portal je odprt za preizkus", "The portal is open for trial", "Il portale è aperto per una prova"),
        lead=_t(
            "Preizkusite ga in povejte, kaj manjka.",
            "Try it and tell us what is missing.",
            "Provatelo e diteci cosa manca.",
        ),
        points=(
            _t(
                "Prebivalke in prebivalce vabimo, da portal preizkusijo skupaj z nami.",
                "We invite residents to try the portal together with us.",
                "Invitiamo i cittadini a provare il portale insieme a noi.",
            ),
        ),
    ),
    Told(
        slug=_t("delavnica", "workshop", "laboratorio"),
        days_ago=9,
        title=_t(
            "Delavnica o digitalnih storitvah", "A workshop on digital services", "Un laboratorio sui servizi digitali"
        ),
        lead=_t(
            "Brezplačna, predznanje ni potrebno.",
            "Free, and no knowledge is needed.",
            "Gratuito, senza conoscenze preliminari.",
        ),
        points=(
            _t(
                "Pokazali bomo, kako najdete storitev, jo oddate in spremljate.",
                "We show how to find a service, use it and follow it.",
                "Mostreremo come trovare un servizio, usarlo e seguirlo.",
            ),
        ),
    ),
)
