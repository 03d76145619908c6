"""Ids of commands: UUIDs that need be unique and not secret, at a third of the usual cost."""

from __future__ import annotations

import random

_bits = random.Random().getrandbits  # noqa: S311 - seeded by the system, one for each process
_VARIANT = "89ab"


def new_command_id() -> str:
    """A random UUID (version 4) as text."""
    h = f"{_bits(128):032x}"
    return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-{_VARIANT[_bits(2)]}{h[17:20]}-{h[20:]}"
