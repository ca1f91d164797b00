"""Whoever is to know of a page in review has a message, in their language; nobody else does."""

import pytest
from wagtail.models import WorkflowState

from simos.kernel.acting import FEDERATION, Scope
from simos.platform.access.actions import grant_role
from simos.platform.events.reactions import installed_reactions
from simos.platform.messages.models import Message
from simos.platform.people.actions import describe_person
from simos.platform.people.models import Account
from simos.testing.acting import SYSTEM, actor_for, make_account
from simos.testing.work import react
from simos.web.office.entering import Office
from tests.portal.conftest import CELJE, KOPER, NOW
from tests.portal.test_content import guide

pytestmark = pytest.mark.usefixtures("founded")


def somebody(scope: Scope, role: str, language: str = "sl") -> Account:
    account = make_account()
    describe_person(account, name=role, language=language, by=actor_for(account), at=NOW)
    grant_role(scope, account, role=role, by=SYSTEM, at=NOW)
    return account


def told() -> set[tuple[str, str, str]]:
    react([each for each in installed_reactions() if each.module.name == "portal/home"])
    found = Message.objects.values_list("to_id", "template", "subject")
    return {(str(to), template.removeprefix("portal/home:"), subject) for to, template, subject in found}


@pytest.fixture
def editor() -> Account:
    return somebody(CELJE, "editor")


@pytest.fixture
def publisher() -> Account:
    return somebody(CELJE, "publisher", "en")


def handed_in(editor: Account) -> WorkflowState:
    page = guide(live=False)
    page.save_revision(user=editor)
    return page.get_workflow().start(page, editor)


def decided(state: WorkflowState, publisher: Account, action: str, comment: str = "") -> None:
    """As Wagtail's view does it, for an officer whom the office has seated."""
    rights = Office(
        actor=actor_for(publisher),
        scope=CELJE,
        permissions=frozenset({"edit-content", "publish-content"}),
        choices=(CELJE,),
    )
    publisher._page_permission_cache = rights.page_rights()
    step = state.current_task_state
    step.task.specific.on_action(step, publisher, action, comment=comment)


def test_publishers_of_the_city_hear_that_a_page_waits(editor: Account, publisher: Account) -> None:
    for scope in (KOPER, FEDERATION):
        somebody(scope, "publisher")
    handed_in(editor)
    assert told() == {(str(publisher.party_id), "content-submitted", "To be reviewed: Selitev")}
    assert Message.objects.get().link.startswith("/office/pages/")


@pytest.mark.parametrize(
    ("action", "kind", "subject"),
    [("approve", "content-approved", "Odobreno: Selitev"), ("reject", "content-returned", "V popravek: Selitev")],
)
def test_the_editor_hears_what_was_decided_and_why(
    editor: Account, publisher: Account, action: str, kind: str, subject: str
) -> None:
    state = handed_in(editor)
    told()
    decided(state, publisher, action, comment="Dodajte ceno.")
    assert (str(editor.party_id), kind, subject) in told()
    assert "Dodajte ceno." in Message.objects.get(template=f"portal/home:{kind}").body
    assert Message.objects.count() == 2


def test_wagtail_sends_no_mail_of_its_own(editor: Account, publisher: Account, mailoutbox: list[object]) -> None:
    decided(handed_in(editor), publisher, "approve")
    assert mailoutbox == []


def test_who_publishes_alone_is_told_nothing(publisher: Account) -> None:
    decided(handed_in(publisher), publisher, "approve")
    assert told() == set()
