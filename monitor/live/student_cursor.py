"""A student's socket is a cursor over the room's view, narrowed to what is the student's own."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.domain.session import SessionStatus
from monitor.live.room import Room
from monitor.live.student_form import messages_for, session_for
from monitor.protocol.items import StudentMessageItem, StudentSessionItem
from monitor.protocol.messages import MessageSent, SessionChanged


@dataclass(frozen=True, slots=True)
class SendTest:
    """The session has started: send the test (`await room.test()`)."""


@dataclass(frozen=True, slots=True)
class LoadAttempt:
    """Somebody else changed the attempt at `version`: read it in full and send it."""

    version: int


@dataclass(frozen=True, slots=True)
class Replaced:
    """Another connection has taken the student's place."""


@dataclass(frozen=True, slots=True)
class SittingOver:
    """The sitting is completed, cancelled or gone; what came before is its last state."""


@dataclass(frozen=True, slots=True)
class Rejoin:
    """The database was restored: what this connection joined may never have been."""


StudentNews = (
    SessionChanged | MessageSent | SendTest | LoadAttempt | Replaced | SittingOver | Rejoin
)

_OVER = frozenset({SessionStatus.COMPLETED, SessionStatus.CANCELLED})


class StudentCursor:
    """What one connection of a student has been sent; it begins with what `joined` carries.

    `version`, `epoch`, `session`, `messages` are for `joined`, all of one moment of the view.
    """

    def __init__(
        self,
        room: Room,
        *,
        student_id: str,
        attempt_id: str,
        connection_id: str,
        joined_version: int,
    ) -> None:
        """Begin at the room's present version.

        Args:
            room: An open room, which should have reached `joined_version` (`room.reached`).
            student_id: Whose socket this is.
            attempt_id: The attempt that `joined` carries.
            connection_id: The connection's own fence.
            joined_version: The version that committed the join; `joined`'s attempt is of it.
        """
        view = room.view
        self._room = room
        self._student_id = student_id
        self._attempt_id = attempt_id
        self._connection_id = connection_id
        self._joined_version = joined_version
        self._attempt_version = joined_version
        self._over = False
        self.version = view.version
        self.epoch = view.epoch
        self.session: StudentSessionItem = session_for(view, student_id)
        self.messages: list[StudentMessageItem] = messages_for(view, student_id)
        self.has_test = view.session.started_at is not None
        self._sent = {message.id for message in self.messages}

    def next(self) -> list[StudentNews]:
        """Everything newer, in the order to send it, taken as sent; empty if there is nothing.

        After `Replaced`, `SittingOver` or `Rejoin`, always last, nothing comes any more.
        """
        if self._over:
            return []
        end = self._end_without_news()
        if end is not None:
            self._over = True
            return [end]
        news = self._newer()
        self.version = self._room.version
        if self._room.view.session.status in _OVER:
            self._over = True
            news.append(SittingOver())
        return news

    def _end_without_news(self) -> StudentNews | None:
        view = self._room.view
        if self._room.gone:
            return SittingOver()
        if view.epoch != self.epoch:
            return Rejoin()
        participant = view.participants.get(self._student_id)
        if (
            participant is not None
            and view.version >= self._joined_version
            and participant.connection_id not in (None, self._connection_id)
        ):
            return Replaced()
        return None

    def _newer(self) -> list[StudentNews]:
        view = self._room.view
        news: list[StudentNews] = []
        if not self.has_test and view.session.started_at is not None:
            self.has_test = True
            news.append(SendTest())
        if view.session_version > self.version:
            news.append(SessionChanged(session_for(view, self._student_id)))
        attempt = view.attempts.get(self._attempt_id)
        if attempt is not None and attempt.student_version > self._attempt_version:
            self._attempt_version = attempt.student_version
            news.append(LoadAttempt(attempt.student_version))
        for message in messages_for(view, self._student_id, newer_than=self.version):
            if message.id not in self._sent:
                self._sent.add(message.id)
                news.append(MessageSent(id=message.id, text=message.text, sent_at=message.sent_at))
        return news
