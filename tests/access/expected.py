"""What each asker gets at every address: the declared side of the access matrix. An address without its line fails.

Add a line when you add an address. Pages stand in PAGES, what modules add to the API in API; a register or desk of a
module's `office.py` is expected to do as it declares, and needs a line in OFFICE_KEYS only where an address of it takes
a key that is no city's own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from simos.web.office.placing import placed
from tests.access.addresses import in_the_api, in_the_office, pages

ASKERS = ("nobody", "citizen", "officer", "foreign", "administrator", "federation")
"""Nobody; a citizen with an account; an officer of Celje with every role of an officer there; the same of Koper;
Celje's administrator; the federation's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What each asker gets, as a status; `keys`: of an address that takes some; `at`: instead of its pattern."""

    nobody: int
    citizen: int
    officer: int
    foreign: int
    administrator: int
    federation: int
    method: str = "GET"
    at: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)


def _row(nobody: int, others: int, at: str, method: str, keys: Mapping[str, str], officer: int = 0) -> Row:
    return Row(
        nobody=nobody, citizen=others, officer=officer or others, foreign=others, administrator=others,
        federation=others, at=at, method=method, keys=keys,
    )  # fmt: skip


def public(status: int = 200, at: str = "", method: str = "GET", **keys: str) -> Row:
    """The same for everybody."""
    return _row(status, status, at, method, keys)


def signed_in(status: int = 200, at: str = "", method: str = "GET", **keys: str) -> Row:
    """For who has signed in, whoever it is; others are sent to sign in."""
    return _row(302, status, at, method, keys)


def signing_in(status: int = 200, method: str = "GET", **keys: str) -> Row:
    """A step of signing in: who has is sent on."""
    return _row(status, 302, "", method, keys)


def counter(method: str = "POST", status: int = 302) -> Row:
    """For who may act at a counter of Celje; for all others it is not there."""
    return _row(302, 404, "", method, {"city": "celje"}, officer=status)


NOTHING = "00000000-0000-4000-8000-000000000000"

PAGES: Mapping[str, Row | Sequence[Row]] = {
    # of the processes; the front lets nobody come to the first two from outside
    "-/health": public(),
    "-/metrics": public(),
    "first-password": public(uidb64="x", token="y"),
    "basemap": public(404),  # none is built in tests
    "wagtaildocs_serve": public(at="documents/{document}/odlok.pdf"),
    "wagtaildocs_authenticate_with_password": public(404, restriction_id="1"),
    # accounts: our own pages
    "account_home": signed_in(),
    "account_person": signed_in(),
    "account_acting": signed_in(),
    "account_mandates": signed_in(),
    "account_end_mandate": signed_in(404, method="POST", mandate=NOTHING),
    "account_counter": (counter("GET", 200), counter(status=200)),
    "account_counter_enter": counter(status=200),
    "account_counter_begin": counter(status=404),  # for nobody whom one has found
    "account_counter_end": counter(),
    "account_counter_confirm": counter(),
    "account_counter_record": counter(),
    # accounts: allauth's
    "account_login": signing_in(),
    "account_logout": signed_in(),
    "account_inactive": public(),
    "account_signup": signing_in(),
    "account_reauthenticate": signed_in(403),  # they have no password to ask for
    "account_email": signed_in(),
    "account_email_verification_sent": public(302),
    "account_change_password": signed_in(302),
    "account_set_password": signed_in(),
    "account_reset_password": public(),
    "account_confirm_login_code": public(302),
    "account_confirm_password_reset_code": public(302),
    "account_complete_password_reset": public(302),
    "account_password_reset_completed": public(),
    "account_signup_by_passkey": signing_in(),
    "account_request_login_code": signing_in(),
    "mfa_index": signed_in(),
    "mfa_authenticate": public(302),
    "mfa_reauthenticate": signed_in(403),
    "mfa_activate_totp": signed_in(),
    "mfa_deactivate_totp": signed_in(404),
    "mfa_view_recovery_codes": signed_in(404),
    "mfa_generate_recovery_codes": signed_in(),
    "mfa_download_recovery_codes": signed_in(404),
    "mfa_list_webauthn": signed_in(),
    "mfa_add_webauthn": signed_in(),
    "mfa_reauthenticate_webauthn": signed_in(403),
    "mfa_remove_webauthn": signed_in(404, pk="1"),
    "mfa_edit_webauthn": signed_in(404, pk="1"),
    "mfa_login_webauthn": public(302),
    "mfa_signup_webauthn": public(302),
    "socialaccount_login_cancelled": public(),
    "socialaccount_login_error": public(401),
    "socialaccount_signup": public(302),
    "socialaccount_connections": signed_in(),
    "account/social/login/cancelled/": public(301),
    "account/social/login/error/": public(301),
    "account/social/signup/": public(301),
    "account/social/connections/": public(301),
    "e_identity_login": public(404, provider_id="none"),
    "e_identity_callback": public(404, provider_id="none"),
    "usersessions_list": signed_in(),
    # the platform as a provider of sign-in, for applications
    "identity/o/authorize": signed_in(),
    "idp:oidc:configuration": public(),
    "idp:oidc:jwks": public(),
    "idp:oidc:authorization": signed_in(),
    "idp:oidc:device_authorization": signed_in(),
    "idp:oidc:logout": signed_in(),
    "idp:oidc:token": public(400, method="POST"),
    "idp:oidc:revoke": public(400, method="POST"),
    "idp:oidc:device_code": public(400, method="POST"),
    "idp:oidc:userinfo": public(401),
    # for programs and browsers
    "openapi": public(),
    "api": public(),
    "robots": public(),
    "service-worker": public(),
    "security": public(404),  # no address is set to which faults are told
    "city-icon": public(city="celje", size="192"),
    "sitemap": public(),
    "city-app": public(city="celje"),
    # pages
    "design": public(),
    "home": public(),
    "search": public(),
    "offline": public(),
    "city-home": public(city="celje"),
    "city-search": public(city="celje"),
    "city-opinion": (public(city="celje"), public(422, city="celje", method="POST")),
    "wagtail_serve": public(at="celje/kontakt/"),
    "portal_mydata:front": signed_in(),
    "portal_mydata:reads": signed_in(),
    "portal_mydata:consents": signed_in(),
    "portal_mydata:export": signed_in(),
    "portal_mydata:download": signed_in(404, copy=NOTHING),
    "portal_mydata:erasure": signed_in(),
    "portal_mydata:confirm": public(302),  # for who has proved who they are just now
    "portal_mydata:erased": public(404, erasure=NOTHING),
    "portal_mydata:section": signed_in(404, part="x", data="x"),
    "portal_inbox:inbox": signed_in(),
    "portal_inbox:settings": signed_in(),
    "portal_inbox:message": signed_in(404, message=NOTHING),
    "portal_inbox:file": signed_in(404, message=NOTHING, file=NOTHING),
    "portal_inbox:switch-off": public(404, said="made-up"),
    "data_catalogue:consortium": public(),
    "data_catalogue:data-sets": public(city="celje"),
    "data_catalogue:data-set": public(city="celje", name="off-street-parking"),
    "portal_indicators:indicators": public(city="celje"),
    "portal_indicators:indicator": public(city="celje", domain="portal", module="home", name="news-published"),
    "mobility_guidance:panels": public(city="celje"),
    "mobility_guidance:panel": public(city="celje", code="tabla-celje"),
    "mobility_guidance:screen": public(city="celje", code="tabla-celje"),
    "mobility_parking:facilities": public(city="celje"),
    "mobility_parking:map": public(city="celje"),
    "mobility_parking:choice": public(city="celje"),
    "mobility_parking:suggestions": public(city="celje"),
    "mobility_parking:facility": public(city="celje", code="glavno"),
    "mobility_parking:accuracy": public(city="celje"),
    "mobility_parking:facility-accuracy": public(city="celje", code="glavno"),
    "mobility_parking:insight": public(city="celje"),
    "mobility_parking:facility-insight": public(city="celje", code="glavno"),
    "mobility_parking:insight-file": public(city="celje", form="csv"),
    "mobility_parking:data": public(city="celje"),
    "mobility_parking:fee": public(city="celje", code="glavno"),
}

API: Mapping[str, Row | Sequence[Row]] = {
    "api-data_catalogue-data_sets": public(city="celje"),
    "api-data_catalogue-data_set": public(city="celje", name="off-street-parking"),
    "api-data_catalogue-download": public(city="celje", name="off-street-parking", file="now.csv"),
    "api-data_catalogue-catalogue": public(city="celje"),
    "api-data_catalogue-catalogue_file": public(city="celje", file="catalogue.ttl"),
    "api-data_catalogue-ckan_3": tuple(
        public(city="celje", action="site_read", method=each) for each in ("GET", "POST")
    ),
    "api-data_catalogue-ckan_newest": tuple(
        public(city="celje", action="site_read", method=each) for each in ("GET", "POST")
    ),
    "api-portal_indicators-indicators": public(city="celje"),
    "api-portal_indicators-values": public(city="celje", domain="portal", module="home", name="news-published"),
    "api-mobility_parking-facilities": public(city="celje"),
    "api-mobility_parking-facility": public(city="celje", code="glavno"),
    "api-mobility_parking-counts": public(city="celje", code="glavno"),
    "api-mobility_parking-fee": public(422, city="celje", code="glavno"),  # from when to when is not said
    "api-mobility_parking-formats": public(city="celje", name="facilities.csv"),
}
"""Of each address the methods that it answers; all others are refused there (405)."""


def _named(before: str, names: str) -> frozenset[str]:
    return frozenset(before + each for each in names.split())


EVERY_OFFICER = _named("office:", "scope sign-out account") | _named(
    "wagtailadmin_", "account home sprite javascript_catalog dismissibles"
)
"""Addresses of the office for whoever has a role somewhere."""


EDITORS = (
    _named("wagtailadmin_", "explore explore_results explore_root block_preview choose_page choose_page_child")
    | _named("wagtailadmin_choose_page_", "search chosen_multiple external_link email_link phone_link anchor_link")
    | _named("wagtailadmin_api:pages:", "listing detail")
    | _named("wagtailadmin_editing_sessions:", "ping release")
    | _named("wagtailembeds:", "chooser chooser_upload")
    | _named(
        "wagtailadmin_pages:", "add preview_on_add choose_parent add_subpage edit preview_on_edit view_draft usage"
    )
    | _named("wagtailadmin_pages:", "delete unpublish convert_alias search search_results history history_results")
    | _named("wagtailadmin_pages:", "move_confirm set_page_position copy workflow_action workflow_preview lock unlock")
    | _named("wagtailadmin_pages:", "collect_workflow_action_data confirm_workflow_cancellation workflow_history")
    | _named("wagtailadmin_pages:", "workflow_history_detail revisions_index revisions_view revisions_revert")
    | _named("wagtailadmin_pages:", "revisions_unschedule revisions_compare move usage")
    | _named("wagtailimages:", "index index_results add edit delete preview image_usage add_multiple edit_multiple")
    | _named("wagtailimages:", "create_multiple_from_uploaded_image delete_multiple delete_upload_multiple")
    | _named("wagtailimages_chooser:", "choose choose_results chosen chosen_multiple create select_format")
    | _named("wagtaildocs:", "index index_results add edit delete document_usage add_multiple edit_multiple")
    | _named("wagtaildocs:", "create_multiple_from_uploaded_document delete_multiple delete_upload_multiple")
    | _named("wagtaildocs_chooser:", "choose choose_results chosen chosen_multiple create")
    | _named("wagtail_localize:", "javascript_catalog submit_page_translation update_translations preview_translation")
    | _named("wagtail_localize:", "edit_string_translation edit_override download_pofile upload_pofile")
    | _named("wagtail_localize:", "machine_translate stop_translation convert_to_alias")
    | {"wagtail_bulk_action"}
)
"""Addresses of Wagtail's for who may write or publish content."""

SHUT = (
    "office/test404/", "office/^.*/$", "wagtailadmin_error_test", "wagtailadmin_login", "wagtailadmin_logout",
    "wagtailadmin_password_reset*", "wagtailadmin_tag_*", "wagtailadmin_collections:*", "wagtailadmin_workflows:*",
    "wagtailadmin_reports:*", "wagtailadmin_api:documents:*", "wagtailadmin_api:images:*",
    "wagtailadmin_api:pages:find", "wagtailadmin_api:pages:action", "wagtailadmin_pages:type_use*",
    "wagtailadmin_pages:set_privacy", "wagtail_localize:submit_snippet_translation", "wagtail_localize:snippets_api_*",
    "wagtail_localize:translations_report*", "wagtail_localize_locales:*", "wagtaillocales:*", "wagtailsites:*",
    "wagtailusers_*", "wagtailredirects:*", "wagtailsettings:*", "wagtailsnippets:index",
    "wagtailimages:url_generator*",
)  # fmt: skip
"""Addresses of Wagtail's that are there for nobody, as shell patterns: they reach across cities or are not used."""

OFFICE_KEYS: Mapping[str, Mapping[str, str]] = {
    "portal_indicators-indicators:enter": {"domain": "portal", "module": "home", "name": "satisfaction-gained"},
}
"""By the name of an office address: keys in it that are nobody's own, such as names out of a manifest."""


def expected_of_wagtail(name: str) -> str:
    """`all` officers, `editors` or `none`; KeyError for an address without its line."""
    if name in EVERY_OFFICER:
        return "all"
    if name in EDITORS:
        return "editors"
    if any(fnmatchcase(name, each) for each in SHUT):
        return "none"
    raise KeyError(name)


def undeclared() -> Sequence[str]:
    """What to add, a sentence for each address of the product that has no line here."""
    ours = {each.key for each in placed()}
    missing = [f"{each.name}: add a line to PAGES" for each in pages() if each.name not in PAGES]
    missing += [f"{each.name}: add a line to API" for each in in_the_api() if each.name not in API]
    for each in in_the_office():
        if each.name.partition(":")[0] not in ours:
            try:
                expected_of_wagtail(each.name)
            except KeyError:
                missing.append(f"{each.name}: add it to EDITORS (with a door in web/office/doors.py) or to SHUT")
    return [f"{each} in tests/access/expected.py, saying who gets what there" for each in missing]
