"""What the inbox is, as data."""

from simos.kernel.ids import ModuleName
from simos.kernel.module import ConsentRequest, Level, Module
from simos.kernel.text import Text

PUSH = ConsentRequest(
    name="push",
    title=Text(
        sl="Obvestila v brskalniku in na telefonu",
        en="Notifications in the browser and on the phone",
        it="Notifiche nel browser e sul telefono",
    ),
    text=Text(
        sl="Strinjam se, da me platforma o novih sporočilih obvešča s potisnimi obvestili v brskalnikih, ki jih "
        "vklopim. Obvestilo gre prek strežnika izdelovalca brskalnika (na primer Google, Mozilla, Apple ali Microsoft),"
        " ki je lahko zunaj Evropske unije. Vsebina je šifrirana in je ne more prebrati; ve pa, kdaj ga prejmem.",
        en="I agree that the platform tells me of new messages by push notifications in the browsers for which I turn "
        "them on. A notification passes through a server of the browser’s maker (such as Google, Mozilla, Apple or "
        "Microsoft), which may be outside of the European Union. Its content is encrypted and cannot be read there; "
        "that I get a notification, and when, is known there.",
        it="Acconsento a ricevere notifiche push sui nuovi messaggi nei browser in cui le attivo. La notifica passa "
        "per un server del produttore del browser (per esempio Google, Mozilla, Apple o Microsoft), che può trovarsi "
        "fuori dall’Unione europea. Il contenuto è cifrato e lì non può essere letto; è noto però quando ricevo una "
        "notifica.",
    ),
)

module = Module(
    name=ModuleName("portal/inbox"),
    title=Text(sl="Sporočila", en="Inbox", it="Messaggi"),
    address=Text(sl="sporocila", en="inbox", it="messaggi"),
    summary=Text(
        sl="Sporočila mest in platforme na enem mestu; sami izberete, kako vas o njih obvestimo.",
        en="Messages of the cities and the platform in one place; you choose how you are told of them.",
        it="I messaggi dei comuni e della piattaforma in un solo luogo; sceglie lei come essere avvisato.",
    ),
    level=Level.FEDERATION,
    always_on=True,
    consents=(PUSH,),
)
