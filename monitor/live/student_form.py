"""What one student sees of a session's view. Pure."""

from __future__ import annotations

from monitor.live.view import View
from monitor.protocol.forms import student_message_item, student_session_item
from monitor.protocol.items import MessageItem, StudentMessageItem, StudentSessionItem


def session_for(view: View, student_id: str) -> StudentSessionItem:
    """The session in the student's form, with the student's own end."""
    return student_session_item(view.session, student_id)


def messages_for(view: View, student_id: str, newer_than: int = -1) -> list[StudentMessageItem]:
    """The messages sent to the student, oldest first.

    Args:
        view: The session.
        student_id: Whose messages.
        newer_than: Leave out what neither came nor got a receipt since this version.
    """
    messages = [
        message for message in view.messages_newer_than(newer_than) if is_for(message, student_id)
    ]
    messages.sort(key=lambda message: (message.sent_at, message.id))
    return [student_message_item(message, student_id) for message in messages]


def is_for(message: MessageItem, student_id: str) -> bool:
    """Whether the student is addressed."""
    return message.student_ids is None or student_id in message.student_ids
