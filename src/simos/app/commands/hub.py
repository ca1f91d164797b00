"""The hub: alone, its tokens, and files loaded into it."""

from pathlib import Path

import click

from simos.app.commands.operation import started
from simos.app.settings import Settings
from simos.hub.client import HubClient


@click.command()
@click.option("--home", type=click.Path(path_type=Path, file_okay=False), help="Folder of hub.sqlite3.")
@click.option("--port", type=click.IntRange(0, 65535), default=9090, show_default=True)
@click.option("--mqtt-port", type=click.IntRange(0, 65535), default=0, help="Embedded MQTT broker; 0: none.")
@click.option("--open", "is_open", is_flag=True, help="Ask no tokens; listens on loopback only.")
@click.option(
    "--feeds", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Folder of feeds; else HOME/feeds."
)
def hub_serve(home: Path | None, port: int, mqtt_port: int, is_open: bool, feeds: Path | None) -> None:
    """Run the hub alone, without Django: NGSI-LD on one port."""
    from simos.app.processes import only_one

    base = started("hub")
    found = base.model_copy(
        update={
            "port": port,
            **({"home": home} if home else {}),
            **({"host": "127.0.0.1"} if is_open else {}),
        }
    )
    found.home.mkdir(parents=True, exist_ok=True)
    with only_one(found):
        _serve(found, is_open=is_open, mqtt_port=mqtt_port, feeds=feeds or found.feeds_folder)


def _serve(found: Settings, *, is_open: bool, mqtt_port: int, feeds: Path) -> None:
    from simos.app.hub_process import run_lone_hub
    from simos.app.processes import public_socket
    from simos.hub.grants import Authoriser, open_to_all, service
    from simos.hub.server.sockets import unix_socket

    public, own = public_socket(found), unix_socket(found.socket("hub"))
    host, bound = public.getsockname()[:2]
    click.echo(f"hub at http://{host}:{bound}/ngsi-ld/v1 (home {found.home})", err=True)
    authoriser: Authoriser = open_to_all if is_open else service(found.secret("service.token"))
    if not is_open:
        click.echo(f"the operator's token is in {found.home / 'secrets' / 'service.token'}", err=True)
    run_lone_hub(found, [own, public], [authoriser], is_open=is_open, mqtt_port=mqtt_port, feeds=feeds)


def client_of(found: Settings) -> HubClient:
    """The hub of this home, asked as the platform itself."""
    return HubClient(f"unix:{found.socket('hub')}", found.secret("service.token"))


@click.command()
@click.option("--name", required=True, help="Whose it is, such as 'parking sensors, Glazija'.")
@click.option("--tenant", "tenants", multiple=True, required=True, help="City it counts in; may be given again.")
@click.option("--type", "types", multiple=True, default=("*",), show_default=True, help="Entity types it may touch.")
@click.option("--write", is_flag=True, help="May write, not only read.")
@click.option("--days", type=click.IntRange(1, 3650), help="Expires after so many days.")
@click.option("--device", help="Also register a device with this id (its MQTT client id).")
def token_add(
    name: str, tenants: tuple[str, ...], types: tuple[str, ...], write: bool, days: int | None, device: str | None
) -> None:
    """Make a token for a device or a program. Its secret is shown once. The platform must be running."""
    client = client_of(started("hub"))
    made = client.add_token(name, tenants=list(tenants), types=list(types), mayWrite=write, days=days)
    if device:
        for tenant in tenants:
            client.ask("POST", "/hub/devices", tenant=tenant, content={"id": device, "name": name, "token": made["id"]})
    click.echo(made["secret"])


@click.command()
def tokens() -> None:
    """List the tokens (not their secrets)."""
    _, found = client_of(started("hub")).ask("GET", "/hub/tokens")
    for each in found:
        rights = "write" if each["mayWrite"] else "read"
        until = each["expiresAt"] or "for ever"
        click.echo(f"{each['id']}  {each['name']:<30} {','.join(each['tenants']):<20} {rights:<6} {until}")


@click.command()
@click.argument("token_id")
def token_delete(token_id: str) -> None:
    """Take a token back at once."""
    client_of(started("hub")).ask("DELETE", f"/hub/tokens/{token_id}")
    click.echo("It no longer counts.")


@click.command()
@click.option(
    "--tenant", "tenants", multiple=True, default=("",), help="City, else the default tenant; may be given again."
)
def devices(tenants: tuple[str, ...]) -> None:
    """List the devices of a city: when each was last heard, its battery, and who has fallen silent."""
    client = client_of(started("hub"))
    for tenant in tenants:
        _, found = client.ask("GET", "/hub/devices", tenant=tenant)
        for each in found:
            state = (
                f"SILENT since {each['silentSince']}" if each["silentSince"] else each["lastSeenAt"] or "never heard"
            )
            battery = f"{each['battery']:.0f} %" if each["battery"] is not None else ""
            interval = f"every {each['interval']:.0f} s" if each["interval"] else ""
            click.echo(f"{each['id']:<24} {each['name']:<30} {battery:>5}  {interval:<14} {state}")


@click.command()
def rejections() -> None:
    """Show what came by MQTT or a feed and could not be stored, with the reason."""
    _, found = client_of(started("hub")).ask("GET", "/hub/rejections")
    for each in found:
        click.echo(f"{each['at']}  {each['source']}  {each['topic']}: {each['reason']}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--map",
    "map_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    required=True,
    help="Mapping (YAML) that says what the columns or members mean.",
)
@click.option("--tenant", default="", help="City into which it is loaded; else the default tenant.")
@click.option("--home", type=click.Path(path_type=Path, file_okay=False), help="Folder of the hub.")
@click.option("--notify", is_flag=True, help="Tell subscribers; else a load is quiet.")
@click.option("--again", is_flag=True, help="From the beginning, though it was loaded already. Stores nothing twice.")
def load(file: Path, map_file: Path, tenant: str, home: Path | None, notify: bool, again: bool) -> None:
    """Load history from FILE (CSV, Parquet, JSON lines). Started again it goes on; rows that are wrong stand in
    FILE.errors.csv. Through the hub where it runs, else straight into its store."""
    from simos.app.commands.loading import load_shown

    base = started("load")
    found = base.model_copy(update={"home": home.expanduser().absolute()}) if home else base
    load_shown(found, file, map_file, tenant=tenant, notify=notify, again=again)


COMMANDS = {
    "hub serve": hub_serve,
    "hub token add": token_add,
    "hub token list": tokens,
    "hub token delete": token_delete,
    "hub devices": devices,
    "hub rejections": rejections,
    "hub load": load,
}
