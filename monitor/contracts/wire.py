"""The wire as data: which messages travel on which socket, in which direction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

from monitor.protocol import messages as m


@dataclass(frozen=True)
class Channel:
    """One kind of socket: what clients send on it and what the server sends."""

    name: str
    path: str
    summary: str
    from_client: tuple[type[Any], ...]
    from_server: tuple[type[Any], ...]


CHANNELS = (
    Channel(
        name="student",
        path="/ws/student",
        summary="A student takes the test. The first message, within 5 s, is join.",
        from_client=get_args(m.StudentMessage),
        from_server=(
            m.Joined,
            m.TestMessage,
            m.Ack,
            m.SessionChanged,
            m.AttemptChanged,
            m.MessageSent,
            m.Pulse,
            m.Error,
            m.Bye,
        ),
    ),
    Channel(
        name="dashboard",
        path="/ws/dashboard",
        summary="Staff watch sittings. The first message, within 5 s, is authenticate.",
        from_client=get_args(m.DashboardMessage),
        from_server=(m.Authenticated, m.Snapshot, m.Change, m.DashboardPulse, m.Error, m.Bye),
    ),
)


def type_of(message: type[Any]) -> str:
    """The `type` by which a message is known on the wire."""
    tag: str = message.__struct_config__.tag
    return tag


def summary_of(message: type[Any]) -> str:
    """What a message says, in one line."""
    return (message.__doc__ or "").strip().partition("\n")[0]
