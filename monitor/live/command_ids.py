"""Ids of commands: UUIDs that need be unique and not secret, at a tenth of the usual cost."""

from __future__ import annotations

from itertools import count
from uuid import uuid4

_MINE = str(uuid4())[:24]  # 76 random bits of this process, version and variant
_number = count().__next__


def new_command_id() -> str:
    """A UUID as text: of one process they rise, of two they differ in what is random."""
    return f"{_MINE}{_number():012x}"
