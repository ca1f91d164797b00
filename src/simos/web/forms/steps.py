"""A form in several steps, each a page with its own address, then "check your answers", then it is sent.

    application = Flow(
        name="mobility-gates-permit",
        title=Text(sl="Vloga za dovolilnico", en="Application for a permit"),
        steps=(Step(VehicleForm, Text(sl="vozilo", en="vehicle"), title=Text(sl="Vozilo", en="Vehicle")), ...),
        finish=send,            # send(request, answers) -> a redirect to what has become of it
        send=Text(sl="Pošljite vlogo", en="Send the application"),
    )
    pages = (..., *application.pages("apply", Text(sl="vloga", en="apply")))

Works without JavaScript; going back and changing an answer loses nothing. `finish` calls the action.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from simos.kernel.errors import Conflict, Invalid, NotFound
from simos.kernel.text import Text
from simos.platform.files.values import Received
from simos.web.forms.answering import form_page
from simos.web.forms.answers import answers_shown
from simos.web.forms.drafts import Draft, draft_of, forget_draft, keep_draft
from simos.web.forms.fields import UploadField
from simos.web.pages import Page, render
from simos.web.routes import PageRoute

CHECK = Text(sl="pregled", en="check", it="verifica", hu="ellenorzes")
CHANGE = "change"
"""Query parameter of a step that is visited again from the check page."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The cleaned values of the steps that are asked and answered. `key` is one for all attempts to send them."""

    key: str
    steps: Mapping[str, Mapping[str, Any]]

    def get(self, field: str, default: Any = None) -> Any:
        """The value of the field, in whatever step it is."""
        return next((values[field] for values in self.steps.values() if field in values), default)

    def __getitem__(self, field: str) -> Any:
        return next(values[field] for values in self.steps.values() if field in values)


def _always(answers: Answers) -> bool:
    return True


def _nothing(request: HttpRequest, answers: Answers) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One page of a flow. `when`: whether it is asked, after the answers of the steps before it.

    `given`: further arguments of the form's class, such as `initial` or choices of the city.
    """

    form: Callable[..., forms.BaseForm]
    address: Text
    title: Text
    hint: Text | None = None
    when: Callable[[Answers], bool] = _always
    given: Callable[[HttpRequest, Answers], Mapping[str, Any]] = _nothing

    @property
    def name(self) -> str:
        return self.address.en


Finish = Callable[[HttpRequest, Answers], HttpResponse]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The steps of a form. `name` is unique in the platform; `declaration` stands above the last button."""

    name: str
    title: Text
    steps: tuple[Step, ...]
    finish: Finish
    send: Text
    declaration: Text | None = None
    demo: bool = False

    def __post_init__(self) -> None:
        names = [step.name for step in self.steps]
        if not names or len(set(names)) < len(names) or CHECK.en in names:
            raise ValueError(f"flow {self.name!r}: its steps need addresses of their own, other than {CHECK.en!r}")

    def pages(self, name: str, address: Text) -> tuple[PageRoute, PageRoute]:
        """The routes for a module's `pages`: `name` is where one begins, or goes on."""
        languages = {each: f"{address.in_(each)}/<slug:step>" for each in address.languages()}
        return (
            PageRoute(view=self.begin, name=name, address=address),
            PageRoute(view=self.visit, name=f"{name}-step", address=Text(**languages)),
        )

    def begin(self, request: HttpRequest, *place: Any, **parameters: Any) -> HttpResponse:
        """Leads to the first step that is not answered, or to the check page."""
        return _Visit(self, request).onward()

    def visit(self, request: HttpRequest, *place: Any, step: str, **parameters: Any) -> HttpResponse:
        """One step, or the check page."""
        visit = _Visit(self, request)
        if step in _addresses(CHECK):
            return visit.send() if request.method == "POST" else visit.check()
        found = next((each for each in self.steps if step in _addresses(each.address)), None)
        if found is None:
            raise NotFound(f"{self.name} has no step {step!r}")
        return visit.take(found) if request.method == "POST" else visit.ask(found)


def _addresses(text: Text) -> set[str]:
    return {text.in_(language) for language in text.languages()}


class _Visit:
    """One request in a flow: the draft, and which steps are asked after the answers in it."""

    def __init__(self, flow: Flow, request: HttpRequest) -> None:
        self.flow, self.request = flow, request
        city = getattr(request, "city", None)
        self.city = city
        self.draft_name = f"{flow.name}@{city.code if city else ''}"
        self.draft: Draft = draft_of(request, self.draft_name)
        self.language = get_language() or "sl"
        self.answers = Answers(self.draft.key, {})
        self.asked: list[Step] = []
        self.forms: dict[str, forms.BaseForm] = {}
        self.open: Step | None = None
        self._walk()

    def _walk(self) -> None:
        """Goes through the steps in order as far as they are answered rightly; `open` is the first that is not."""
        known: dict[str, Mapping[str, Any]] = {}
        self.asked, self.open, self.answers = [], None, Answers(self.draft.key, known)
        for step in self.flow.steps:
            if self.open is None and not step.when(self.answers):
                continue
            self.asked.append(step)
            if self.open is not None:
                continue
            data = self.draft.data_of(step.name)
            form = self._form(step, data) if data is not None else None
            if form is None or not form.is_valid():
                self.open = step
                continue
            self.forms[step.name] = form
            known[step.name] = form.cleaned_data

    def _form(self, step: Step, data: Any = None, files: Any = None) -> forms.BaseForm:
        given = dict(step.given(self.request, self.answers))
        form = step.form(data, files, **given)
        for name, field in form.fields.items():
            if isinstance(field, UploadField) and (kept := self.draft.file_of(step.name, name, field.purpose)):
                form.initial[name] = kept
        return form

    def _address(self, text: Text, *, change: bool = False) -> str:
        match = self.request.resolver_match
        assert match is not None  # a view is called by its address
        route = match.view_name.removesuffix("-step")
        kwargs = {name: value for name, value in match.kwargs.items() if name != "step"}
        address = reverse(f"{route}-step", kwargs={**kwargs, "step": text.in_(self.language)})
        return f"{address}?{CHANGE}=1" if change else address

    def onward(self, *, after: Step | None = None) -> HttpResponse:
        """To the step after `after`; without one to the first that is open; to the check page where there is none."""
        place = self.open
        if after is not None and after in self.asked[:-1] and CHANGE not in self.request.GET:
            place = self.asked[self.asked.index(after) + 1]
        return HttpResponseRedirect(self._address(place.address if place else CHECK))

    def ask(self, step: Step) -> HttpResponse:
        """The step with what was answered before; the open step instead where it is not yet its turn."""
        if step not in self.asked or (self.open and self.asked.index(step) > self.asked.index(self.open)):
            return self.onward()
        return self._shown(step, self.forms.get(step.name) or self._form(step))

    def take(self, step: Step) -> HttpResponse:
        """What was sent is kept if it is right, and the next page follows; else the step comes back with its errors."""
        form = self._form(step, self.request.POST, self.request.FILES)
        if not form.is_valid():
            return self._shown(step, form)
        files = {name: value for name, value in form.cleaned_data.items() if isinstance(value, Received)}
        self.draft.answer(step.name, self.request.POST, files)
        keep_draft(self.request, self.draft_name, self.draft)
        self._walk()
        return self.onward(after=step)

    def _shown(self, step: Step, form: forms.BaseForm) -> HttpResponse:
        number = self.asked.index(step) + 1 if step in self.asked else 1
        before = self.asked[number - 2] if number > 1 else None
        back = CHECK if CHANGE in self.request.GET else before.address if before else None
        context = {
            "flow_title": self.flow.title.in_(self.language),
            "number": number,
            "total": len(self.asked),
            "back": self._address(back) if back else "",
        }
        page = self._page(step.title.in_(self.language), step.hint.in_(self.language) if step.hint else "")
        return form_page(self.request, page, form, context, template="web/step.html")

    def check(self, form: forms.BaseForm | None = None, *, status: int = 200) -> HttpResponse:
        """All answers with a way to change each; leads to what is still open instead."""
        if self.open is not None:
            return self.onward()
        parts = [
            {
                "title": step.title.in_(self.language),
                "rows": answers_shown(self.forms[step.name], self._address(step.address, change=True), self.language),
            }
            for step in self.asked
        ]
        context = {
            "flow_title": self.flow.title.in_(self.language),
            "parts": parts,
            "back": self._address(self.asked[-1].address),
            "button": self.flow.send.in_(self.language),
            "declaration": self.flow.declaration.in_(self.language) if self.flow.declaration else "",
            "form": form or forms.Form(),
        }
        return render(
            self.request, "web/check_answers.html", self._page(_("Check your answers")), context, status=status
        )

    def send(self) -> HttpResponse:
        """Hands the answers to `finish` and forgets the draft; a refusal (409, 422) is told above the answers."""
        if self.open is not None:
            return self.onward()
        try:
            response = self.flow.finish(self.request, self.answers)
        except (Invalid, Conflict) as refused:
            form = forms.Form({})
            form.add_error(None, refused.detail or refused.title)
            return self.check(form, status=refused.status)
        forget_draft(self.request, self.draft_name)
        return response

    def _page(self, title: str, description: str = "") -> Page:
        return Page(title=title, city=self.city, description=description, demo=self.flow.demo)
