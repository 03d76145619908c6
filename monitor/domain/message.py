"""A message from a teacher to one, some or all students of a sitting."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Message(Struct, frozen=True, kw_only=True):
    """A stored message with its receipts: student id -> when."""

    id: str
    session_id: str
    text: str
    student_ids: tuple[str, ...] | None  # None = all
    sent_by: str
    sent_at: datetime
    delivered: dict[str, datetime] = {}
    read: dict[str, datetime] = {}
    version: int = 0

    def is_for(self, student_id: str) -> bool:
        """Whether this student is addressed."""
        return self.student_ids is None or student_id in self.student_ids
