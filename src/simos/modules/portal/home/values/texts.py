"""What the privacy notice and the terms of every city say at the beginning; its editors keep them true. Data only.

`{body}` is the municipality, `{email}` its mailbox. HTML as Wagtail's rich text keeps it.
"""

from simos.kernel.text import Text

PRIVACY = Text(
    sl="""<p>Upravljavec osebnih podatkov na tem portalu je {body}. Za vprašanja in zahteve nam pišite na <a
href="mailto:{email}">{email}</a>; sporočilo bo prejela tudi pooblaščena oseba za varstvo podatkov.</p>
<h2>Kaj zbiramo, ko samo berete</h2>
<p>Nič, po čemer bi vas prepoznali. Portal nima oglasov, ne sledi obiskovalcem in ne nalaga ničesar z drugih
strežnikov. Piškotek nastane šele, ko se prijavite ali pošljete obrazec, in je za to nujen.</p>
<h2>Kaj zbiramo, ko uporabite storitev</h2>
<p>Samo podatke, ki jih storitev potrebuje. Pri vsaki piše, kateri so, zakaj jih potrebujemo, na kateri pravni
podlagi in koliko časa jih hranimo. Ko ste prijavljeni, na strani Moji podatki vidite, kaj o vas hranimo in kdo je
to pogledal.</p>
<h2>Vaše pravice</h2>
<p>Zahtevate lahko dostop do svojih podatkov, njihov popravek, izbris, omejitev obdelave in prenos ter ugovarjate
obdelavi (členi 15 do 22 Splošne uredbe o varstvu podatkov, (EU) 2016/679, in ZVOP-2). Pritožite se lahko
Informacijskemu pooblaščencu: <a href="mailto:gp.ip@ip-rs.si">gp.ip@ip-rs.si</a>.</p>""",
    en="""<p>The controller of personal data on this portal is {body}. Write to <a
href="mailto:{email}">{email}</a> with questions and requests; the data protection officer receives them
too.</p>
<h2>What we collect when you only read</h2>
<p>Nothing by which you could be recognised. The portal has no advertisements, does not track visitors, and loads
nothing from other servers. A cookie is set only when you sign in or send a form, and is needed for that.</p>
<h2>What we collect when you use a service</h2>
<p>Only what the service needs. Each one says what that is, why, on which legal basis, and how long it is kept. When
you have signed in, the page My data shows what we hold about you and who has looked at it.</p>
<h2>Your rights</h2>
<p>You can ask for access to your data, for their correction, erasure, restriction and transfer, and object to their
use (articles 15 to 22 of the General Data Protection Regulation, (EU) 2016/679, and ZVOP-2). You can complain to
the Information Commissioner: <a href="mailto:gp.ip@ip-rs.si">gp.ip@ip-rs.si</a>.</p>""",
    it="""<p>Il titolare del trattamento dei dati personali su questo portale è {body}. Per domande e richieste
scrivete a <a href="mailto:{email}">{email}</a>; il messaggio perviene anche al responsabile della
protezione dei dati.</p>
<h2>Cosa raccogliamo quando leggete soltanto</h2>
<p>Nulla che permetta di riconoscervi. Il portale non ha pubblicità, non traccia i visitatori e non carica nulla da
altri server. Un cookie viene creato solo quando accedete o inviate un modulo, ed è necessario a tal fine.</p>
<h2>Cosa raccogliamo quando usate un servizio</h2>
<p>Solo i dati necessari al servizio. Ognuno indica quali sono, perché servono, su quale base giuridica e per quanto
tempo sono conservati. Dopo l’accesso, la pagina I miei dati mostra cosa conserviamo su di voi e chi lo ha
consultato.</p>
<h2>I vostri diritti</h2>
<p>Potete chiedere l’accesso ai vostri dati, la rettifica, la cancellazione, la limitazione e la portabilità, e
opporvi al trattamento (articoli da 15 a 22 del Regolamento generale sulla protezione dei dati, (UE) 2016/679, e
ZVOP-2). Potete presentare reclamo al Commissario per l’informazione: <a
href="mailto:gp.ip@ip-rs.si">gp.ip@ip-rs.si</a>.</p>""",
)

TERMS = Text(
    sl="""<p>Portal ureja {body}. Uporaba je brezplačna; za večino strani se ni treba prijaviti.</p>
<h2>Vsebine</h2>
<p>Besedila objavlja občina in jih sproti popravlja. Pravno zavezujejo predpisi in odločbe, ne povzetki na tem
portalu. Če najdete napako, nam pišite na <a href="mailto:{email}">{email}</a>.</p>
<h2>Podatki v živo</h2>
<p>Ob vsakem podatku piše, od kdaj je. Kadar vir ne odgovarja, podatka ne prikažemo.</p>
<h2>Ponovna uporaba</h2>
<p>Besedila in odprte podatke lahko prosto uporabite z navedbo vira (CC BY 4.0), če ob njih ne piše drugače. Grb in
celostna podoba občine sta izvzeta.</p>""",
    en="""<p>This portal is kept by {body}. Using it is free; most pages need no sign-in.</p>
<h2>Contents</h2>
<p>The municipality publishes the texts and corrects them as things change. Regulations and decisions bind,
summaries on this portal do not. If you find a mistake, write to <a href="mailto:{email}">{email}</a>.</p>
<h2>Live data</h2>
<p>Each value bears its time. Where a source does not answer, we show none.</p>
<h2>Reuse</h2>
<p>Texts and open data may be reused freely if you name the source (CC BY 4.0), unless they say otherwise. The coat
of arms and the municipality’s visual identity are excepted.</p>""",
    it="""<p>Il portale è curato da {body}. L’uso è gratuito; per la maggior parte delle pagine non occorre
accedere.</p>
<h2>Contenuti</h2>
<p>I testi sono pubblicati e aggiornati dal comune. Vincolanti sono le norme e le decisioni, non i riassunti di
questo portale. Se trovate un errore, scrivete a <a href="mailto:{email}">{email}</a>.</p>
<h2>Dati in tempo reale</h2>
<p>Ogni valore riporta la sua ora. Se una fonte non risponde, il valore non viene mostrato.</p>
<h2>Riutilizzo</h2>
<p>Testi e dati aperti si possono riutilizzare liberamente citando la fonte (CC BY 4.0), salvo diversa indicazione.
Sono esclusi lo stemma e l’identità visiva del comune.</p>""",
)

ASSESSED = Text(
    sl="Samoocena: vse vrste strani portala preverja samodejni preizkus (axe, WCAG 2.2 AA) v svetlih in temnih "
    "barvah, pri 320 in 1280 pikah, s tipkovnico in brez JavaScripta.",
    en="Self-assessment: an automated check (axe, WCAG 2.2 AA) covers every kind of page of the portal in light and "
    "dark colours, at 320 and 1280 pixels, by keyboard and without JavaScript.",
    it="Autovalutazione: un controllo automatico (axe, WCAG 2.2 AA) copre ogni tipo di pagina del portale, nei colori "
    "chiari e scuri, a 320 e 1280 pixel, da tastiera e senza JavaScript.",
)

NOT_ACCESSIBLE = Text(
    sl="<ul><li>Objavljene vsebine še niso v celoti prevedene v lahko branje.</li>"
    "<li>Zunanji dokumenti, na katere vodijo povezave, morda niso dostopni.</li></ul>",
    en="<ul><li>Not all published content has an easy-to-read version yet.</li>"
    "<li>External documents that pages link to may not be accessible.</li></ul>",
    it="<ul><li>Non tutti i contenuti pubblicati hanno già una versione facile da leggere.</li>"
    "<li>I documenti esterni a cui rimandano i collegamenti potrebbero non essere accessibili.</li></ul>",
)
