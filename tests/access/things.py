"""Two cities with everything that an address of the office can have a key of, and who asks. Expects nothing."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db import models, transaction
from django.test import Client
from PIL import Image as Picture
from wagtail.admin.models import EditingSession
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Locale, TaskState, UploadedFile
from wagtail_localize.models import OverridableSegment, StringSegment, Translation, TranslationSource

from simos.hub.client import HubClient
from simos.kernel.acting import FEDERATION, Scope
from simos.kernel.clock import now
from simos.kernel.module import Level
from simos.kernel.registry import installed_modules
from simos.modules.mobility.guidance.actions.panels import save_panels
from simos.modules.mobility.guidance.values import Arrow, Line, PanelFacts
from simos.modules.mobility.guidance.values import Kind as PanelKind
from simos.modules.mobility.parking.actions import save_facilities
from simos.modules.mobility.parking.models import Source as ParkingSource
from simos.modules.mobility.parking.values import FacilityFacts
from simos.modules.portal.home.actions.founding import found
from simos.modules.portal.home.models import NewsPage, SectionPage
from simos.platform.access.actions import grant_role
from simos.platform.access.declared import roles
from simos.platform.access.units import add_member, name_substitute, open_unit
from simos.platform.jobs.models import Work
from simos.platform.people.models import Account
from simos.platform.scopes.models import City, CityModule
from simos.testing.acting import SYSTEM, in_city, make_account
from simos.web.office.declared import Register
from simos.web.office.placing import placed
from simos.web.office.trees import collection_of
from tests.access.addresses import Address
from tests.access.expected import OFFICE_KEYS

CELJE, KOPER = Scope.city("celje"), Scope.city("koper")
SHARED = {
    "content_type_app_name", "content_type_model_name", "app_label", "model_name", "app_name", "action", "action_name",
    "filter_spec", "mode", "task_id", "uidb64", "page_pk", "workflow_pk", "provider_id",
}  # fmt: skip
"""Names in addresses that are nobody's own."""


def own_keys(address: Address) -> set[str]:
    """The names in the address that stand for something of a city."""
    return set(address.keys) - SHARED - set(OFFICE_KEYS.get(address.name, {}))


@dataclass(frozen=True)
class Furnished:
    """What a city has: its things, and for each name in an address a key of one."""

    scope: Scope
    section: SectionPage
    news: NewsPage
    image: Any
    document: Any
    keys: Mapping[str, str]

    @property
    def mark(self) -> str:
        """Stands in the title of all that it has, and nowhere else."""
        return f"Oznaka-{self.scope.code}"

    def key(self, address: Address, name: str) -> str:
        """The key of the city's for `name` in an address; `1` where nothing of a city's is named so."""
        space = address.name.rpartition(":")[0]
        nobodys = OFFICE_KEYS.get(address.name, {})
        return nobodys.get(name) or self.keys.get(f"{space}:{name}", self.keys.get(name, "1"))


@dataclass(frozen=True)
class Asker:
    """Somebody's browser, which starts anew with each request, and what they may do in their own scope."""

    name: str
    account: Account | None
    scope: Scope | None
    permissions: frozenset[str]
    cookie: str
    roles: tuple[str, ...] = ()

    def asks(self, method: str, at: str, data: Any = None, **more: Any) -> Any:
        client = Client(raise_request_exception=False)
        if self.cookie:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.cookie
        return getattr(client, method.lower())(at, data, **more)


@contextmanager
def undone() -> Iterator[None]:
    """What is done within the block has not been done after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def two_cities() -> dict[str, Any]:
    """Celje and Koper alone, with pages as every city has them from the beginning, and every module switched on."""
    City.objects.exclude(code__in=("celje", "koper"))._raw_delete("default")  # none has any row yet
    found(by=SYSTEM, at=now())
    for each in installed_modules():
        for city in ("celje", "koper"):
            if each.module.level is not Level.FEDERATION and not each.module.always_on:
                CityModule.objects.get_or_create(
                    city_id=city, module=each.module.name, defaults={"switched_on_at": now(), "switched_on_by": {}}
                )
    return {"celje": CELJE, "koper": KOPER}


def asker(name: str, scope: Scope | None = None, *names: str) -> Asker:
    """Who has these roles in `scope`, signed in."""
    account = make_account(f"{name}@example.si")
    for role in names:
        grant_role(scope or FEDERATION, account, role=role, by=SYSTEM, at=now())
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    permissions = frozenset(each for role in names for each in roles()[role].permissions)
    return Asker(name, account, scope, permissions, client.cookies[settings.SESSION_COOKIE_NAME].value, names)


def all_askers() -> Mapping[str, Asker]:
    of_officers = [name for name in roles() if name not in ("city-administrator", "platform-administrator")]
    return {
        "nobody": Asker("nobody", None, None, frozenset(), ""),
        "citizen": asker("citizen"),
        "officer": asker("officer", CELJE, *of_officers),
        "foreign": asker("foreign", KOPER, *of_officers),
        "administrator": asker("administrator", CELJE, "city-administrator"),
        "federation": asker("federation", FEDERATION, "platform-administrator"),
    }


def furnished(scope: Scope, officer: Asker, hub: HubClient) -> Furnished:
    """The city has one of everything."""
    mark = f"Oznaka-{scope.code}"
    section = SectionPage.objects.get(url_path=f"/sl/{scope.code}/novice/")
    collection = collection_of(scope)
    drawn = BytesIO()
    Picture.new("RGB", (8, 8)).save(drawn, "PNG")
    image = get_image_model().objects.create(
        title=mark, collection=collection, file=ImageFile(BytesIO(drawn.getvalue()), "slika.png")
    )
    document = get_document_model().objects.create(
        title=mark, collection=collection, file=ContentFile(b"%PDF-1.4", "odlok.pdf")
    )
    body = [
        {"type": "text", "value": "<p>Prvo besedilo.</p>", "id": "11111111-1111-4111-8111-111111111111"},
        {
            "type": "picture",
            "value": {"image": {"image": image.pk, "decorative": True, "alt_text": ""}, "caption": "Slika"},
            "id": "22222222-2222-4222-8222-222222222222",
        },
    ]
    news = NewsPage(title=f"{mark} novica", slug="novica", image=image, image_alt="Slika", locale=section.locale)
    news.body = NewsPage._meta.get_field("body").to_python(body)
    section.add_child(instance=news)
    first, second = news.save_revision(user=officer.account), news.save_revision(user=officer.account)
    news.get_workflow().start(news, officer.account)
    source, _new = TranslationSource.update_or_create_from_instance(news)
    translation = Translation.objects.create(source=source, target_locale=Locale.objects.get(language_code="en"))
    translation.save_target(officer.account, publish=False)
    with_overridable = OverridableSegment.objects.filter(source=source, context__path="image").get()
    uploads = [
        UploadedFile.objects.create(
            for_content_type=ContentType.objects.get_for_model(model),
            uploaded_by_user=officer.account,
            file=ContentFile(drawn.getvalue(), "slika.png"),
        )
        for model in (get_image_model(), get_document_model())
    ]
    page_type = ContentType.objects.get_for_model(NewsPage)
    session = EditingSession.objects.create(
        user=officer.account, content_type=page_type, object_id=news.pk, last_seen_at=now()
    )
    save_facilities(scope, [FacilityFacts(code="glavno", name=f"{mark} parkirišče")], by=SYSTEM, at=now())
    sign = f"tabla-{scope.code}"
    served = (Line(arrow=Arrow.NONE, label="GLAVNO", serves=("glavno",)),)
    save_panels(
        scope,
        [PanelFacts(code=sign, name=f"{mark} tabla", kind=PanelKind.INFORMATION, lines=served)],
        by=SYSTEM,
        at=now(),
    )
    with in_city(scope.code):
        parking_source = ParkingSource.objects.create(
            code="glavno", kind="lot", counted_by="counter", standing="good", doubt="none", since=now()
        )
    work = Work.objects.create(
        kind="event", name=mark, scope=str(scope), actor=SYSTEM.as_dict(), run_at=now(), max_attempts=1,
        created_at=now(), finished_at=now(), state="dead", payload={}, last_error="",
    )  # fmt: skip
    unit = open_unit(scope, "promet", name=f"{mark} promet", by=SYSTEM, at=now())
    membership = add_member(scope, unit, officer.account, by=SYSTEM, at=now())
    substitution = name_substitute(
        scope, absent=officer.account, substitute=make_account(), begins_at=now(), ends_at=now() + timedelta(days=1),
        by=SYSTEM, at=now(),
    )  # fmt: skip
    token = hub.add_token(mark, tenants=[scope.code], types=["*"], mayWrite=True)
    task = TaskState.objects.get(workflow_state__object_id=str(news.pk))
    return Furnished(
        scope,
        section,
        news,
        image,
        document,
        {
            "page_id": str(news.pk),
            "page_to_move_id": str(news.pk),
            "parent_page_id": str(section.pk),
            "destination_id": str(section.get_parent().pk),
            "revision_id": str(first.pk),
            "revision_id_a": str(first.pk),
            "revision_id_b": str(second.pk),
            "task_state_id": str(task.pk),
            "workflow_state_id": str(task.workflow_state_id),
            "task_id": str(task.task_id),
            "translation_source_id": str(source.pk),
            "translation_id": str(translation.pk),
            "string_segment_id": str(StringSegment.objects.filter(source=source).first().pk),
            "overridable_segment_id": str(with_overridable.pk),
            "image_id": str(image.pk),
            "document_id": str(document.pk),
            "doc_id": str(document.pk),
            "wagtailimages:uploaded_file_id": str(uploads[0].pk),
            "wagtaildocs:uploaded_file_id": str(uploads[1].pk),
            "session_id": str(session.pk),
            "object_id": str(news.pk),
            "work": str(work.pk),
            "mobility_parking-sources:source": str(parking_source.pk),
            "token": str(token["id"]),
            "unit": str(unit.pk),
            "membership": str(membership.pk),
            "substitution": str(substitution.pk),
            "content_type_app_name": "portal_home",
            "content_type_model_name": "newspage",
            "app_label": "portal_home",
            "model_name": "newspage",
            "action_name": "approve",
            "filter_spec": "max-100x100",
            "mode": "",
            "mobility_guidance-desk:code": sign,
            "pk": "1",
            "wagtailadmin_pages:pk": str(news.pk),
            "wagtailadmin_api:pages:pk": str(news.pk),
            "wagtailimages_chooser:pk": str(image.pk),
            "wagtaildocs_chooser:pk": str(document.pk),
            **{f"{each.key}:pk": _row_in(each.item, scope) for each in placed() if isinstance(each.item, Register)},
        },
    )


def _row_in(register: Any, scope: Scope) -> str:
    """The key of a row of the register's table in the city; one is made where there is none."""
    with in_city(scope.code):
        found = register.model._default_manager.first() or made(register.model, f"Oznaka-{scope.code}")
        return str(found.pk)


def made(model: type[models.Model], mark: str) -> Any:
    """A row with a plain value in every field that must have one. Acting in its city."""
    values = {}
    for each in model._meta.concrete_fields:
        is_needed = not (each.null or each.has_default() or each.primary_key or each.blank)
        if is_needed and each.name != "scope" and each.name not in _OF_THE_WALL:
            values[each.name] = _plain(each, mark)
    return model._default_manager.create(**values)


_OF_THE_WALL = frozenset({"city"})


def _plain(one: Any, mark: str) -> Any:
    if isinstance(one, models.ForeignKey):
        return one.related_model._default_manager.first() or made(one.related_model, mark)
    if one.choices:
        return one.choices[0][0]
    kinds: Mapping[type, Any] = {
        models.DateTimeField: now(), models.DateField: now().date(), models.TimeField: now().time(),
        models.BooleanField: False, models.IntegerField: 1, models.FloatField: 1.0, models.JSONField: {},
        models.DecimalField: 1, models.DurationField: now() - now(), models.UUIDField: None,
    }  # fmt: skip
    for kind, value in kinds.items():
        if isinstance(one, kind):
            return value
    return (mark if not one.max_length or one.max_length >= len(mark) else "x")[: one.max_length]
