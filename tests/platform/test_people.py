"""Accounts are one for each e-mail address, whatever its case."""

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction
from django.test import RequestFactory

from simos.platform.people.models import Account, Party
from simos.testing.acting import make_account

pytestmark = pytest.mark.django_db


def test_an_address_is_taken_in_any_case():
    make_account("Ana.Novak@example.si")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_account("ana.novak@EXAMPLE.si")
    assert Account.objects.get_by_natural_key("ANA.NOVAK@example.SI").email == "Ana.Novak@example.si"


def test_an_account_signs_in_by_its_password_in_any_case_of_the_address():
    account = Account.objects.create_user("ana@example.si", "correct horse battery")
    asked = RequestFactory().post("/account/login/")  # what counts failed tries needs to know who tries
    assert authenticate(asked, username="ANA@example.si", password="correct horse battery") == account
    assert authenticate(asked, username="ana@example.si", password="wrong") is None


def test_without_a_password_nobody_gets_in_by_one():
    assert not make_account().has_usable_password()


def test_an_account_needs_an_address():
    with pytest.raises(ValueError, match="address"):
        Account.objects.create_user("  ")


def test_a_party_may_have_several_accounts_or_none():
    party = Party.objects.create(kind=Party.Kind.NATURAL, name="Ana Novak")
    accounts = {make_account(party=party), make_account(party=party)}
    assert set(party.accounts.all()) == accounts
    assert party.language == "sl"
