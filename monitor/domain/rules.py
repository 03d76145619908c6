"""The numbers that the rules of a sitting depend on, as one frozen value."""

from __future__ import annotations

from msgspec import Struct


class Rules(Struct, frozen=True, kw_only=True):
    """Settings of the domain; defaults are the design's.

    Fields that `Settings` has under the same name are taken from there by `Rules.of`.
    """

    heartbeat_seconds: float = 5.0
    lease_seconds: float = 15.0
    deadline_grace_seconds: float = 10.0  # what was on its way still counts
    highlights_per_attempt: int = 500
    answers_bytes_per_attempt: int = 1024 * 1024
    text_characters: int = 20_000  # of a text answer
    highlight_characters: int = 2_000  # text and comment
    message_characters: int = 2_000  # of a message, a hand's text, a reason, a note
    saved_event_seconds: float = 30.0  # one `saved` event a question and so long
    visibility_event_seconds: float = 5.0  # one hidden/visible pair in so long
    least_left_seconds: int = 60  # a change of time leaves at least this
    most_time_seconds: int = 7 * 24 * 3600  # of a duration, an extension, extra time: a week
    late_answers_per_attempt: int = 500  # waiting for the teacher; an outbox is smaller
    kept_events_per_attempt: int = 1_000  # whose ids an attempt remembers

    @classmethod
    def of(cls, settings: object) -> Rules:
        """The rules that follow from settings, by the names of their fields."""
        named = {
            name: getattr(settings, name)
            for name in cls.__struct_fields__
            if hasattr(settings, name)
        }
        return cls(**named)

    @property
    def unstable_seconds(self) -> float:
        """Silence after which a student is unstable, and time without a sign counts as lost."""
        return 2 * self.heartbeat_seconds
