"""`monitor serve`: the server, in one process or several."""

from __future__ import annotations

import asyncio
import signal
import socket
from typing import TYPE_CHECKING, Any

import click
import structlog

from monitor.cli.listening import address_of, listen
from monitor.cli.preflight import check_workers, prepare_database, raise_open_files
from monitor.cli.secret_key import with_secret_key
from monitor.cli.stopping import Stop
from monitor.cli.workers import READY, Supervisor, stop_with_supervisor
from monitor.config import load_settings
from monitor.logs import configure_logs

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from monitor.config import Settings


@click.command()
@click.option("--host", metavar="ADDRESS", help="Address to listen on. [MONITOR_HOST, 127.0.0.1]")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Port; 0 for any free one. [MONITOR_PORT, 8000]"
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    help="Processes; more than one needs PostgreSQL and Redis. [MONITOR_WORKERS, 1]",
)
def serve(host: str | None, port: int | None, workers: int | None) -> None:
    """Run the server.

    Without settings it keeps everything in monitor.db in this directory, brings that up to date by
    itself, and makes a secret key beside it. With MONITOR_DATABASE_URL on PostgreSQL, run `monitor
    migrate` first and set MONITOR_SECRET_KEY. Make the first account with `monitor users create`.

    Prints one line when it is ready. SIGTERM or Ctrl-C lets it finish what waits, tell everyone
    when to come back, and end; a second one ends it at once.
    """
    given = {"host": host, "port": port, "workers": workers}
    settings = load_settings(**{name: value for name, value in given.items() if value is not None})
    configure_logs(settings.log_level, settings.log_format)
    check_workers(settings)
    listener = listen(settings.host, settings.port)
    settings = with_secret_key(settings)
    prepare_database(settings)
    raise_open_files()
    if settings.workers > 1:
        asyncio.run(_supervise(settings, listener))
    else:
        _run_in_loop(_serve_alone(settings, listener))


@click.command(hidden=True)
@click.option("--listener", type=int, required=True)
@click.option("--supervisor", type=int, required=True)
@click.option("--number", type=int, required=True)
def serve_worker(listener: int, supervisor: int, number: int) -> None:
    """One worker of `monitor serve`, which starts it."""
    settings = with_secret_key(load_settings())
    configure_logs(settings.log_level, settings.log_format)
    structlog.contextvars.bind_contextvars(worker=number)
    # Ctrl-C reaches every process of the terminal: the supervisor answers it for us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise_open_files()
    _run_in_loop(
        _serve_as_worker(settings, socket.socket(fileno=listener), socket.socket(fileno=supervisor))
    )


async def _serve_alone(settings: Settings, listener: socket.socket) -> None:
    from monitor.cli.serving import run  # the whole server

    stop = Stop()
    stop.listen_to(signal.SIGTERM, signal.SIGINT)
    address = address_of(listener)
    await run(settings, listener, stop=stop, ready=lambda: _announce(address))


async def _serve_as_worker(
    settings: Settings, listener: socket.socket, supervisor: socket.socket
) -> None:
    from monitor.cli.serving import run  # the whole server

    stop = Stop()
    stop.listen_to(signal.SIGTERM)
    stop_with_supervisor(supervisor, stop)
    await run(settings, listener, stop=stop, ready=lambda: _tell(supervisor))


async def _supervise(settings: Settings, listener: socket.socket) -> None:
    stop = Stop()
    stop.listen_to(signal.SIGTERM, signal.SIGINT)
    address = address_of(listener)
    await Supervisor(settings, listener, ready=lambda: _announce(address)).run(stop)


def _announce(address: str) -> None:
    click.echo(f"Monitor is listening on {address}")


def _tell(supervisor: socket.socket) -> None:
    supervisor.sendall(READY)


def _run_in_loop(main: Coroutine[Any, Any, None]) -> None:
    """Run on uvloop where there is one; it takes a fifth less of the core than asyncio's own."""
    try:
        import uvloop  # not on every platform
    except ImportError:
        asyncio.run(main)
    else:
        uvloop.run(main)
