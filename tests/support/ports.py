"""Free TCP ports on the loopback address."""

from __future__ import annotations

import socket
import time


def unused_port() -> int:
    """A port of 127.0.0.1 that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_listening(port: int) -> bool:
    """Whether something accepts connections on this port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until_listening(port: int, timeout: float = 10.0) -> None:
    """Return once something listens on the port; for code that is not async.

    Raises:
        TimeoutError: Nothing did in time.
    """
    deadline = time.monotonic() + timeout
    while not is_listening(port):
        if time.monotonic() >= deadline:
            message = f"nothing listens on port {port} after {timeout} s"
            raise TimeoutError(message)
        time.sleep(0.01)
