"""The platform's settings: defaults, then `<home>/simos.toml`, then the environment (`SIMOS_...`), the last one wins.

The only place that reads the environment. Secrets are made on first use and kept in `<home>/secrets`, never here.
"""

import hashlib
import os
import sys
import tempfile
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from simos.kernel.ids import new_secret

UNIX_PATH_LIMIT = 100
"""Longest address of a local socket that every system takes (108 on Linux, 104 elsewhere), with a margin."""


def _default_home() -> Path:
    return Path(os.environ.get("SIMOS_HOME") or Path.home() / ".local" / "share" / "simos")


class EIdentity(BaseModel):
    """An OpenID Connect provider by which people sign in, such as SI-PASS. Each field's description documents it.

    The address to which it sends people back is `<public_url>/account/oidc/<id>/login/callback/`, in all languages.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(
        pattern=r"^[a-z][a-z0-9-]{0,29}$", description="Its short name; part of the address to which it sends back."
    )
    name: str = Field(description="What people call it.")
    server_url: str = Field(pattern=r"^https?://.+", description="Its issuer, below which lies its discovery document.")
    sign_in_url: str = Field(
        default="",
        pattern=r"^(https?://.+|)$",
        description="Where it asks people to sign in, if that is on another host than its issuer.",
    )
    client_id: str = Field(description="How it knows this platform.")
    secret: str = Field(
        default="", pattern=r"^[A-Za-z0-9._-]*$", description="File in `secrets` in the home folder with its secret."
    )
    scopes: list[str] = Field(default=["openid", "profile"], description="What is asked of it.")
    acr_values: str = Field(default="", description="Levels asked of it (`acr_values`), best first; empty: whichever.")
    levels: dict[str, Literal["low", "substantial", "high"]] = Field(
        default_factory=dict, description="Level of each `acr` that it tells, besides eIDAS' own names for them."
    )
    claims: dict[str, str] = Field(
        default={"name": "name"},
        description="Claims that tell `name`, `email`, `tax-number`, `emso`; numbers only if a module needs them.",
    )

    @property
    def leads_to(self) -> tuple[str, ...]:
        """Addresses to which people are sent."""
        return tuple(filter(None, (self.server_url, self.sign_in_url)))


class Settings(BaseSettings):
    """Every setting of the platform. Each field's description is its documentation."""

    model_config = SettingsConfigDict(env_prefix="SIMOS_", extra="forbid", frozen=True)

    home: Path = Field(
        default_factory=_default_home, description="Folder of the databases, files, secrets and `simos.toml`."
    )
    security_contact: str = Field(
        default="",
        pattern=r"^(mailto:|https://|tel:).+$|^$",
        description="Whom to tell of a weakness: the `mailto:` or `https://` of `/.well-known/security.txt`.",
    )
    host: str = Field(default="127.0.0.1", description="Address on which the public port listens; 0.0.0.0 for all.")
    port: int = Field(default=8000, ge=0, le=65535, description="The one public port, for pages and APIs.")
    public_url: str = Field(
        default="", description="Address by which people reach the platform, if a proxy is before it."
    )
    allowed_hosts: list[str] = Field(
        default=["localhost", "127.0.0.1", "[::1]"],
        description="Host names under which pages are served, beside that of the public address; others are refused.",
    )
    database_url: str = Field(
        default="",
        pattern=r"^(postgres(ql)?://.+|)$",
        description="`postgresql://...` for both stores; empty: two SQLite files in the home folder.",
    )
    mqtt_host: str = Field(default="127.0.0.1", description="Address on which the embedded MQTT broker listens.")
    mqtt_port: int = Field(default=1883, ge=0, le=65535, description="Port of the embedded MQTT broker; 0: none.")
    mqtt_broker: str = Field(
        default="",
        description="`mqtt://user:password@host:port` of another broker to read from, beside the embedded one.",
    )
    private_receivers: list[str] = Field(
        default=[],
        description="Hosts and networks (`10.20.0.0/16`) that the hub and pushes reach although private; else none.",
    )
    clamd: str = Field(
        default="",
        pattern=r"^(unix:/.+|[^:\[\]]+:\d+|\[.+\]:\d+|)$",
        description="ClamAV daemon that looks at each file that comes in: `unix:/path` or `host:port`; empty: none.",
    )
    mail_url: str = Field(
        default="",
        pattern=r"^(smtps?://.+|)$",
        description="Mail server: `smtp://user:password@host:port` (with STARTTLS if there is a user), `smtps://...`; "
        "empty: mails are files in `mail` in the home folder.",
    )
    mail_from: str = Field(default="SiMOS <simos@localhost>", description="Sender of mails.")
    sign_up: bool = Field(default=True, description="People may make an account themselves.")
    e_identities: list[EIdentity] = Field(
        default_factory=list, description="OpenID Connect providers by which people sign in; see the table below."
    )
    demo: bool = Field(
        default=False,
        description="The sign-in page shows the demo accounts. `simos serve --demo` sets it. Never with real data.",
    )
    map_style: str = Field(
        default="",
        pattern=r"^(https://[^/\s]+/\S*|)$",
        description="`https://...` of a MapLibre style in place of our own ground; visitors' browsers then read it and "
        "its tiles from that host. Empty: nothing is read from elsewhere.",
    )
    lake_after_days: int = Field(
        default=30,
        ge=0,
        le=100_000,
        description="Days of history that stay in the database; older ones move into the lake by night. 0: none move.",
    )
    web_threads: int = Field(default=8, ge=1, le=256, description="Threads that make pages.")
    worker_threads: int = Field(default=2, ge=1, le=64, description="Threads that run events and jobs.")
    rate_api: str = Field(
        default="600/minute",
        pattern=r"^(\d+/(second|minute|hour)|)$",
        description="How often one token, or one address without token, may ask the API; empty: as often as it likes.",
    )
    rate_forms: str = Field(
        default="30/hour",
        pattern=r"^(\d+/(second|minute|hour)|)$",
        description="How often one address may send a form that asks for no account; empty: as often as it likes.",
    )
    log_format: Literal["auto", "text", "json"] = Field(
        default="auto", description="Form of the log on standard error; auto: text on a terminal, else JSON lines."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="INFO", description="Least level logged.")
    debug: bool = Field(default=False, description="Django's debug pages. Never on a machine that others reach.")

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        file = TomlConfigSettingsSource(settings_cls, toml_file=_default_home() / "simos.toml")
        return init_settings, env_settings, file

    @property
    def register_file(self) -> Path:
        return self.home / "register.sqlite3"

    @property
    def map_file(self) -> Path:
        """The basemap that `simos basemap build` makes."""
        return self.home / "basemap.pmtiles"

    @property
    def lake_folder(self) -> Path:
        """Where older days of the hub's history lie, as Parquet."""
        return self.home / "lake"

    @property
    def feeds_folder(self) -> Path:
        """Where feeds are declared, a YAML file each."""
        return self.home / "feeds"

    @property
    def hub_url(self) -> str:
        """Address of the hub's store."""
        return self.database_url or f"sqlite:///{self.home / 'hub.sqlite3'}"

    @property
    def run_folder(self) -> Path:
        """Where local sockets and process numbers lie; a short path of its own if the home's is too long."""
        inside = self.home / "run"
        if len(str(inside)) + len("/worker.sock") <= UNIX_PATH_LIMIT:
            return inside
        mark = hashlib.sha256(str(inside).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"simos-{os.getuid()}-{mark}"

    def socket(self, process: str) -> Path:
        """The local socket of the `hub`, `web` or `worker` process."""
        return self.run_folder / f"{process}.sock"

    @property
    def hosts(self) -> list[str]:
        """Host names under which pages are served: that of the public address is one by itself."""
        public = urlsplit(self.public_url).hostname
        return [*self.allowed_hosts, *([public] if public and public not in self.allowed_hosts else [])]

    @property
    def base_url(self) -> str:
        return (self.public_url or f"http://localhost:{self.port}").rstrip("/")

    def secret(self, name: str, make: Callable[[], str] = new_secret) -> str:
        """The secret `name`, made at first use (by `make`), readable by this user only."""
        path = self.home / "secrets" / name
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh = path.with_name(f"{name}.{os.getpid()}")
            fresh.touch(mode=0o600)
            fresh.write_text(make())
            try:
                os.link(fresh, path)  # the first of several processes wins
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return path.read_text().strip()

    def given_secret(self, name: str) -> str:
        """The secret `name` that another has given the operator; '' where there is none. Never made here."""
        path = self.home / "secrets" / name
        return path.read_text().strip() if name and path.is_file() else ""


def read_settings() -> Settings:
    """Today's settings; the program ends with a clear message where one is wrong."""
    try:
        return Settings()
    except tomllib.TOMLDecodeError as error:
        sys.exit(f"simos: {_default_home() / 'simos.toml'} is no TOML file: {error}. See docs/reference/settings.md.")
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, each['loc'])) or 'file'}: {each['msg']}" for each in error.errors())
        sys.exit(f"simos: settings are wrong: {wrong}. See docs/reference/settings.md.")


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return read_settings()


def demo_environment() -> dict[str, str]:
    """The environment for processes that show a demo."""
    return {**os.environ, "SIMOS_DEMO": "true"}


def point_django_here() -> None:
    """Django finds its settings in `simos.app.django_settings`, unless somebody (a test) has chosen others."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "simos.app.django_settings")
