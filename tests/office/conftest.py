"""People of the office in tests: officers of two cities with pages and pictures, a citizen, nobody."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import pytest
from django.core.files.images import ImageFile
from django.test import Client
from PIL import Image as Picture
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Locale, Page

from simos.kernel.acting import FEDERATION, Scope
from simos.kernel.clock import now
from simos.kernel.module import Permission, Role
from simos.kernel.text import Text
from simos.platform.access import declared
from simos.platform.access.actions import grant_role
from simos.platform.people.models import Account
from simos.platform.scopes.models import CityModule
from simos.testing.acting import SYSTEM, make_account
from simos.web.office.trees import claim_pages, collection_of

CELJE, KOPER = Scope.city("celje"), Scope.city("koper")


@dataclass
class Signed:
    """Somebody's browser, and the account in it."""

    client: Client
    account: Account | None

    def get(self, path: str, **data: object) -> object:
        return self.client.get(path, data)


@dataclass
class Content:
    """What a city has in Wagtail."""

    home: Page
    below: Page
    image: object
    document: object


@pytest.fixture(autouse=True)
def _editors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Roles of editors, whether or not a module that keeps pages is installed."""
    names = {each.name for each in declared.PERMISSIONS} | set(declared.installed_modules().permissions())
    missing = [name for name in ("edit-content", "publish-content") if name not in names]
    rights = tuple(Permission(name=name, title=Text(sl=name, en=name)) for name in missing)
    role = Role(
        name="test-editor", title=Text(sl="Urednik", en="Editor"), permissions=("edit-content", "publish-content")
    )
    monkeypatch.setattr(declared, "PERMISSIONS", (*declared.PERMISSIONS, *rights))
    monkeypatch.setattr(declared, "ROLES", (*declared.ROLES, role))


def signed(*grants: tuple[Scope, str]) -> Signed:
    account = make_account()
    for scope, role in grants:
        grant_role(scope, account, role=role, by=SYSTEM, at=now())
    client = Client(raise_request_exception=False)
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return Signed(client, account)


@pytest.fixture
def officer(db: None) -> Callable[..., Signed]:
    """Makes a signed-in officer with these roles: `officer((CELJE, "parking-officer"))`."""
    return signed


def content_of(scope: Scope) -> Content:
    root = Page.get_first_root_node()
    locale = Locale.objects.get_or_create(language_code="sl")[0]
    home = root.add_child(instance=Page(title=f"Domov {scope.code}", slug=scope.code, locale=locale))
    below = home.add_child(instance=Page(title=f"Novica {scope.code}", slug="novica", locale=locale))
    claim_pages(scope, home)
    collection = collection_of(scope)
    buffer = BytesIO()
    Picture.new("RGB", (8, 8)).save(buffer, "PNG")
    image = get_image_model().objects.create(
        title=f"Slika {scope.code}", collection=collection, file=ImageFile(BytesIO(buffer.getvalue()), "slika.png")
    )
    document = get_document_model().objects.create(
        title=f"Odlok {scope.code}", collection=collection, file=ImageFile(BytesIO(b"%PDF-1.4"), "odlok.pdf")
    )
    return Content(home, below, image, document)


@pytest.fixture
def cities(db: None) -> dict[str, Content]:
    """Pages, pictures and documents of Celje and Koper, where parking is on."""
    for city in ("celje", "koper"):
        CityModule.objects.get_or_create(
            city_id=city, module="mobility/parking", defaults={"switched_on_at": now(), "switched_on_by": {}}
        )
    return {scope.code: content_of(scope) for scope in (CELJE, KOPER)}


EDITOR = "test-editor"
FED = FEDERATION
