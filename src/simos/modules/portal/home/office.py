"""The portal's side for officers: the notices above a city's pages, and what visitors say of the pages. Pages
themselves are edited in Wagtail."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import get_language

from simos.kernel.acting import ScopeKind
from simos.kernel.text import Text
from simos.modules.portal.home.actions.notices import FACTS, post_notice, withdraw_notice
from simos.modules.portal.home.models import Notice
from simos.modules.portal.home.models.blocks import check_address
from simos.modules.portal.home.queries.opinions import opinions_of_pages, remarks_on
from simos.web.office.declared import Column, Desk, DeskPage, Register
from simos.web.office.entering import Office
from simos.web.office.pages import desk_page

TITLES: Mapping[str, Text] = {
    "gravity": Text(sl="Teža", en="Gravity"),
    "title_sl": Text(sl="Naslov (slovensko)", en="Title (Slovenian)"),
    "title_en": Text(sl="Naslov (angleško)", en="Title (English)"),
    "title_it": Text(sl="Naslov (italijansko)", en="Title (Italian)"),
    "text_sl": Text(sl="Besedilo (slovensko)", en="Text (Slovenian)"),
    "text_en": Text(sl="Besedilo (angleško)", en="Text (English)"),
    "text_it": Text(sl="Besedilo (italijansko)", en="Text (Italian)"),
    "address": Text(sl="Povezava", en="Link"),
    "starts_at": Text(sl="Od", en="From"),
    "ends_at": Text(sl="Do", en="Until"),
}
GRAVITIES: Mapping[str, Text] = {
    "info": Text(sl="obvestilo", en="information"),
    "warning": Text(sl="opozorilo", en="warning"),
    "crisis": Text(sl="krizno obvestilo", en="crisis"),
}


class NoticeForm(forms.ModelForm[Notice]):
    """What a notice says, in which languages, and how long."""

    class Meta:
        model = Notice
        fields = FACTS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "sl"
        self.fields["gravity"] = forms.ChoiceField(
            choices=[(name, title.in_(language)) for name, title in GRAVITIES.items()]
        )
        self.fields["address"].validators.append(check_address)
        for name, title in TITLES.items():
            self.fields[name].label = title.in_(language)


OPINIONS = Text(sl="Mnenja o straneh", en="Opinions of pages")


def opinions(request: HttpRequest, office: Office) -> HttpResponseBase:
    """How useful visitors find each page of the city, and the newest remarks: on all, or on the page `of`."""
    of = request.GET.get("of", "").replace("\0", "")[:300]
    context = {"pages": opinions_of_pages(), "remarks": remarks_on(of), "of": of}
    return desk_page(request, "home/opinions.html", OPINIONS.in_(get_language() or "sl"), context)


office = (
    Desk(
        name="opinions",
        title=OPINIONS,
        pages=(DeskPage(view=opinions, permissions=frozenset({"read-opinions"})),),
        kinds=frozenset({ScopeKind.CITY}),
        icon="comment",
    ),
    Register(
        name="notices",
        title=Text(sl="Obvestila nad stranmi", en="Notices above pages"),
        model=Notice,
        columns=(
            Column(field="title_sl", title=TITLES["title_sl"]),
            Column(
                field="gravity",
                title=TITLES["gravity"],
                value=lambda row: GRAVITIES[row.gravity].in_(get_language() or "sl"),
            ),
            Column(field="starts_at", title=TITLES["starts_at"]),
            Column(field="ends_at", title=TITLES["ends_at"]),
        ),
        view="post-notice",
        edit="post-notice",
        form=NoticeForm,
        save=post_notice,
        remove=withdraw_notice,
        search=("title_sl", "title_en"),
        ordering=("-starts_at",),
        icon="warning",
    ),
)
