"""The kinds of page that editors write: sections, articles, news, guides, life events, accessibility statements."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, TitleFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from simos.kernel.clock import now
from simos.modules.portal.home.models.blocks import LINE, BodyBlock, StepsBlock, check_address
from simos.modules.portal.home.models.content import ContentPage
from simos.modules.portal.home.models.tree import BELOW_A_HOME
from simos.web.offers import services_of

NEWS_ON_A_PAGE = 30

TITLE = TitleFieldPanel("title", placeholder=False)
"""Fills the address in from the title."""


def today() -> Any:
    """The day on which a page is begun."""
    return now().date()


class SectionPage(ContentPage):
    """A list of the pages below it: news by their day, newest first; others in the order that editors give them."""

    body = StreamField(BodyBlock(), blank=True, verbose_name=_("Text"))

    content_panels = [
        TITLE,
        FieldPanel("lead"),
        FieldPanel("body"),
        FieldPanel("easy"),
    ]
    subpage_types = BELOW_A_HOME
    template = "home/section.html"

    class Meta:
        verbose_name = _("Section")

    def context_of(self, request: HttpRequest) -> Mapping[str, Any]:
        children = [page.specific for page in self.get_children().live()]
        news = sorted((p for p in children if isinstance(p, NewsPage)), key=lambda p: (p.date, p.pk), reverse=True)
        return {"news": news[:NEWS_ON_A_PAGE], "pages": [p for p in children if not isinstance(p, NewsPage)]}


class ArticlePage(ContentPage):
    """Any page of text. `purpose` says which of those that every city has it is, so that the footer finds it."""

    class Purpose(models.TextChoices):
        NONE = "", _("None of these")
        CONTACT = "contact", _("Contact")
        PRIVACY = "privacy", _("Privacy notice")
        TERMS = "terms", _("Terms of use")

    purpose = models.CharField(_("Purpose"), max_length=16, choices=Purpose.choices, blank=True, default="")
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("Text"))

    content_panels = [
        TITLE,
        FieldPanel("lead"),
        FieldPanel("body"),
        FieldPanel("easy"),
    ]
    promote_panels = [*ContentPage.promote_panels, FieldPanel("purpose")]
    template = "home/article.html"

    class Meta:
        verbose_name = _("Article")


class NewsPage(ContentPage):
    """Something new, with its day."""

    date = models.DateField(_("Day"), default=today)
    image = models.ForeignKey(
        "wagtailimages.Image",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("Picture"),
    )
    image_alt = models.CharField(_("What the picture shows"), max_length=300, blank=True)
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("Text"))

    content_panels = [
        TITLE,
        FieldPanel("date"),
        FieldPanel("lead"),
        MultiFieldPanel([FieldPanel("image"), FieldPanel("image_alt")], heading=_("Picture")),
        FieldPanel("body"),
        FieldPanel("easy"),
    ]
    template = "home/news.html"

    class Meta:
        verbose_name = _("News")

    def clean(self) -> None:
        super().clean()
        if self.image_id and not self.image_alt.strip():
            said = _("Say what the picture shows, for those who cannot see it.")
            raise ValidationError({"image_alt": said})


class GuidePage(ContentPage):
    """How to get something done, step by step, with all that one must know before."""

    need = RichTextField(_("What you need"), blank=True, features=LINE)
    cost = models.CharField(_("What it costs"), max_length=300, blank=True)
    term = models.CharField(_("How long it takes"), max_length=300, blank=True)
    where = models.TextField(_("Where it is done"), blank=True)
    legal_basis = RichTextField(_("Legal basis"), blank=True, features=LINE)
    contact = RichTextField(_("Whom to ask"), blank=True, features=LINE)
    service_url = models.CharField(
        _("Address of the e-service"), max_length=300, blank=True, validators=[check_address]
    )
    service_title = models.CharField(_("Words of the button"), max_length=100, blank=True)
    steps = StreamField(StepsBlock(), blank=True, verbose_name=_("Steps"))
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("More"))

    content_panels = [
        TITLE,
        FieldPanel("lead"),
        MultiFieldPanel([FieldPanel("service_url"), FieldPanel("service_title")], heading=_("E-service")),
        FieldPanel("need"),
        MultiFieldPanel([FieldPanel("cost"), FieldPanel("term"), FieldPanel("where")], heading=_("Before you begin")),
        FieldPanel("steps"),
        FieldPanel("legal_basis"),
        FieldPanel("contact"),
        FieldPanel("body"),
        FieldPanel("easy"),
    ]
    template = "home/guide.html"

    class Meta:
        verbose_name = _("Guide")

    def clean(self) -> None:
        super().clean()
        if self.service_url and not self.service_title.strip():
            raise ValidationError({"service_title": _("Say on the button what the e-service does.")})


class LifeEventPage(ContentPage):
    """What happens in life, and what helps. `event`: its name in the modules' manifests, whose services then stand
    here; '' where no service helps with it yet."""

    event = models.CharField(
        _("Life event"),
        max_length=40,
        blank=True,
        help_text=_("Services that name it stand on this page by themselves."),
    )
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("What to think of"))

    content_panels = [
        TITLE,
        FieldPanel("lead"),
        FieldPanel("event"),
        FieldPanel("body"),
        FieldPanel("easy"),
    ]
    template = "home/life_event.html"

    class Meta:
        verbose_name = _("Life event")

    def context_of(self, request: HttpRequest) -> Mapping[str, Any]:
        city = self.city
        if city is None or not self.event:
            return {"services": ()}
        names = [(service, {event.name for event in service.life_events}) for service in services_of(city)]
        return {"services": [service for service, events in names if self.event in events]}


class AccessibilityPage(ContentPage):
    """The accessibility statement of Directive (EU) 2016/2102, art. 7, and of ZDSMA, in the form of Decision (EU)
    2018/1523. The frame of its words is the template's; what is particular here is written by editors."""

    class Compliance(models.TextChoices):
        FULL = "full", _("fully compliant")
        PARTIAL = "partial", _("partially compliant")
        NONE = "none", _("not compliant")

    body_name = models.CharField(_("Public sector body"), max_length=200)
    compliance = models.CharField(_("Compliance"), max_length=8, choices=Compliance.choices, default=Compliance.PARTIAL)
    not_accessible = RichTextField(_("What is not accessible, and why"), blank=True, features=LINE)
    method = models.TextField(_("How it was assessed"), blank=True)
    prepared_on = models.DateField(_("Prepared on"))
    reviewed_on = models.DateField(_("Last reviewed on"))
    email = models.EmailField(_("Email for feedback"))
    phone = models.CharField(_("Telephone for feedback"), max_length=60, blank=True)

    content_panels = [
        TITLE,
        FieldPanel("lead"),
        FieldPanel("body_name"),
        FieldPanel("compliance"),
        FieldPanel("not_accessible"),
        FieldPanel("method"),
        FieldPanel("prepared_on"),
        FieldPanel("reviewed_on"),
        FieldPanel("email"),
        FieldPanel("phone"),
        FieldPanel("easy"),
    ]
    template = "home/accessibility.html"

    class Meta:
        verbose_name = _("Accessibility statement")

    def clean(self) -> None:
        super().clean()
        if self.prepared_on and self.reviewed_on and self.reviewed_on < self.prepared_on:
            raise ValidationError({"reviewed_on": _("A statement is not reviewed before it is prepared.")})


def page_models() -> tuple[type[Page], ...]:
    """The kinds of page that are found by search and shown in sitemaps."""
    return (SectionPage, ArticlePage, NewsPage, GuidePage, LifeEventPage, AccessibilityPage)
