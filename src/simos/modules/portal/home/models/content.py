"""What all pages of content share: their frame, their easy-to-read text, and that a service's address stays its own."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from simos.kernel.acting import FEDERATION, Actor, Channel, Scope
from simos.kernel.clock import now
from simos.kernel.registry import installed_modules
from simos.modules.portal.home.events import ContentChanged
from simos.modules.portal.home.models.blocks import EasyBlock
from simos.modules.portal.home.rules import CONSORTIUM_SLUGS, ROOT_ADDRESSES
from simos.platform.events.outbox import emit
from simos.platform.scopes.acting import acting
from simos.platform.scopes.models import City
from simos.web.office.references import PageForm
from simos.web.pages import Alternative, Crumb, render
from simos.web.pages import Page as Frame

EASY = "easy"
"""Query parameter that asks for the easy-to-read text."""

HOME_DEPTH = 3
"""Where homes stand: root, language, home."""


def clash_of(slug: str, parent: Any, language: str) -> str:
    """What to say where a page called `slug` below `parent` would have a service's address; '' where it is free."""
    if parent is None or parent.depth != HOME_DEPTH:
        return ""
    own = {each.in_(language): each.in_(language) for each in ROOT_ADDRESSES}
    services = {each.module.address.in_(language): each.module.title.in_(language) for each in installed_modules()}
    taken = own if parent.slug in CONSORTIUM_SLUGS else services | own
    if slug not in taken:
        return ""
    said = _("/%(slug)s/ is the address of “%(service)s”, which would hide this page. Choose another.")
    return str(said % {"slug": slug, "service": taken[slug]})


class ContentForm(PageForm):
    """The editor's form: a page that is not yet in the tree is held against its parent too."""

    def clean(self) -> Any:
        cleaned = super().clean()
        language = self.instance.locale.language_code if self.instance.locale_id else get_language() or "sl"
        if self.parent_page is not None and (fault := clash_of(cleaned.get("slug", ""), self.parent_page, language)):
            self.add_error("slug", fault)
        return cleaned


class ContentPage(Page):
    """A page that editors write. `is_demo`: what it says is made up."""

    lead = models.TextField(
        _("Introduction"), blank=True, help_text=_("What this page is about, in a sentence or two.")
    )
    easy = StreamField(EasyBlock(), blank=True, verbose_name=_("Easy to read"))
    is_demo = models.BooleanField(default=False, editable=False)

    base_form_class = ContentForm
    is_quiet = False
    """Set by who saves many pages and tells of them all at once."""

    promote_panels = [FieldPanel("slug"), FieldPanel("search_description")]
    parent_page_types = ["portal_home.CityPage", "portal_home.ConsortiumPage", "portal_home.SectionPage"]
    subpage_types: Sequence[str] = []

    class Meta:
        abstract = True

    @property
    def home_slug(self) -> str:
        """The part of the tree in which the page stands: a city's code, or the consortium's."""
        parts = self.url_path.split("/")
        return parts[2] if len(parts) > 2 else ""

    @property
    def city(self) -> City | None:
        return None if self.home_slug in CONSORTIUM_SLUGS else City.objects.filter(code=self.home_slug).first()

    @property
    def scope(self) -> Scope:
        return FEDERATION if self.home_slug in CONSORTIUM_SLUGS else Scope.city(self.home_slug)

    def clean(self) -> None:
        super().clean()
        if self.path and (fault := clash_of(self.slug, self.get_parent(), self.locale.language_code)):
            raise ValidationError({"slug": fault})

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """The page is saved; if its content or place may have changed, the event that tells the search is out."""
        with transaction.atomic():
            saved = super().save(*args, **kwargs)
            if kwargs.get("update_fields") is None and not self.is_quiet:
                self._tell()
        return saved

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            self._tell(whole=True)
            return super().delete(*args, **kwargs)

    def move(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().move(*args, **kwargs)
            type(self).objects.get(pk=self.pk)._tell(whole=True)

    def _tell(self, *, whole: bool = False) -> None:
        """`whole`: all pages below as well. The publishing officer is in Wagtail's own log and in the revision."""
        keys = [str(self.translation_key)]
        if whole or self.numchild:
            keys = [str(key) for key in self.get_descendants(inclusive=True).values_list("translation_key", flat=True)]
        by = Actor.system("content", Channel.WEB)
        for start in range(0, len(keys), 100):
            emit(ContentChanged(keys=tuple(keys[start : start + 100])), scope=self.scope, by=by, at=now())

    # What visitors get.

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        easy = EASY in request.GET and bool(self.easy)
        frame, more = self.frame(), {} if easy else self.context_of(request)
        context = {"content": self, "is_easy": easy, "untranslated": self.untranslated(), **more}
        return render(request, "home/easy.html" if easy else self.template, frame, context)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponseBase:
        """As visitors will see it, in the page's language and acting in its city."""
        request.city = self.city  # type: ignore[attr-defined]
        with override(self.locale.language_code), acting(Actor.nobody(), self.scope):
            return self.serve(request)

    def context_of(self, request: HttpRequest) -> Mapping[str, Any]:
        """What the page's own template needs besides the page."""
        return {}

    def frame(self) -> Frame:
        """The page as the shell frames it."""
        between = [page for page in self.get_ancestors() if page.depth > HOME_DEPTH]
        return Frame(
            title=self.title,
            city=self.city,
            breadcrumbs=tuple(Crumb(page.title, page.url or "") for page in between),
            alternatives=tuple(self.alternatives()),
            description=self.search_description or self.lead,
            demo=self.is_demo,
        )

    def alternatives(self) -> Sequence[Alternative]:
        """The page in each language in which it is published, in the order of the city's languages."""
        city = self.city
        names = {"sl": "Slovenščina", "en": "English", "it": "Italiano", "hu": "Magyar"}
        pages = Page.objects.filter(translation_key=self.translation_key, live=True).select_related("locale")
        found = {page.locale.language_code: page for page in pages}
        own = self.locale.language_code
        return [
            Alternative(language, names[language], found[language].url or "", language == own)
            for language in (city.languages if city else names)
            if language in found
        ]

    def untranslated(self) -> str:
        """The language that the words are in, where the page only stands in for a translation; else ''."""
        if not self.alias_of_id:
            return ""
        source = Page.objects.select_related("locale").get(pk=self.alias_of_id)
        language: str = source.locale.language_code
        return "" if language == self.locale.language_code else language
