"""The listening socket: bound before anything else starts, so that a taken port is told at once."""

from __future__ import annotations

import errno
import socket

from monitor.cli.exit_codes import CommandFailed, ExitCode

# Connections that wait to be accepted: a school that comes back all at once after an outage.
BACKLOG = 2048


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on this address; connections wait in it until someone accepts.

    Args:
        host: A name or address of this machine.
        port: 0 for any free one.

    Raises:
        CommandFailed: The address is taken, forbidden or not this machine's.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, UnicodeError) as error:
        raise CommandFailed(_sentence(host, port, error), ExitCode.CANNOT_LISTEN) from error
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise CommandFailed(_sentence(host, port, error), ExitCode.CANNOT_LISTEN) from error
    listener.setblocking(False)
    return listener


def address_of(listener: socket.socket) -> str:
    """The URL of what listens here, such as http://127.0.0.1:8000."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _sentence(host: str, port: int, error: Exception) -> str:
    match getattr(error, "errno", None):
        case errno.EADDRINUSE:
            return (
                f"Port {port} on {host} is taken. Stop what listens there, "
                "or choose another with --port (0 for any free one)."
            )
        case errno.EACCES | errno.EPERM:
            return f"This user may not listen on port {port}. Choose one above 1023 with --port."
        case _:
            return (
                f"Cannot listen on {host}: it is no address of this machine. "
                "Choose one with --host, such as 127.0.0.1 or 0.0.0.0."
            )
