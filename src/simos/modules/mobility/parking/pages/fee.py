"""The fee calculator of a facility: from when to when, with what, and what it costs line by line. Without scripts.

What is asked for stands in the address, so that it can be sent to somebody or kept.
"""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from simos.kernel.text import Text
from simos.modules.mobility.parking.module import module
from simos.modules.mobility.parking.pages.showing import language_now
from simos.modules.mobility.parking.queries import facility_of, fee_of, opening_of, sample_fees
from simos.modules.mobility.parking.rules.fee_words import amount, length
from simos.modules.mobility.parking.rules.hours import told
from simos.modules.mobility.parking.rules.tariffs import LONGEST_STAY
from simos.modules.mobility.parking.values import Exemption, FacilityFacts
from simos.modules.mobility.parking.values.tariffs import Fee, Tariff
from simos.modules.mobility.parking.values.words import word_of
from simos.platform.scopes.models import City
from simos.platform.scopes.queries import now_in
from simos.web.forms.fields import Form, Look
from simos.web.pages import Crumb, Page, render
from simos.web.parts import Column, KeyFigure, Row, Table

SAID = {
    "title": Text(sl="Koliko stane parkiranje", en="What parking costs", it="Quanto costa il parcheggio"),
    "arrival_day": Text(sl="Dan prihoda", en="Day of arrival", it="Giorno di arrivo"),
    "arrival_time": Text(sl="Ura prihoda", en="Time of arrival", it="Ora di arrivo"),
    "departure_day": Text(sl="Dan odhoda", en="Day of departure", it="Giorno di partenza"),
    "departure_time": Text(sl="Ura odhoda", en="Time of departure", it="Ora di partenza"),
    "with": Text(sl="Kaj od tega imate?", en="Do you have any of these?", it="Possiede qualcosa di quanto segue?"),
    "count": Text(sl="Izračunaj", en="Calculate", it="Calcola"),
    "sum": Text(sl="Skupaj", en="In all", it="Totale"),
    "how": Text(sl="Kako je cena sestavljena", en="How the price comes about", it="Come si calcola il prezzo"),
    "what": Text(sl="Za kaj", en="For what", it="Per cosa"),
    "price": Text(sl="Cena", en="Price", it="Prezzo"),
    "stay": Text(sl="Trajanje", en="Length of stay", it="Durata della sosta"),
    "best": Text(
        sl="Upoštevana je oprostitev, ki je za vas najugodnejša",
        en="The exemption that is best for you was taken into account",
        it="È stata applicata l'agevolazione più conveniente",
    ),
    "long": Text(
        sl="Tu smete plačano parkirati največ {allowed}. Ta čas presegate za {over}.",
        en="One may park here against payment for at most {allowed}. You exceed that by {over}.",
        it="Qui si può sostare a pagamento al massimo {allowed}. Il limite è superato di {over}.",
    ),
    "closed": Text(
        sl="V času prihoda je parkirišče predvidoma zaprto.",
        en="At the time of arrival the facility is to be closed.",
        it="All'ora di arrivo il parcheggio dovrebbe essere chiuso.",
    ),
    "late": Text(
        sl="Odhod mora biti po prihodu, in sicer najpozneje v {days} dneh.",
        en="Departure is after arrival, and within {days} days.",
        it="La partenza deve seguire l'arrivo, entro {days} giorni.",
    ),
    "none": Text(
        sl="Za to parkirišče cenik še ni objavljen.",
        en="No tariff has been published for this facility yet.",
        it="Per questo parcheggio non è ancora pubblicata alcuna tariffa.",
    ),
    "tariff": Text(sl="Cenik", en="Tariff", it="Tariffa"),
    "about": Text(
        sl="Izračun je informativen; velja cenik na parkirišču.",
        en="The calculation is for information; the tariff on site is what holds.",
        it="Il calcolo è indicativo; vale la tariffa esposta sul posto.",
    ),
    "examples": Text(
        sl="Na delovni dan od 10. ure", en="On a working day from ten o'clock", it="In un giorno feriale dalle 10"
    ),
    "hours": Text(sl="Odpiralni čas", en="Opening hours", it="Orario di apertura"),
}


def words(name: str) -> str:
    return SAID[name].in_(language_now())


class FeeForm(Form):
    """From when to when, in the city's time, and which of the exemptions that the facility accepts one has."""

    arrival_day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    arrival_time = forms.TimeField(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    departure_day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    departure_time = forms.TimeField(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))

    looks = dict.fromkeys(("arrival_day", "arrival_time", "departure_day", "departure_time"), Look(width=10))

    def __init__(self, *args: Any, accepted: tuple[Exemption, ...], zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        for name in self.looks:
            self.fields[name].label = words(name)
        if accepted:
            choices = [(each.value, word_of(each, language_now()).capitalize()) for each in accepted]
            self.fields["with"] = forms.MultipleChoiceField(
                label=words("with"), choices=choices, required=False, widget=forms.CheckboxSelectMultiple
            )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if self.errors:
            return found
        stay = self.stay(found)
        if not timedelta() <= stay[1] - stay[0] <= LONGEST_STAY:
            self.add_error("departure_day", words("late").format(days=LONGEST_STAY.days))
        return found

    def stay(self, found: dict[str, Any]) -> tuple[datetime, datetime]:
        arrival, departure = (
            datetime.combine(found[f"{name}_day"], found[f"{name}_time"], self.zone)
            for name in ("arrival", "departure")
        )
        return arrival, departure


def fee(request: HttpRequest, city: City, code: str) -> HttpResponse:
    """What a stay at the facility costs; without a question, one of two hours from now is in the form."""
    found, language = facility_of(code), language_now()
    facts, zone = found.facts, ZoneInfo(city.time_zone)
    now = now_in(city).astimezone(zone)
    accepted = tuple(each for each in facts.exemptions if found.tariff and each in found.tariff.tariff.reliefs)
    asked = bool(request.GET)
    begins = now.replace(minute=now.minute // 5 * 5)
    first = {"arrival": begins, "departure": begins + timedelta(hours=2)}
    initial: dict[str, object] = {f"{name}_day": at.date() for name, at in first.items()}
    initial |= {f"{name}_time": at.time() for name, at in first.items()}
    form = FeeForm(request.GET if asked else None, accepted=accepted, zone=zone, initial=initial)
    context: dict[str, Any] = {"form": form, "said": {name: words(name) for name in SAID}, "facts": facts}
    if found.tariff is not None:
        context |= _tariff_shown(found.tariff.tariff, facts, now, city)
    if asked and found.tariff is not None and form.is_valid():
        arrival, departure = form.stay(form.cleaned_data)
        having = {Exemption(each) for each in form.cleaned_data.get("with", ())}
        counted = fee_of(found, arrival, departure, having, zone=city.time_zone)
        assert counted is not None  # there is a tariff
        context |= _fee_shown(counted, found.tariff.tariff, departure - arrival)
        context["closed"] = not opening_of(facts, arrival, zone=city.time_zone).open
    page = Page(
        title=f"{words('title')}: {facts.name}",
        city=city,
        description=words("about"),
        breadcrumbs=(
            Crumb(module.title.in_(language), reverse("mobility_parking:facilities", kwargs={"city": city.code})),
            Crumb(facts.name, reverse("mobility_parking:facility", kwargs={"city": city.code, "code": code})),
        ),
        demo=found.is_demo,
        failed=asked and bool(form.errors),
    )
    return render(request, "parking/fee.html", page, context, status=422 if page.failed else 200)


def _tariff_shown(tariff: Tariff, facts: FacilityFacts, now: datetime, city: City) -> dict[str, Any]:
    language = language_now()
    figures = [
        KeyFigure(title=length(minutes), value=amount(cents, language))
        for minutes, cents in sample_fees(tariff, now.date(), zone=city.time_zone)
    ]
    rows = [Row(words("tariff"), tariff.name.in_(language))]
    if facts.hours is not None:
        rows.append(Row(words("hours"), "; ".join(f"{days}: {times}" for days, times in told(facts.hours, language))))
    return {"figures": figures, "rows": rows}


def _fee_shown(fee: Fee, tariff: Tariff, stay: timedelta) -> dict[str, Any]:
    language = language_now()
    lines = [(line.text.in_(language), amount(line.amount.cents, language)) for line in fee.lines]
    over = ""
    if fee.too_long and tariff.max_stay is not None:
        over = words("long").format(allowed=length(tariff.max_stay), over=length(fee.too_long))
    return {
        "fee": amount(fee.total.cents, language),
        "stay": length(stay // timedelta(minutes=1)),
        "over": over,
        "best": word_of(fee.relief, language) if fee.relief else "",
        "lines": Table(
            caption=words("how"),
            columns=(Column(words("what")), Column(words("price"), numeric=True)),
            rows=[*lines, (words("sum"), amount(fee.total.cents, language))],
        ),
    }
