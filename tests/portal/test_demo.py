"""The demonstration's pages: in every language of their city, each opens, once however often it is loaded."""

import pytest
from django.test import Client
from wagtail.models import Page

from simos.modules.portal.home.demo import load
from simos.testing.acting import SYSTEM
from tests.portal.conftest import CELJE, NOW


@pytest.mark.django_db
def test_every_page_of_the_demonstration_opens_and_loading_again_adds_none(visitor: Client) -> None:
    load(CELJE, by=SYSTEM, at=NOW)
    made = Page.objects.count()
    load(CELJE, by=SYSTEM, at=NOW)
    assert Page.objects.count() == made
    pages = Page.objects.filter(depth=5, live=True)
    assert pages.count() == (6 + 2 + 1 + 2) * (2 + 3)
    for page in pages:
        answer = visitor.get(page.url)
        assert answer.status_code == 200, page.url
        assert page.title in answer.content.decode()
    assert "Ali se moram prijaviti?" in visitor.get("/celje/vodici/pogosta-vprasanja/").content.decode()
    assert "Selim se" in visitor.get("/celje/").content.decode()
    assert "Mi trasferisco" in visitor.get("/it/koper/").content.decode()
    assert "Prikazni podatki" in visitor.get("/celje/novice/portal-odprt/").content.decode()
    english = visitor.get("/en/koper/life-events/moving/").content.decode()
    assert 'hreflang="it" href="http://testserver/it/koper/eventi-della-vita/trasloco/"' in english
