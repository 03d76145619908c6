"""A teacher's commands that must happen exactly once: messages, and minutes more for all."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.protocol.messages import Snapshot
    from tests.chaos.patient import Patient

EVERY_SECONDS = 1.5


class Steering:
    """Gives commands while `active`, one after the other, each until it is answered.

    Attributes:
        active: Whether another one may be given.
        idle: Whether the last one has been answered.
        failed: Why one was refused or never answered, if one was.
        messages: Texts that were answered, by sitting.
        minutes: How many more were answered, by sitting.
    """

    def __init__(self, teacher: Patient, session_ids: Sequence[str], seed: int) -> None:
        self.active = False
        self.idle = True
        self.failed: str | None = None
        self.messages: dict[str, list[str]] = {id_: [] for id_ in session_ids}
        self.minutes: Counter[str] = Counter()
        self._teacher = teacher
        self._dice = random.Random(f"{seed} steering")
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, as soon as `active` says so."""
        self._task = asyncio.create_task(self._steer(), name="steering")

    async def close(self) -> None:
        """End it."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def differences(self, snapshot: Snapshot) -> list[str]:
        """What a sitting's database holds that is not what was answered, while idle."""
        session_id = snapshot.session_id
        sent, stored = self.messages[session_id], [item.text for item in snapshot.messages]
        found = [
            f"message {text!r} of sitting {session_id} was answered once and is there {times} times"
            for text in sent
            if (times := stored.count(text)) != 1
        ]
        found += [
            f"message {text!r} of sitting {session_id} is there and was never answered"
            for text in stored
            if text not in sent
        ]
        extended = snapshot.session.extended_seconds
        if extended != 60 * self.minutes[session_id]:
            found.append(
                f"sitting {session_id} was given {self.minutes[session_id]} minutes more, "
                f"it has {extended} s"
            )
        return found

    async def _steer(self) -> None:
        number = 0
        while self.failed is None:
            await asyncio.sleep(EVERY_SECONDS)
            if not self.active:
                continue
            number += 1
            self.idle = False
            try:
                await self._command(number)
            except Exception as error:  # noqa: BLE001 - whatever it was, the judge tells
                self.failed = f"a command of the teacher's failed: {error!r}"
            self.idle = True

    async def _command(self, number: int) -> None:
        session_id = self._dice.choice(list(self.messages))
        key = str(UUID(int=self._dice.getrandbits(128)))
        path = f"/api/sessions/{session_id}"
        if self._dice.random() < 0.5:
            text = f"message {number}"
            await self._teacher.command(f"{path}/messages", {"text": text}, key)
            self.messages[session_id].append(text)
        else:
            await self._teacher.command(f"{path}/extend", {"minutes": 1}, key)
            self.minutes[session_id] += 1
