"""Whatever happens in a sitting, its events alone tell the page's lanes who was what, and when."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import msgspec

from monitor.domain import commands as c
from monitor.domain.attempt import AttemptStatus
from monitor.domain.event import EventType
from monitor.domain.presence import ShownStatus, shown_status
from monitor.domain.rules import Rules
from monitor.protocol.forms import event_item
from monitor.protocol.timestamps import rfc3339
from tests.domain.desk import STUDENTS, Desk, a_session
from tests.support.lanes import lanes_of

SITTINGS, STEPS = 60, 90
# Every second and a half is a heartbeat missed somewhere; an hour of work is longer than any.
WAITS = (0.001, 0.5, 1.5, 3, 4, 6, 11, 16, 40)
# A grace closes an attempt in the past: then it was open, now it was not.
RULES = Rules(deadline_grace_seconds=0)


class Play:
    """One sitting of random acts; what a dashboard showed whenever time went on."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        minutes = self.dice.choice([None, 10, 60])
        duration = None if minutes is None else minutes * 60
        self.desk = Desk(a_session(duration_seconds=duration), RULES)
        self.desk.do(c.OpenSession)
        self.lines = 0
        self.moments: list[str] = []
        self.shown: list[dict[str, tuple[Any, ...]]] = []
        for step in range(STEPS):
            if step == STEPS // 8:
                self.desk.do(c.StartSession)
            self._act()
            if self.dice.random() < 0.8:
                self._time_passes()
        self.desk.run(self.desk.command(self.dice.choice([c.CompleteSession, c.CancelSession])))
        self._time_passes()

    def history(self) -> dict[str, Any]:
        """What the lanes are given; events in the order in which the API gives them."""
        events = sorted(self.desk.events, key=lambda event: (event.version, event.at, event.id))
        return {
            "events": [msgspec.to_builtins(event_item(event)) for event in events],
            "moments": self.moments,
            "students": list(STUDENTS),
            "heartbeatSeconds": self.desk.rules.heartbeat_seconds,
        }

    def _time_passes(self) -> None:
        self.desk.do(c.Sweep)  # what was due by now is done by now
        self.moments.append(rfc3339(self.desk.now))
        self.shown.append({id_: self._state(id_) for id_ in STUDENTS})
        self.desk.wait(self.dice.choice(WAITS))

    def _state(self, id_: str) -> tuple[Any, ...]:
        desk = self.desk
        participant, attempt = desk.participants.get(id_), desk.attempts.get(id_)
        status = shown_status(participant, attempt, desk.session, desk.now, desk.rules)
        hand = attempt is not None and attempt.hand_raised_at is not None
        away = attempt is not None and not attempt.visible
        return status.value, hand and status is not ShownStatus.SUBMITTED, away

    def _act(self) -> None:
        who, dice = self.dice.choice(STUDENTS), self.dice
        participant = self.desk.participants.get(who)
        attempt = self.desk.attempts.get(who)
        if participant is None or dice.random() < 0.12:
            self._join(who)
        elif attempt is not None and attempt.status is AttemptStatus.SUBMITTED:
            self._staff(who, c.Reopen if dice.random() < 0.5 else None)
        elif dice.random() < 0.15:
            self._staff(who)
        else:
            self._student(who, participant.connection_id)

    def _join(self, who: str) -> None:
        participant = self.desk.participants.get(who)
        self.lines += 1
        former = None if participant is None else participant.connection_id
        if self.dice.random() < 0.7 and former is not None:
            self._run(c.Join, student_id=who, connection_id="new", former_connection_id=former)
        else:
            self._run(c.Join, student_id=who, connection_id=f"line-{self.lines}.1")

    def _student(self, who: str, connection_id: str | None) -> None:
        answer = {"question_id": "q1", "value": self.dice.choice("abc")}
        acts: list[tuple[int, type[c.Command], dict[str, Any]]] = [
            (10, c.Heartbeat, {}),
            (5, c.GiveAnswer, answer),
            (4, c.SetVisibility, {"is_visible": self.dice.random() < 0.5}),
            (3, c.RaiseHand, {}),
            (2, c.LowerHand, {}),
            (2, c.Disconnect, {}),
            (2, c.Leave, {}),
            (2, c.Submit, {}),
        ]
        [(_, kind, fields)] = self.dice.choices(acts, [weight for weight, _, _ in acts])
        self._run(kind, student_id=who, connection_id=connection_id, **fields)

    def _staff(self, who: str, kind: type[c.Command] | None = None) -> None:
        some = self.dice.choice([None, (who,), (who, self.dice.choice(STUDENTS))])
        acts: list[tuple[type[c.Command], dict[str, Any]]] = [
            (c.PauseSession, {}),
            (c.ResumeSession, {}),
            (c.ResumeSession, {}),
            (c.ForceSubmit, {"student_ids": some}),
            (c.LowerHands, {"student_ids": some}),
            (c.Extend, {"student_ids": some, "minutes": 5}),
        ]
        fields: dict[str, Any] = {"student_ids": some}
        if kind is None:
            kind, fields = self.dice.choice(acts)
        self._run(kind, **fields)

    def _run(self, kind: type[c.Command], **fields: Any) -> None:
        self.desk.run(self.desk.command(kind, **fields))


def test_lanes_show_at_every_moment_what_a_dashboard_showed_then() -> None:
    """But for silence that ended by itself and a quick look away: no event tells of them."""
    plays = [Play(seed) for seed in range(SITTINGS)]
    seen: Counter[EventType] = Counter()
    for play, told in zip(plays, lanes_of([play.history() for play in plays]), strict=True):
        seen.update(event.type for event in play.desk.events)
        for moment, shown, lanes in zip(play.moments, play.shown, told, strict=True):
            for id_, (status, hand, away) in shown.items():
                lane = lanes[id_]
                assert (lane["status"], lane["hand"]) in {
                    (status, hand),
                    *((other, hand) for other in ("online", "waiting") if status == "unstable"),
                }, (moment, id_, play.history()["events"])
                assert away or not lane["away"], (moment, id_, play.history()["events"])
    # The sittings were lively enough to tell.
    lively = [kind for kind in EventType if kind in STATUS_CHANGES and seen[kind] < SITTINGS // 2]
    assert not lively, seen


STATUS_CHANGES = {
    *(EventType.OPENED, EventType.STARTED, EventType.PAUSED, EventType.RESUMED),
    *(EventType.JOINED, EventType.RECONNECTED, EventType.TAKEN_OVER, EventType.LEFT),
    *(EventType.DISCONNECTED, EventType.HIDDEN, EventType.VISIBLE, EventType.SUBMITTED),
    *(EventType.REOPENED, EventType.HAND_RAISED, EventType.HAND_LOWERED, EventType.HANDS_LOWERED),
}
