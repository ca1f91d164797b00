"""Every part of the design system with an example that the page `/design/` runs and shows: one table, so it cannot lie.

The values are made up. Nothing here is used elsewhere.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language

from simos.kernel.geo import Point
from simos.kernel.text import Text
from simos.web.charts import chart_of
from simos.web.comparisons import Bars, HeatMap, bar_chart_of, share, sparkline
from simos.web.forecasts import forecast_chart_of
from simos.web.forms.fields import DateField, EmailField, Form, Look, PhoneField
from simos.web.maps import Feature, MapLayer, MapView, point_geometry
from simos.web.parts import (
    Card,
    Cell,
    Column,
    Empty,
    KeyFigure,
    Link,
    LiveNumber,
    Moment,
    Reached,
    Row,
    Section,
    State,
    Tab,
    Table,
    Task,
)
from simos.web.series import Expected, Series
from simos.web.series import Point as Value
from simos.web.tables import DataColumn, DataTable, Filter, listing_of

Values = Mapping[str, Any]
AT = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A part: its tag (or class), when it is used, the template that shows it, and the values it is given."""

    name: str
    title: Text
    when: Text
    code: str
    values: Callable[..., Values]
    """Called with the request if it takes one."""


def said(sl: str, en: str) -> str:
    """The words in the page's language."""
    return Text(sl=sl, en=en).in_(get_language() or "sl")


def no_values() -> Values:
    return {}


def card_values() -> Values:
    parking = Card(
        title=said("Parkiranje", "Parking"),
        text=said("Prosta mesta v živo.", "Free spaces, live."),
        address="#cards",
        tag=said("Prosto", "Free"),
        state=State.GOOD,
    )
    permit = Card(title=said("Dovolilnice", "Permits"), text=said("Vloga brez obiska.", "Apply without a visit."))
    return {"offers": (parking, permit)}


def figure_values() -> Values:
    return {
        "figures": (
            KeyFigure(
                title=said("Prosta mesta", "Free spaces"), value="1.240", trend=said("+12 %", "+12 %"), better=True
            ),
            KeyFigure(title="CO₂", value="363", unit="t", trend="−4 %", rising=False, better=True),
            KeyFigure(title=said("Zamude", "Delays"), value="7", unit="min", trend="+2 min", better=False),
        )
    }


def tab_values() -> Values:
    day, week = said("Dan", "Day"), said("Teden", "Week")
    return {"views": (Tab(day, "#tabs", current=True), Tab(week, "#tabs"))}


def accordion_values() -> Values:
    asked = said("Kdo lahko vloži vlogo?", "Who may apply?")
    return {
        "sections": (Section(asked, said("Vsak prebivalec.", "Every resident."), open=True), Section("CO₂", "363 t"))
    }


def task_values() -> Values:
    return {
        "tasks": (
            Task(title=said("Vozilo", "Vehicle"), status=said("Končano", "Done"), address="#task_list", done=True),
            Task(title=said("Dokazila", "Papers"), status=said("Ni začeto", "Not begun"), address="#task_list"),
        )
    }


def timeline_values() -> Values:
    return {
        "moments": (
            Moment(title=said("Vloga oddana", "Application sent"), at=AT),
            Moment(title=said("V obravnavi", "Being decided"), at=AT + timedelta(days=2), reached=Reached.NOW),
            Moment(title=said("Odločba", "Decision"), reached=Reached.COMING),
        )
    }


def empty_values() -> Values:
    link = Link(said("Oddajte vlogo", "Apply"), "#empty")
    return {"it": Empty(title=said("Nimate še nobene zadeve.", "You have no matters yet."), link=link)}


def tag_values() -> Values:
    return {"free": said("Prosto", "Free"), "few": said("Malo", "Few"), "full": said("Polno", "Full"), "old": "–"}


def summary_values() -> Values:
    change = said("Spremenite", "Change")
    return {
        "rows": (Row(said("Naslov", "Address"), "Trg celjskih knezov 9"), Row("E-mail", "ana@example.org", "#", change))
    }


def table_values() -> Values:
    columns = (Column(said("Parkirišče", "Car park")), Column(said("Prosto", "Free"), numeric=True))
    rows = ((Cell("Glazija", "#data_table"), "132"), (Cell("Lava"), "8"))
    return {"table": Table(caption=said("Parkirišča", "Car parks"), columns=columns, rows=rows)}


def number_values() -> Values:
    number = LiveNumber(
        title=said("Prosta mesta", "Free spaces"),
        value=132,
        entity="urn:ngsi-ld:OffStreetParking:celje:glazija",
        attribute="availableSpotNumber",
        observed_at=AT,
        full=0,
        few=20,
        words={State.GOOD: said("Prosto", "Free")},
    )
    return {"number": number}


def listing_values(request: HttpRequest) -> Values:
    lots = [("Glazija", 320, True), ("Knežji dvor", 140, False), ("Hudinja", 260, True), ("Lava", 180, True)]
    rows = [(f"{name} {part}", spaces - part, lit) for part in (1, 2, 3) for name, spaces, lit in lots]
    table = DataTable(
        name="lots",
        caption=said("Vsa parkirišča", "All car parks"),
        columns=(
            DataColumn("name", said("Ime", "Name"), lambda row: row[0], sort=True),
            DataColumn("spaces", said("Mesta", "Spaces"), lambda row: row[1], sort=True, numeric=True),
            DataColumn("lit", said("Osvetljeno", "Lit"), lambda row: row[2]),
        ),
        filters=(
            Filter(
                "lit",
                said("Osvetljeno", "Lit"),
                [("yes", said("da", "yes")), ("no", said("ne", "no"))],
                lambda found, value: [row for row in found if row[2] == (value == "yes")],
            ),
        ),
        search=lambda found, text: [row for row in found if text.lower() in row[0].lower()],
        page_size=5,
    )
    return {"listing": listing_of(request, table, rows)}


def chart_values() -> Values:
    points = tuple(Value(AT + timedelta(hours=hour), float(40 + hour * (24 - hour))) for hour in range(25))
    title = said("Prosta mesta", "Free spaces")
    return {"chart_shown": chart_of(Series(title, points), title=title, unit="", language=get_language() or "sl")}


def forecast_values() -> Values:
    points = tuple(Value(AT + timedelta(hours=hour), float(40 + hour * (24 - hour))) for hour in range(13))
    spread = [(hour, 40.0 + hour * (24 - hour)) for hour in range(12, 25)]
    expected = [Expected(AT + timedelta(hours=h), mid - 4 * (h - 12), mid, mid + 4 * (h - 12)) for h, mid in spread]
    title = said("Prosta mesta", "Free spaces")
    language = get_language() or "sl"
    return {"chart_shown": forecast_chart_of(Series(title, points), expected, title=title, unit="", language=language)}


def bar_values() -> Values:
    towns = ("Celje", "Koper", "Kranj", "Ptuj")
    groups = (Bars("2025", (120, 80, 95, None)), Bars("2026", (140, 75, 110, 60)))
    title = said("Zadeve po letih", "Matters by year")
    return {"chart_shown": bar_chart_of(towns, groups, title=title, unit="", language=get_language() or "sl")}


def heat_values() -> Values:
    hours = tuple(f"{hour}" for hour in range(6, 20))
    days = ((said("pon", "Mon"), 1.0), (said("sob", "Sat"), 0.5))
    rows = tuple((day, tuple(much * hour * (24 - hour) for hour in range(6, 20))) for day, much in days)
    return {"it": HeatMap(title=said("Zasedenost po urah", "Occupied, by hour"), columns=hours, rows=rows)}


def small_values() -> Values:
    title, language = said("Zasedeno", "Occupied"), get_language() or "sl"
    line = sparkline((3, 5, 4, 8, 9, 7), title=title, language=language)
    return {"line": line, "ring": share(72, 100, title=title, language=language)}


class ExampleForm(Form):
    name = forms.CharField(label="Ime / Name", max_length=80)
    kind = forms.ChoiceField(label="Vrsta / Kind", widget=forms.RadioSelect, choices=[("day", "1"), ("year", "365")])
    since = DateField(label="Od / From")
    email = EmailField(label="E-mail", required=False)
    phone = PhoneField(label="Telefon / Telephone", required=False)
    reason = forms.CharField(label="Razlog / Reason", widget=forms.Textarea, max_length=200, required=False)
    agreed = forms.BooleanField(label="Da / Yes")
    looks = {"kind": Look(inline=True), "reason": Look(counted=True)}


def form_values() -> Values:
    return {"form": ExampleForm(prefix="example")}


def map_values() -> Values:
    glazija = Feature(
        point_geometry(Point(15.2602, 46.2286)), title="Glazija", twin="example-glazija", state=State.GOOD
    )
    layer = MapLayer(name="lots", features=(glazija,))
    return {"view": MapView(title=said("Parkirišča na zemljevidu", "Car parks on the map"), layers=(layer,))}


def _example(name: str, sl: tuple[str, str], en: tuple[str, str], code: str, values: Callable[..., Values]) -> Example:
    return Example(name=name, title=Text(sl=sl[0], en=en[0]), when=Text(sl=sl[1], en=en[1]), code=code, values=values)


EXAMPLES: tuple[Example, ...] = (
    _example(
        "cards",
        ("Kartice", "Poti do stvari iste vrste, pod naslovom druge ravni."),
        ("Cards", "Ways to things of one kind, under a heading of the second level."),
        "{% cards offers %}",
        card_values,
    ),
    _example(
        "key_figures",
        ("Ključne številke", "Nekaj števil, ki štejejo, s spremembo v besedah; barva ni nikoli edino znamenje."),
        ("Key figures", "A few numbers that matter, with their change in words; colour is never the only sign."),
        "{% key_figures figures %}",
        figure_values,
    ),
    _example(
        "tabs",
        ("Zavihki", "Pogledi na isto stvar. Vsak ima svoj naslov, zato delujejo brez JavaScripta."),
        ("Tabs", "Views of one thing. Each has an address of its own, so they work without JavaScript."),
        '{% tabs views "1" %}',
        tab_values,
    ),
    _example(
        "accordion",
        ("Zložljivi deli", "Odgovori na vprašanja, od katerih vsak potrebuje le katerega."),
        ("Accordion", "Answers of which each reader needs one or two."),
        "{% accordion sections %}",
        accordion_values,
    ),
    _example(
        "task_list",
        ("Seznam opravil", "Več delov vloge v poljubnem vrstnem redu. Za dele po vrsti je Flow."),
        ("Task list", "Several parts of an application, in any order. For parts in order there is Flow."),
        "{% task_list tasks %}",
        task_values,
    ),
    _example(
        "timeline",
        ("Potek zadeve", "Kaj je bilo, kje je zadeva zdaj, kaj še pride."),
        ("Timeline", "What was, where a matter is now, what is to come."),
        "{% timeline moments %}",
        timeline_values,
    ),
    _example(
        "empty",
        ("Prazno stanje", "Kjer še ni ničesar: zakaj in kaj lahko človek stori."),
        ("Empty state", "Where there is nothing yet: why, and what one can do."),
        "{% empty it %}",
        empty_values,
    ),
    _example(
        "tag",
        ("Oznake stanja", "Kako je s čim, v eni besedi. Beseda pove vse, barva le pomaga."),
        ("Tags", "How a thing stands, in a word. The word says all, the colour only helps."),
        '{% tag free "good" %} {% tag few "low" %} {% tag full "bad" %} {% tag old %}',
        tag_values,
    ),
    _example(
        "notification_banner",
        ("Obvestilo", "Nad vsebino strani. Uspeh se prebere takoj in dobi fokus."),
        ("Notification", "Above the page's content. A success is read out at once and takes the focus."),
        '{% notification_banner %}<p class="govuk-body">27. 3. 2026</p>{% endnotification_banner %}',
        no_values,
    ),
    _example(
        "summary_list",
        ("Dejstva", "Ključ in vrednost; za pregled odgovorov s potjo do spremembe."),
        ("Summary list", "Keys and values; to check answers with a way to change each."),
        "{% summary_list rows %}",
        summary_values,
    ),
    _example(
        "data_table",
        ("Preglednica", "Nekaj vrstic za primerjavo. Za dolge sezname je {% listing %} (simos.web.tables)."),
        ("Table", "A few rows to compare. For long lists there is {% listing %} (simos.web.tables)."),
        "{% data_table table %}",
        table_values,
    ),
    _example(
        "live_number",
        ("Živo število", "Število, ki se spreminja med gledanjem. Bere se le na željo, največ vsakih 20 sekund."),
        (
            "Live number",
            "A number that changes as one looks. It is read out on request only, at most every 20 seconds.",
        ),
        "{% live_number number %}",
        number_values,
    ),
    _example(
        "listing",
        ("Preglednica, ki se ureja", "Več vrstic, kot jih kdo prebere: po njih se išče, izbira, ureja in lista."),
        ("Table that sorts", "More rows than anybody reads: they are searched, chosen, sorted, paged and taken along."),
        "{% listing listing %}",
        listing_values,
    ),
    _example(
        "chart",
        ("Grafikon", "Vrednosti v času; iste so vedno tudi v preglednici."),
        ("Chart", "Values over time; the same are always in a table too."),
        "{% chart chart_shown %}",
        chart_values,
    ),
    _example(
        "forecast",
        ("Napoved", "Kar je izmerjeno, kar se pričakuje, in pas, v katerem bo."),
        ("Forecast", "What was measured, what is expected, and the band in which it will be."),
        "{% chart chart_shown %}",
        forecast_values,
    ),
    _example(
        "bars",
        ("Stolpci", "Do štiri skupine za vsako kategorijo, ena ob drugi ali ena na drugi (stacked)."),
        ("Bars", "Up to four groups for each category, side by side or stacked."),
        "{% chart chart_shown %}",
        bar_values,
    ),
    _example(
        "heat_map",
        ("Toplotna preglednica", "Vrednosti po dnevih in urah; števila so v celicah."),
        ("Heat map", "Values by weekday and hour; the numbers are in the cells."),
        "{% heat_map it %}",
        heat_values,
    ),
    _example(
        "small_figures",
        ("Črta v besedilu in delež", "Kjer je za grafikon premalo prostora."),
        ("A line in a text, and a share", "Where there is no room for a chart."),
        "<p>{{ line }}</p>{{ ring }}",
        small_values,
    ),
    _example(
        "form_fields",
        ("Obrazec", "Vsak Djangov obrazec. V pogledu je form_page, za več korakov Flow (simos.web.forms)."),
        ("Form", "Any Django form. A view uses form_page, or Flow for several steps (simos.web.forms)."),
        "<form novalidate>{% form_fields form %}</form>",
        form_values,
    ),
    _example(
        "map_view",
        ("Zemljevid", "Ob seznamu, ki pove isto in je brez JavaScripta stran sama."),
        ("Map", "Beside a list that says the same and is the page without JavaScript."),
        '{% map_view view %}<ul><li id="example-glazija">Glazija <span data-map-show></span></li></ul>',
        map_values,
    ),
)
