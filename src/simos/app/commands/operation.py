"""Running the platform: serve, its processes, migrate, demo data, backup and restore, audit."""

import socket
from pathlib import Path

import click

import simos
from simos.app.logs import set_up_logs
from simos.app.settings import Settings, settings


def started(process: str) -> Settings:
    """The settings of this process, with its log set up."""
    found = settings()
    set_up_logs(found, process)
    return found


def ready(process: str) -> Settings:
    """As `started`, with both stores of this release's shape: for commands that work on the register."""
    from simos.app.starting import migrate_both

    found = started(process)
    migrate_both(found)
    return found


@click.command()
@click.option("--demo", is_flag=True, help="With demo data in Celje and a simulator that plays its sensors.")
@click.option(
    "--only", type=click.Choice(["hub", "web", "worker"]), help="One process alone, for sites that spread them."
)
def serve(demo: bool, only: str | None) -> None:
    """Run the platform: hub, web and worker behind one port. Ctrl-C stops it."""
    from simos.app.processes import PROCESSES, Platform, run_simos

    found = started("simos")

    def prepare() -> None:
        # In a process of its own: the parent of all stays small, without Django.
        if code := run_simos("prepare", *(["--demo"] if demo else [])):
            raise SystemExit(code)
        click.echo(f"SiMOS {simos.__version__} at {found.base_url}/ (home {found.home}). Ctrl-C stops it.", err=True)
        if demo:
            password = found.secret("demo.password")
            click.echo(
                f"Demo accounts: see {found.base_url}/account/login/; all have the password {password}", err=True
            )

    Platform(found, prepare, processes=(only,) if only else PROCESSES, demo=demo).run()


@click.command(hidden=True)
@click.option("--demo", is_flag=True)
def prepare(demo: bool) -> None:
    """Make everything ready for the processes, on behalf of `simos serve`."""
    from simos.app.starting import made_ready

    made_ready(started("prepare"), demo=demo)


@click.command(hidden=True)
@click.argument("name", type=click.Choice(["hub", "web", "worker", "simulator"]))
@click.option("--lifeline", type=int, required=True)
@click.option("--socket", "fds", type=int, multiple=True)
def process(name: str, lifeline: int, fds: tuple[int, ...]) -> None:
    """One process of a running platform, started by `simos serve`."""
    from simos.app.processes import end_with_parent

    found = started(name)
    end_with_parent(lifeline)
    sockets = [socket.socket(fileno=fd) for fd in fds]
    if name == "hub":
        from simos.app.hub_process import run_platform_hub

        run_platform_hub(found, sockets)
    elif name == "web":
        from simos.app.web_process import run_web

        run_web(found, sockets)
    elif name == "worker":
        from simos.app.worker_process import run_worker

        run_worker(found, sockets)
    else:
        from simos.app.simulator_process import run_simulators

        run_simulators(found)


@click.command()
def migrate() -> None:
    """Bring the register and the hub to this release's shape."""
    ready("migrate")
    click.echo("The register and the hub are of this release's shape.")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def backup(folder: Path) -> None:
    """Copy both stores, the lake, files and secrets into FOLDER while the platform runs."""
    from simos.app.backup import back_up

    for line in back_up(started("backup"), folder):
        click.echo(line)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--overwrite", is_flag=True, help="Replace what is in the home folder (or database) now.")
def restore(folder: Path, overwrite: bool) -> None:
    """Put back what `simos backup` made. The platform must not be running."""
    from simos.app.backup import put_back

    for line in put_back(started("restore"), folder, overwrite=overwrite):
        click.echo(line)


COMMANDS = {
    "serve": serve,
    "process": process,
    "prepare": prepare,
    "migrate": migrate,
    "backup": backup,
    "restore": restore,
}
