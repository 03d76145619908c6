"""What the recorder remembers of sessions between commits, so that a commit reads only versions."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from monitor.domain.sitting import Sitting


@dataclass(slots=True)
class Remembered:
    """A session as last committed; exact as long as the locked row says the sitting's version.

    `items` are the participants' stored forms by student, in the order of the array, as JSON text:
    a commit makes those anew that it changes. The sitting holds the attempts that were needed so
    far; `all_attempts` tells that it holds them all.
    """

    sitting: Sitting
    items: dict[str, str]
    all_attempts: bool = False
    test_is_final: bool = False  # loaded after the start: a test in use does not change

    @property
    def test_is_right(self) -> bool:
        """Whether the sitting holds the test that it is about, as the students read it."""
        started = self.sitting.session.started_at is not None
        return self.sitting.holds_test and (self.test_is_final or not started)


class SessionCache:
    """The most recently committed sessions; at most `most`."""

    def __init__(self, most: int) -> None:
        """Keep at most that many."""
        self._most = most
        self._remembered: OrderedDict[str, Remembered] = OrderedDict()

    def at(self, session_id: str, version: int) -> Remembered | None:
        """The session if it is remembered at just that version."""
        remembered = self._remembered.get(session_id)
        if remembered is None or remembered.sitting.session.version != version:
            return None
        self._remembered.move_to_end(session_id)
        return remembered

    def keep(self, remembered: Remembered) -> None:
        """Remember a session as committed; the least recently used one makes room."""
        session_id = remembered.sitting.session.id
        self._remembered[session_id] = remembered
        self._remembered.move_to_end(session_id)
        while len(self._remembered) > self._most:
            self._remembered.popitem(last=False)

    def forget(self, session_id: str) -> None:
        """Remember nothing of a session."""
        self._remembered.pop(session_id, None)

    def clear(self) -> None:
        """Remember nothing, e.g. after the database was restored."""
        self._remembered.clear()
