"""Where pages stand: a root in each language, below it the consortium's part and one part for each city.

    sl  (language root)        en
    ├── konzorcij              ├── consortium
    ├── celje                  ├── celje
    └── koper                  └── koper            it └── koper

So a page's address is its place: `/celje/novice/...`, `/en/celje/news/...`. These pages are made by `actions.found`,
never by hand; the homes themselves are shown by `root.py`.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from simos.modules.portal.home.models.blocks import BodyBlock
from simos.web.office.references import PageForm

BELOW_A_HOME = [
    f"portal_home.{name}"
    for name in ("SectionPage", "ArticlePage", "NewsPage", "GuidePage", "LifeEventPage", "AccessibilityPage")
]


class LanguageRoot(Page):
    """The top of one language; it has no page of its own."""

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["portal_home.ConsortiumPage", "portal_home.CityPage"]
    max_count = 4
    is_creatable = False

    class Meta:
        verbose_name = _("Language")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with override(self.locale.language_code):
            return HttpResponseRedirect(reverse("home"))


class HomePage(Page):
    """What the home of a city or the consortium has in common: a few words, and blocks under what is live."""

    lead = models.TextField(_("Introduction"), blank=True)
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("Below the services"))

    base_form_class = PageForm
    content_panels = [FieldPanel("title"), FieldPanel("lead"), FieldPanel("body")]
    promote_panels: list[Any] = []
    settings_panels: list[Any] = []
    parent_page_types = ["portal_home.LanguageRoot"]
    subpage_types = BELOW_A_HOME
    is_creatable = False

    class Meta:
        abstract = True


class ConsortiumPage(HomePage):
    """The consortium's part; shown at `/`."""

    class Meta:
        verbose_name = _("Home of the consortium")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with override(self.locale.language_code):
            return HttpResponseRedirect(reverse("home"))


class CityPage(HomePage):
    """A city's part; its slug is the city's code in every language; shown at `/<city>/`."""

    class Meta:
        verbose_name = _("Home of a city")

    def clean(self) -> None:
        """ValidationError where its slug would no longer be the city's code."""
        super().clean()
        if self.pk and self.slug != CityPage.objects.values_list("slug", flat=True).get(pk=self.pk):
            raise ValidationError({"slug": _("The address of a city is its code and cannot be changed.")})

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with override(self.locale.language_code):
            return HttpResponseRedirect(reverse("city-home", args=[self.slug]))
