"""The portal's tables: the tree of pages, the kinds of page, the workflow's step."""

from simos.modules.portal.home.models.content import ContentPage
from simos.modules.portal.home.models.notices import Notice
from simos.modules.portal.home.models.opinions import Opinion
from simos.modules.portal.home.models.pages import (
    AccessibilityPage,
    ArticlePage,
    GuidePage,
    LifeEventPage,
    NewsPage,
    SectionPage,
    page_models,
)
from simos.modules.portal.home.models.tree import CityPage, ConsortiumPage, LanguageRoot
from simos.modules.portal.home.models.workflow import PublishTask

__all__ = [
    "AccessibilityPage",
    "ArticlePage",
    "CityPage",
    "ConsortiumPage",
    "ContentPage",
    "GuidePage",
    "LanguageRoot",
    "LifeEventPage",
    "NewsPage",
    "Notice",
    "Opinion",
    "PublishTask",
    "SectionPage",
    "page_models",
]
