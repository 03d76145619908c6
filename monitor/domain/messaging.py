"""Messages from the teacher with their receipts, and hands.

A message's id is its command's. It goes to everyone, who joins later too, or to some of the list.
Receipts are kept once: the first time counts, and who has read has received. A student may raise a
hand from the join to the end of the sitting, also after handing in.
"""

from __future__ import annotations

from msgspec.structs import replace

from monitor.domain.acts import check_text, for_each, only, record_act, require_text
from monitor.domain.attempt import Attempt
from monitor.domain.commands import (
    LowerHand,
    LowerHands,
    MarkRead,
    MarkReceived,
    RaiseHand,
    SendMessage,
    StudentCommand,
)
from monitor.domain.event import EventType
from monitor.domain.message import Message
from monitor.domain.outcome import Outcome
from monitor.domain.presence import renew
from monitor.domain.rules import Rules
from monitor.domain.session_transitions import require_not_over
from monitor.domain.sitting import Sitting
from monitor.errors import NotFound, SessionOver, UnknownMessage


def send_message(sitting: Sitting, command: SendMessage, rules: Rules) -> Outcome:
    """Send a message; the reply tells to whom."""
    require_not_over(sitting.session, "be sent messages")
    text = require_text(command.text, rules.message_characters, "text")
    everyone = command.student_ids is None
    student_ids = command.student_ids if command.student_ids is not None else sitting.student_ids
    reply = for_each(sitting, student_ids, lambda _student_id: None)
    if not reply.done and not everyone:
        return Outcome(reply=reply)
    sitting.put_message(
        Message(
            id=command.id,
            session_id=command.session_id,
            text=text,
            student_ids=None if everyone else tuple(reply.done),
            sent_by=command.actor_id,
            sent_at=command.received_at,
        )
    )
    record_act(
        sitting,
        command,
        EventType.MESSAGE,
        rules,
        data={"text": text, "student_ids": None if everyone else reply.done},
        student_id=None if everyone else only(reply.done),
        reply=reply,
    )
    return Outcome(reply=reply)


def mark_received(sitting: Sitting, command: MarkReceived, rules: Rules) -> Outcome:
    """A message has arrived."""
    _mark(sitting, command, rules, is_read=False)
    return Outcome()


def mark_read(sitting: Sitting, command: MarkRead, rules: Rules) -> Outcome:
    """A message was read."""
    _mark(sitting, command, rules, is_read=True)
    return Outcome()


def _mark(
    sitting: Sitting, command: MarkReceived | MarkRead, rules: Rules, *, is_read: bool
) -> None:
    renew(sitting, command, rules)
    message = sitting.messages.get(command.message_id)
    student_id, at = command.student_id, command.received_at
    if message is None or not message.is_for(student_id):
        raise UnknownMessage
    marked = message
    if student_id not in marked.delivered:
        marked = replace(marked, delivered={**marked.delivered, student_id: at})
    if is_read and student_id not in marked.read:
        marked = replace(marked, read={**marked.read, student_id: at})
    if marked is not message:
        sitting.put_message(marked)


def raise_hand(sitting: Sitting, command: RaiseHand, rules: Rules) -> Outcome:
    """Ask for the teacher; asked again, only the words change."""
    attempt = _of_open_sitting(sitting, command, rules)
    text = check_text((command.text or "").strip(), rules.message_characters, "text") or None
    if attempt.hand_raised_at is not None and attempt.hand_text == text:
        return Outcome()
    raised_at = attempt.hand_raised_at or command.received_at
    sitting.put_attempt(replace(attempt, hand_raised_at=raised_at, hand_text=text))
    sitting.record(
        command,
        EventType.HAND_RAISED,
        main=True,
        student_id=command.student_id,
        data={} if text is None else {"text": text},
    )
    return Outcome()


def lower_hand(sitting: Sitting, command: LowerHand, rules: Rules) -> Outcome:
    """Ask no longer."""
    attempt = _of_open_sitting(sitting, command, rules)
    if attempt.hand_raised_at is not None:
        sitting.put_attempt(replace(attempt, hand_raised_at=None, hand_text=None))
        sitting.record(command, EventType.HAND_LOWERED, main=True, student_id=command.student_id)
    return Outcome()


def lower_hands(sitting: Sitting, command: LowerHands, rules: Rules) -> Outcome:
    """The teacher has seen hands."""
    lowered: list[str] = []

    def lower(student_id: str) -> None:
        attempt = sitting.attempt_of(student_id)
        if attempt is not None and attempt.hand_raised_at is not None:
            changed = replace(attempt, hand_raised_at=None, hand_text=None)
            sitting.put_attempt(changed, tell=True)
            lowered.append(student_id)

    student_ids = command.student_ids
    reply = for_each(sitting, sitting.participants if student_ids is None else student_ids, lower)
    if student_ids is None:
        reply = replace(reply, done=lowered)
    reply = replace(reply, unchanged=[id_ for id_ in reply.done if id_ not in lowered])
    if lowered:
        record_act(
            sitting,
            command,
            EventType.HANDS_LOWERED,
            rules,
            data={"student_ids": lowered},
            student_id=only(lowered),
            reply=reply,
        )
    return Outcome(reply=reply)


def _of_open_sitting(sitting: Sitting, command: StudentCommand, rules: Rules) -> Attempt:
    renew(sitting, command, rules)
    if sitting.session.is_over:
        raise SessionOver
    attempt = sitting.attempt_of(command.student_id)
    if attempt is None:
        raise NotFound
    return attempt
