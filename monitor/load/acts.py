"""What a simulated student does to the work, and what everyone must see afterwards. PURE.

Each act changes the marks (the few numbers a dashboard shows of an attempt) in a way that is known
beforehand, so that a dashboard's change tells which acts it shows: the answers go once through all
questions (answered 1, 2, 3, …), then once through all with null (…, 3, 2, 1), and so on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from msgspec import Struct

from monitor.protocol import messages as wire

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.protocol.items import AttemptItem

# Ten minutes at four a minute before the first is answered again.
QUESTIONS = 40
# plain_test's passage has fifty times the same words.
_WORDS = "Something to read. "
_REPEATED = 50

KEPT = "kept"


class Marks(Struct, frozen=True):
    """What a dashboard shows of the work."""

    answered: int = 0
    highlights: int = 0
    hand: bool = False
    submitted: bool = False


def marks_of(item: AttemptItem) -> Marks:
    """The marks that this item of a dashboard shows."""
    return Marks(
        item.answered, item.highlights, item.hand_raised_at is not None, item.status == "SUBMITTED"
    )


class GivenAct(Struct, eq=False):
    """One act that was given to the outbox.

    Attributes:
        operation: What is sent.
        intended_at: When the plan wanted it, on our clock.
        marks: What must be seen when it and all before it are kept.
        measured: Whether its latencies count.
        outcome: `kept`, the error code it was refused with, or None while neither was heard.
    """

    operation: wire.Operation
    intended_at: float
    marks: Marks
    measured: bool
    outcome: str | None = None


def _hand(*, up: bool) -> wire.Operation:
    name = str(uuid4())
    return wire.RaiseHand(0, "May I ask?", name) if up else wire.LowerHand(0, id=name)


class Work:
    """Makes a student's acts, one after the other."""

    def __init__(self, student: int) -> None:
        self._student = student
        self._marks = Marks()
        self._answers = 0

    def next(self, kind: str, now: datetime) -> tuple[wire.Operation, Marks]:
        """The next act of this kind and the marks after it; `now` is the student's clock."""
        operation: wire.Operation
        answered, highlights, hand, submitted = (
            self._marks.answered,
            self._marks.highlights,
            self._marks.hand,
            self._marks.submitted,
        )
        match kind:
            case "answer":
                question, clears = self._answers % QUESTIONS, self._answers // QUESTIONS % 2 == 1
                value = None if clears else value_for(question, self._student, self._answers)
                operation = wire.Answer(0, f"q{question + 1}", value, now)
                self._answers += 1
                answered += -1 if clears else 1
            case "highlight":
                operation = wire.SaveHighlight(0, _highlight(highlights, now))
                highlights += 1
            case "hand":
                operation = _hand(up=not hand)
                hand = not hand
            case _:
                operation = wire.Submit(0, now)
                submitted = True
        self._marks = Marks(answered, highlights, hand, submitted)
        return operation, self._marks


def value_for(question: int, student: int, number: int) -> Any:
    """An answer that fits question `question` (from 0) of `plain_test`; different each time."""
    letters = "abcd"
    match question % 4:
        case 0:
            return letters[(student + number) % 4]
        case 1:
            return sorted({letters[student % 4], letters[(student + number + 1) % 4]})
        case 2:
            return (
                f"What student {student} writes as answer {number}, in a sentence of this length."
            )
        case _:
            return student * 1000 + number


def _highlight(number: int, now: datetime) -> wire.HighlightInput:
    start = number % _REPEATED * len(_WORDS)
    return wire.HighlightInput(
        id=f"h{number + 1}",
        timestamp=now,
        text=_WORDS.strip(),
        passage_id="p1",
        position_start=start,
        position_end=start + len(_WORDS.strip()),
        color_code="#ffee58",
    )
