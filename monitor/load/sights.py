"""One dashboard's frames held against what the students did: when was what first seen? PURE.

An act is seen when the attempt shows the marks after it (or after a later one), a join when the
participant has another connection than before, a heartbeat when `last_activity` is no earlier than
the moment it was sent. So nothing that was in the air before is taken for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.load.acts import QUESTIONS, marks_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from monitor.load.meters import Meters
    from monitor.load.server_clock import ServerClock
    from monitor.load.student_record import StudentRecord
    from monitor.protocol.items import AttemptItem, ParticipantItem

# Marks come again after two passes through the questions: nobody looks further ahead.
LOOK_AHEAD = QUESTIONS


class _Seen:
    """How far one dashboard has seen one student."""

    __slots__ = ("acts", "beat", "join")

    def __init__(self) -> None:
        self.acts = 0
        self.beat = 0
        self.join = 0


class Sights:
    """What one dashboard has seen of the students of its sitting.

    Args:
        records: The students by id.
        meters: Where latencies go.
        clock: The server's.
    """

    def __init__(
        self, records: Mapping[str, StudentRecord], meters: Meters, clock: ServerClock
    ) -> None:
        self._records = records
        self._meters = meters
        self._clock = clock
        self._seen = {student_id: _Seen() for student_id in records}

    def look(
        self,
        participants: Iterable[ParticipantItem],
        attempts: Iterable[AttemptItem],
        now: float,
    ) -> None:
        """Take what a snapshot or change shows, at a moment of our clock."""
        for participant in participants:
            record = self._records.get(participant.student_id)
            if record is not None:
                self._participant(participant, record, self._seen[record.student_id], now)
        for attempt in attempts:
            record = self._records.get(attempt.student_id)
            if record is not None and record.is_followed:
                self._attempt(attempt, record, self._seen[record.student_id], now)

    def unseen(self) -> int:
        """How many acts were kept and never seen here."""
        return sum(
            sum(act.outcome == "kept" for act in record.acts[self._seen[student_id].acts :])
            for student_id, record in self._records.items()
            if record.is_followed
        )

    def _participant(
        self, item: ParticipantItem, record: StudentRecord, seen: _Seen, now: float
    ) -> None:
        joining = record.joining
        if (
            joining is not None
            and joining.number > seen.join
            and item.connection_id not in {None, joining.former}
        ):
            seen.join = joining.number
            if joining.measured:
                self._meters.join_sights.record(now - joining.intended_at)
        for beat in record.beats:
            if beat.number <= seen.beat:
                continue
            if not self._clock.may_cover(item.last_activity, beat.sent_at):
                break
            seen.beat = beat.number
            if beat.measured:
                self._meters.beat_sights.record(now - beat.intended_at)

    def _attempt(self, item: AttemptItem, record: StudentRecord, seen: _Seen, now: float) -> None:
        marks = marks_of(item)
        last = min(len(record.acts), seen.acts + LOOK_AHEAD)
        for number in range(seen.acts, last):
            if record.acts[number].marks == marks:
                for act in record.acts[seen.acts : number + 1]:
                    if act.measured:
                        self._meters.act_sights.record(now - act.intended_at)
                seen.acts = number + 1
                return
