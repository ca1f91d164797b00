"""A form with every kind of field, and a flow in three steps, as a module would write them."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from simos.kernel.errors import Conflict
from simos.kernel.text import Text
from simos.platform.files.kinds import PDF
from simos.platform.files.values import Purpose
from simos.platform.scopes.models import City
from simos.web.forms.answering import form_page
from simos.web.forms.fields import DateField, EmailField, Form, Look, PhoneField, PlaceField, UploadField
from simos.web.forms.steps import Answers, Flow, Step
from simos.web.pages import Page

PROOF = Purpose(name="proof", kinds=(PDF,), most_bytes=2_000_000, keep=timedelta(days=1))
SENT: list[Answers] = []


class EveryField(Form):
    name = forms.CharField(label="Ime in priimek", max_length=80, help_text="Kot v osebnem dokumentu.")
    plate = forms.CharField(label="Registrska oznaka", max_length=10)
    hours = forms.IntegerField(label="Trajanje", min_value=1)
    reason = forms.CharField(label="Razlog", widget=forms.Textarea, max_length=200, required=False)
    zone = forms.ChoiceField(label="Območje", choices=[("", "Izberite"), ("a", "Staro jedro"), ("b", "Otok")])
    kind = forms.ChoiceField(label="Vrsta", widget=forms.RadioSelect, choices=[("day", "Dnevna"), ("year", "Letna")])
    days = forms.MultipleChoiceField(
        label="Dnevi", widget=forms.CheckboxSelectMultiple, choices=[("mon", "Ponedeljek"), ("tue", "Torek")]
    )
    since = DateField(label="Od", earliest=date(2026, 1, 1), latest=date(2026, 12, 31))
    proof = UploadField(label="Dokazilo", purpose=PROOF, required=False)
    email = EmailField(label="E-naslov")
    phone = PhoneField(label="Telefon", required=False)
    home = PlaceField(label="Naslov", required=False)
    agreed = forms.BooleanField(label="Strinjam se s pogoji")
    trace = forms.CharField(widget=forms.HiddenInput, required=False)

    looks = {
        "plate": Look(width=10),
        "hours": Look(width=4, suffix="ur"),
        "reason": Look(counted=True),
        "kind": Look(inline=True),
    }


class Vehicle(Form):
    plate = forms.CharField(label="Registrska oznaka", max_length=10)
    company = forms.BooleanField(label="Vozilo je od podjetja", required=False)


class Company(Form):
    company_name = forms.CharField(label="Ime podjetja")


class Papers(Form):
    since = DateField(label="Od kdaj")
    proof = UploadField(label="Dokazilo", purpose=PROOF)


def every_field(request: HttpRequest, city: City) -> HttpResponse:
    form = EveryField(request.POST or None, request.FILES or None)
    return form_page(
        request, Page(title="Vsa polja", city=city, description="Vse vrste polj."), form, button="Pošljite"
    )


def _finish(request: HttpRequest, answers: Answers) -> HttpResponse:
    if answers["plate"] == "TAKEN":
        raise Conflict("To vozilo dovolilnico že ima.")
    SENT.append(answers)
    return HttpResponseRedirect("/celje/parkirisca/")


def _is_company(answers: Answers) -> bool:
    return bool(answers.get("company"))


def _known_name(request: HttpRequest, answers: Answers) -> dict[str, Any]:
    return {"initial": {"company_name": f"Podjetje vozila {answers['plate']}"}}


flow = Flow(
    name="sample-permit",
    title=Text(sl="Vloga za dovolilnico", en="Application for a permit"),
    steps=(
        Step(form=Vehicle, address=Text(sl="vozilo", en="vehicle"), title=Text(sl="Vozilo", en="Vehicle")),
        Step(
            form=Company,
            address=Text(sl="podjetje", en="company"),
            title=Text(sl="Podjetje", en="Company"),
            when=_is_company,
            given=_known_name,
        ),
        Step(form=Papers, address=Text(sl="dokazila", en="papers"), title=Text(sl="Dokazila", en="Papers")),
    ),
    finish=_finish,
    send=Text(sl="Pošljite vlogo", en="Send the application"),
    declaration=Text(sl="Izjavljam, da so podatki resnični.", en="I declare that this is true."),
)
