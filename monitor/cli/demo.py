"""`monitor demo`: a school with a live sitting, to look at."""

from __future__ import annotations

import asyncio
import ipaddress
import secrets
import shutil
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.listening import address_of, listen
from monitor.cli.preflight import prepare_database, raise_open_files
from monitor.cli.stopping import Stop
from monitor.cli.workers import Supervisor
from monitor.config import load_settings
from monitor.domain.user import Role
from monitor.logs import configure_logs

if TYPE_CHECKING:
    import socket

    from monitor.config import Settings
    from monitor.load.school import Seat

TEACHER = "teacher@demo.example"
ADMIN = "admin@demo.example"
PASSWORD = "monitor-demo"  # noqa: S105 - printed, and good on this machine only


@click.command()
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("monitor-demo"),
    show_default=True,
    help="Directory for the demo's database.",
)
@click.option("--fresh", is_flag=True, help="Forget what earlier runs left there.")
@click.option("--host", metavar="ADDRESS", help="Address to listen on. [MONITOR_HOST, 127.0.0.1]")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Port; 0 for any free one. [MONITOR_PORT, 8000]"
)
@click.option(
    "--password",
    help="Of the teacher and the admin. [monitor-demo; a random one if others can reach the demo]",
)
@click.option(
    "--speed",
    type=click.FloatRange(0.1, 100),
    default=1.0,
    show_default=True,
    help="How many times faster than a real lesson of eight minutes.",
)
@click.option("--seed", type=int, help="The same number plays the same students.")
def demo(
    *,
    data: Path,
    fresh: bool,
    host: str | None,
    port: int | None,
    password: str | None,
    speed: float,
    seed: int | None,
) -> None:
    """Run a demo school: a class of simulated students who take a reading test, again and again.

    Open the address it prints and sign in as the teacher to watch them. One seat of every sitting
    is left free: take it yourself with the link. Needs no other settings; Ctrl-C ends it.
    """
    if fresh:
        shutil.rmtree(data, ignore_errors=True)
    given = {"host": host, "port": port}
    settings = load_settings(
        **{name: value for name, value in given.items() if value is not None},
        database_url=f"sqlite:///{_directory(data) / 'monitor.db'}",
        redis_url=None,
        workers=1,
    )
    level = "WARNING" if settings.log_level == "INFO" else settings.log_level
    configure_logs(level, settings.log_format)
    listener = listen(settings.host, settings.port)
    prepare_database(settings)
    if password is None:
        password = PASSWORD if _is_loopback(listener) else secrets.token_urlsafe(9)
    _make_accounts(settings, password)
    raise_open_files()
    asyncio.run(_run(settings, listener, password=password, speed=speed, seed=seed))


def _directory(data: Path) -> Path:
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.BadParameter(f"{data}: {error.strerror}.", param_hint="'--data'") from error
    return data.resolve()


def _is_loopback(listener: socket.socket) -> bool:
    return ipaddress.ip_address(listener.getsockname()[0]).is_loopback


def _make_accounts(settings: Settings, password: str) -> None:
    from monitor.cli import accounts  # slow to import
    from monitor.demo import names

    accounts.ensure(
        settings,
        [
            (TEACHER, names.TEACHER, Role.TEACHER, password),
            (ADMIN, "The admin", Role.ADMIN, password),
        ],
    )


async def _run(
    settings: Settings,
    listener: socket.socket,
    *,
    password: str,
    speed: float,
    seed: int | None,
) -> None:
    """The server as a process of its own, and the show that plays on it."""
    from monitor.demo.show import Show  # slow to import

    stop = Stop()
    stop.listen_to(signal.SIGTERM, signal.SIGINT)
    url = address_of(listener)
    is_ready = asyncio.Event()
    environment = {
        "MONITOR_DATABASE_URL": settings.database_url,
        "MONITOR_REDIS_URL": "",
        "MONITOR_LOG_LEVEL": "WARNING" if settings.log_level == "INFO" else settings.log_level,
    }
    supervisor = Supervisor(settings, listener, ready=is_ready.set, environment=environment)
    show = Show(
        url, TEACHER, password, seed=seed, speed=speed, opened=lambda *seat: _seat(url, *seat)
    )

    async def play() -> None:
        await is_ready.wait()
        _announce(url, password)
        await show.run()

    playing = asyncio.create_task(play(), name="show")
    serving = asyncio.create_task(supervisor.run(stop), name="server")
    await asyncio.wait({playing, serving}, return_when=asyncio.FIRST_COMPLETED)
    # The students go first: the server then has nobody to send away.
    playing.cancel()
    stop.ask_once()
    for end in await asyncio.gather(playing, serving, return_exceptions=True):
        if isinstance(end, Exception):
            raise end


def _announce(url: str, password: str) -> None:
    click.echo(f"Monitor is listening on {url}")
    click.echo(
        f"\n  Watch as the teacher: {url}/"
        f"\n    e-mail    {TEACHER}"
        f"\n    password  {password}"
        f"\n  ({ADMIN} has the same password. Ctrl-C ends the demo.)\n"
    )


def _seat(url: str, session_id: str, seat: Seat) -> None:
    click.echo(
        f"  A sitting begins: {url}/sittings/{session_id}"
        f"\n    Take the free seat yourself: {seat.url}"
        f"\n    or type the code {seat.code} at {url}/\n"
    )
