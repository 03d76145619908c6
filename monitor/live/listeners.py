"""Who is called when a room's view has moved."""

from __future__ import annotations

from collections.abc import Callable, Set

import structlog

log = structlog.get_logger(__name__)

Listener = Callable[[], None]


class Listeners:
    """Dashboards, called at every move; students' sockets, called when a move concerns them.

    A listener that raises is logged and keeps nobody from being called.
    """

    def __init__(self) -> None:
        self._all: list[Listener] = []
        self._of_students: dict[str, list[Listener]] = {}

    def add(self, listener: Listener) -> None:
        """Call it at every move."""
        self._all.append(listener)

    def remove(self, listener: Listener) -> None:
        """Call it no more."""
        self._all = [other for other in self._all if other != listener]

    def add_student(self, student_id: str, listener: Listener) -> None:
        """Call it at moves that concern the student."""
        self._of_students.setdefault(student_id, []).append(listener)

    def remove_student(self, student_id: str, listener: Listener) -> None:
        """Call it no more."""
        left = [other for other in self._of_students.get(student_id, ()) if other != listener]
        if left:
            self._of_students[student_id] = left
        else:
            self._of_students.pop(student_id, None)

    def moved(self, students: Set[str] | None) -> None:
        """Call all dashboards and these students' sockets (None: everyone's)."""
        for listener in self._all:
            _call(listener)
        if students is None:
            students = set(self._of_students)
        for student_id in students:
            for listener in self._of_students.get(student_id, ()):
                _call(listener)


def _call(listener: Listener) -> None:
    try:
        listener()
    except Exception:
        log.exception("a listener of a room raised")
