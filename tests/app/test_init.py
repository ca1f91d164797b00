"""`simos init` sets a new platform up, by options alone; done again it changes nothing; its link counts once."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.test import Client

from simos.app.settings import Settings
from simos.testing.acting import make_account
from simos.web.office.first_password import link_of

OPTIONS = (
    "--public-url", "https://simos.example.si", "--mail-url", "smtp://u:p\"w@mail.example.si:587",
    "--mail-from", "Celje <ne@celje.example.si>", "--admin", "Prva@example.si", "--city", "celje", "--city", "koper",
)  # fmt: skip


def init(home: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SIMOS_HOME": str(home)}
    environment.pop("SIMOS_DATABASE_URL", None)
    return subprocess.run(
        [sys.executable, "-m", "simos.app.cli", "init", *options],
        env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False, timeout=240,
    )  # fmt: skip


@pytest.fixture(scope="module")
def set_up(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    home = tmp_path_factory.mktemp("home")
    (home / "simos.toml").write_text('# ours\nport = 8123\nprivate_receivers = ["10.0.0.0/8"]\n')
    done = init(home, *OPTIONS, "--module", "mobility/parking")
    assert done.returncode == 0, done.stderr
    return home, done.stdout


def test_settings_are_kept_and_others_stay(set_up: tuple[Path, str]) -> None:
    file = set_up[0] / "simos.toml"
    kept = tomllib.loads(file.read_text())
    assert kept["public_url"] == "https://simos.example.si"
    assert kept["mail_url"] == 'smtp://u:p"w@mail.example.si:587'
    assert kept["port"] == 8123
    assert kept["private_receivers"] == ["10.0.0.0/8"]
    assert "# ours" in file.read_text()


def test_pages_are_served_under_the_public_address() -> None:
    assert "simos.example.si" in Settings(public_url="https://simos.example.si:8443/").hosts
    assert Settings(public_url="").hosts == Settings().allowed_hosts


def test_the_administrator_has_roles_modules_are_on_and_a_link_is_told(set_up: tuple[Path, str]) -> None:
    _, told = set_up
    for line in (
        "platform-administrator in federation",
        "city-administrator in city:celje",
        "city-administrator in city:koper",
        "mobility/parking is switched on in celje",
    ):
        assert line in told
    assert re.search(r"https://simos\.example\.si/first-password/\S+/\S+/", told)
    assert "https://simos.example.si/office/" in told


def test_done_again_it_changes_nothing(set_up: tuple[Path, str]) -> None:
    home, _ = set_up
    before = (home / "simos.toml").read_text()
    again = init(home, *OPTIONS, "--module", "mobility/parking")
    assert again.returncode == 0, again.stderr
    assert "is switched on" not in again.stdout
    assert "is city-administrator" not in again.stdout
    assert (home / "simos.toml").read_text() == before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--city", "celje"), "--admin"),
        (("--admin", "a@example.si", "--city", "atlantida"), "atlantida"),
        (("--admin", "a@example.si", "--city", "celje", "--module", "no/such"), "no/such"),
    ],
)
def test_what_is_missing_or_unknown_is_told(set_up: tuple[Path, str], options: tuple[str, ...], said: str) -> None:
    refused = init(set_up[0], *options)
    assert refused.returncode == 1
    assert said in refused.stderr


@pytest.mark.django_db
def test_the_link_sets_a_password_once(client: Client) -> None:
    account = make_account("prva@example.si")
    assert not account.has_usable_password()
    link = link_of(account)
    shown = client.get(link, follow=True)
    assert shown.status_code == 200
    word = "Dolgo geslo, ki ga ni v slovarju 7"
    at = shown.redirect_chain[-1][0]
    assert client.post(at, {"new_password1": word, "new_password2": word + "x"}).status_code == 200
    assert client.post(at, {"new_password1": word, "new_password2": word}).status_code == 302
    account.refresh_from_db()
    assert account.check_password(word)
    assert "new_password1" not in Client().get(link, follow=True).content.decode()
