"""The backlog: commands that wait for their commit, by session, in the order they came.

Pure bookkeeping; `now` is an argument (seconds of any steady clock). A session is due when its most
impatient command is: visible ones as soon as the recorder has rested, and after the short window in
any case; heartbeats after the long one. Whoever takes a session takes everything that waits for it,
so an answer carries the heartbeats along.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import inf

import msgspec
from msgspec import Struct

from monitor.domain.commands import Command, Heartbeat, StudentCommand
from monitor.domain.decide import Outcome


class Settled(Struct, frozen=True):
    """How a command ended: committed at `version` with `outcome`, or refused (`outcome.error`)."""

    command: Command
    version: int
    outcome: Outcome


OnSettled = Callable[[Settled], None]


@dataclass(slots=True)
class Entry:
    """A waiting command and everyone who waits for it (several, where heartbeats were merged)."""

    command: Command
    waiters: list[tuple[Command, OnSettled]]


@dataclass(slots=True)
class Waiting:
    """What waits for one session."""

    session_id: str
    due_at: float
    entries: list[Entry] = field(default_factory=list)
    last_of_connection: dict[str, Entry] = field(default_factory=dict)
    visible: bool = False  # someone sees or waits for something of it
    alone: bool = False  # its row was locked by someone else: taken in a batch of its own
    repeated: bool = False  # an earlier COMMIT of it may have passed unheard


@dataclass(frozen=True, slots=True)
class BatchSize:
    """What goes into one commit beside the sessions that are due.

    Attributes:
        slack_seconds: What is due so soon goes along.
        most_sessions: How many there are at most, the due ones included.
        fill_seconds: What is due so soon goes along while there are fewer than `fill_sessions`.
        fill_sessions: So many more rows make a commit hardly longer.
    """

    slack_seconds: float
    most_sessions: int
    fill_seconds: float = 0.0
    fill_sessions: int = 0


class Backlog:
    """All waiting commands of a process.

    Attributes:
        count: How many there are; merged heartbeats count once.
        rested_at: From when on nothing visible waits; infinite: for its window in any case.
    """

    def __init__(self, visible_window_seconds: float, heartbeat_window_seconds: float) -> None:
        """Set the two windows."""
        self._visible_window = visible_window_seconds
        self._heartbeat_window = heartbeat_window_seconds
        self._sessions: dict[str, Waiting] = {}
        self.count = 0
        self.rested_at = inf

    def add(self, command: Command, settled: OnSettled, now: float) -> float:
        """Append a command and return when its session is due.

        A heartbeat joins the one before it of the same connection if nothing else of that
        connection came between them.
        """
        window = self._visible_window if command.visible else self._heartbeat_window
        waiting = self._sessions.get(command.session_id)
        if waiting is None:
            waiting = Waiting(command.session_id, now + window)
            self._sessions[command.session_id] = waiting
        elif not waiting.alone:
            waiting.due_at = min(waiting.due_at, now + window)
        waiting.visible |= command.visible
        connection = command.connection_id if isinstance(command, StudentCommand) else None
        if connection is not None and isinstance(command, Heartbeat):
            last = waiting.last_of_connection.get(connection)
            if last is not None and isinstance(last.command, Heartbeat):
                last.command = _merged(last.command, command)
                last.waiters.append((command, settled))
                return self._due(waiting)
        entry = Entry(command, [(command, settled)])
        waiting.entries.append(entry)
        self.count += 1
        if connection is not None:
            waiting.last_of_connection[connection] = entry
        return self._due(waiting)

    def next_due(self) -> float | None:
        """When the first session is due; None when nothing waits."""
        return min(map(self._due, self._sessions.values()), default=None)

    def take(self, now: float, size: BatchSize) -> list[Waiting]:
        """Remove and return the sessions to commit now.

        Empty while none is due. A session that must go alone is returned alone.
        """
        chosen = self._due_until(now + size.slack_seconds)
        if not chosen or self._due(chosen[0]) > now:
            return []
        if chosen[0].alone:
            chosen = chosen[:1]
        else:
            chosen = [w for w in chosen if not w.alone]
            if len(chosen) < size.fill_sessions and not any(w.visible for w in chosen):
                soon = self._due_until(now + size.fill_seconds)
                chosen = [w for w in soon if not w.alone][: size.fill_sessions]
            chosen = chosen[: size.most_sessions]
        for waiting in chosen:
            del self._sessions[waiting.session_id]
            self.count -= len(waiting.entries)
        return chosen

    def put_back(self, waiting: Waiting, due_at: float) -> None:
        """Return what was taken, before everything that has come since."""
        newer = self._sessions.get(waiting.session_id)
        waiting.due_at = due_at
        self.count += len(waiting.entries)
        if newer is not None:
            waiting.entries.extend(newer.entries)
            waiting.visible |= newer.visible
        # Made anew: some of what was taken may be settled, and nothing may join that any more.
        waiting.last_of_connection = {
            entry.command.connection_id: entry
            for entry in waiting.entries
            if isinstance(entry.command, StudentCommand) and entry.command.connection_id is not None
        }
        self._sessions[waiting.session_id] = waiting

    def make_due(self, now: float) -> None:
        """Let every session be due now, for a drain."""
        for waiting in self._sessions.values():
            waiting.due_at = min(waiting.due_at, now)

    def _due_until(self, latest: float) -> list[Waiting]:
        due = [w for w in self._sessions.values() if self._due(w) <= latest]
        due.sort(key=self._due)
        return due

    def _due(self, waiting: Waiting) -> float:
        if waiting.visible and not waiting.alone and self.rested_at < waiting.due_at:
            return self.rested_at
        return waiting.due_at

    def sessions(self) -> Iterable[Waiting]:
        """What waits, by session."""
        return self._sessions.values()


def _merged(former: Heartbeat, latter: Heartbeat) -> Heartbeat:
    return msgspec.structs.replace(
        latter,
        question_id=latter.question_id if latter.question_id is not None else former.question_id,
        is_visible=latter.is_visible if latter.is_visible is not None else former.is_visible,
    )
