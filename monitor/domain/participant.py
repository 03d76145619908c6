"""A participant is a student's place in a sitting's `participants` array."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class ConnectionStatus(StrEnum):
    """Whether a participant's lease holds."""

    CONNECTED = "CONNECTED"
    DISCONNECTED = "DISCONNECTED"


class Participant(Struct, frozen=True, kw_only=True):
    """One item of `participants`, in the order of its keys; times are aware UTC."""

    student_id: str
    attempt_id: str
    joined_at: datetime
    connection_status: ConnectionStatus
    last_activity: datetime
    connection_id: str | None = None
    disconnected_at: datetime | None = None
    version: int = 0
