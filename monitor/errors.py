"""Every error a person or a client can cause, by name.

    MonitorError
    ├── InvalidMessage          invalid_message     400
    ├── InvalidRequest          invalid_request     422   (REST bodies and parameters)
    ├── BadSequence             bad_sequence        400
    ├── AlreadyJoined           already_joined      409
    ├── UnknownQuestion         unknown_question    422
    ├── UnknownPassage          unknown_passage     422
    ├── UnknownMessage          unknown_message     422
    ├── UnknownStudent          unknown_student     422
    ├── InvalidValue            invalid_value       422
    ├── TooLarge                too_large           413
    ├── NotStarted              not_started         409
    ├── NotOpen                 not_open            409   (closes 4003)
    ├── AttemptClosed           attempt_closed      409
    ├── SessionOver             session_over        409   (closes 4503)
    ├── StaleSubmit             stale_submit        409
    ├── Replaced                replaced            409   (closes 4505)
    ├── InvalidTransition       invalid_transition  409
    ├── DeadlineTooNear         deadline_too_near   409
    ├── NothingLost             nothing_lost        409   (one student's part of a bulk answer)
    ├── Conflict                conflict            409
    ├── InUse                   in_use              409
    ├── BadToken                bad_token           401   (closes 4500)
    ├── TokenExpired            token_expired       401   (closes 4005)
    ├── BadCredentials          bad_credentials     401
    ├── Forbidden               forbidden           403   (closes 4507)
    ├── NotFound                not_found           404   (closes 4507)
    ├── TooManyRequests         too_many_requests   429
    ├── TooManyWatches          too_many_watches    409
    ├── Unavailable             unavailable         503   temporary
    ├── Internal                internal            500
    └── SettingsError           bad_setting         (command line: one line, exit code 2)

A subclass carries values; `str()` makes the sentence that a person reads. `code` is what clients
act on, `status` the HTTP status, `temporary` whether the same request may pass later.
"""

from __future__ import annotations

from typing import ClassVar


class MonitorError(Exception):
    """Base of every named error; raising it from a rule changes nothing."""

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    temporary: ClassVar[bool] = False
    sentence: ClassVar[str] = "Something went wrong on our side. Try again."

    def __init__(self, message: str | None = None) -> None:
        """Use `message` instead of the class's own sentence where it can say more."""
        super().__init__(message if message is not None else self.sentence)
        self.message = str(self.args[0])


class InvalidMessage(MonitorError):
    """A frame that is not one of the wire's messages."""

    code, status = "invalid_message", 400
    sentence = "The message is not one the wire defines."


class InvalidRequest(MonitorError):
    """A request whose body or parameters do not fit; `field` names the first that does not."""

    code, status = "invalid_request", 422
    sentence = "The request does not fit what this address takes."

    def __init__(self, message: str | None = None, field: str | None = None) -> None:
        """Say what is wrong and, where one field is to blame, which."""
        super().__init__(message)
        self.field = field


class BadSequence(MonitorError):
    """A `seq` that did not rise."""

    code, status = "bad_sequence", 400
    sentence = "seq must rise with every message of a connection."


class AlreadyJoined(MonitorError):
    """A second `join` on one connection."""

    code, status = "already_joined", 409
    sentence = "This connection has joined already."


class UnknownQuestion(MonitorError):
    """A question id the test does not have."""

    code, status = "unknown_question", 422
    sentence = "The test has no such question."


class UnknownPassage(MonitorError):
    """A passage id the test does not have."""

    code, status = "unknown_passage", 422
    sentence = "The test has no such passage."


class UnknownMessage(MonitorError):
    """A message id that was not sent to this student."""

    code, status = "unknown_message", 422
    sentence = "No such message was sent to this student."


class UnknownStudent(MonitorError):
    """A student id that is not of this sitting."""

    code, status = "unknown_student", 422
    sentence = "This student is not on the sitting's list."


class InvalidValue(MonitorError):
    """An answer that does not fit its question."""

    code, status = "invalid_value", 422
    sentence = "The value does not fit the question's type."


class TooLarge(MonitorError):
    """More than a limit allows."""

    code, status = "too_large", 413
    sentence = "This is larger than the limit allows."


class NotStarted(MonitorError):
    """Work given before the sitting has started."""

    code, status = "not_started", 409
    sentence = "The sitting has not started yet."


class NotOpen(MonitorError):
    """A join before the waiting room is open."""

    code, status, temporary = "not_open", 409, True
    sentence = "The sitting is not open yet. Come back in a moment."


class AttemptClosed(MonitorError):
    """A change to an attempt that is submitted."""

    code, status = "attempt_closed", 409
    sentence = "The attempt has been submitted and takes no more changes."


class SessionOver(MonitorError):
    """A join to a sitting that is completed or cancelled."""

    code, status = "session_over", 409
    sentence = "The sitting is over."


class StaleSubmit(MonitorError):
    """A hand-in given before the attempt was reopened."""

    code, status = "stale_submit", 409
    sentence = "This hand-in was given before the attempt was reopened. Hand in again."


class Replaced(MonitorError):
    """A connection whose place another has taken."""

    code, status = "replaced", 409
    sentence = "The test was continued in another window or on another device."


class InvalidTransition(MonitorError):
    """A step the sitting's or attempt's state does not allow."""

    code, status = "invalid_transition", 409
    sentence = "This step is not possible in the present state."


class DeadlineTooNear(MonitorError):
    """A change of time that would leave less than a minute."""

    code, status = "deadline_too_near", 409
    sentence = "This would leave less than 60 seconds. Give more time."


class NothingLost(MonitorError):
    """A student who has no lost time to be given back."""

    code, status = "nothing_lost", 409
    sentence = "This student has lost no time that was not given back already."


class Conflict(MonitorError):
    """Something with the same unique value exists."""

    code, status = "conflict", 409
    sentence = "This exists already."


class InUse(MonitorError):
    """Something that others still refer to cannot change or go."""

    code, status = "in_use", 409
    sentence = "This is in use and cannot be changed."


class BadToken(MonitorError):
    """A token that is missing, malformed, forged or revoked."""

    code, status = "bad_token", 401
    sentence = "Sign in again: the token is not valid."


class TokenExpired(MonitorError):
    """A token past its time."""

    code, status = "token_expired", 401
    sentence = "Sign in again: the token has expired."


class BadCredentials(MonitorError):
    """A sign-in that does not match; which part is never said."""

    code, status = "bad_credentials", 401
    sentence = "The e-mail address and password (or the link) do not match an account."


class Forbidden(MonitorError):
    """A thing this role may not do."""

    code, status = "forbidden", 403
    sentence = "Your role does not allow this."


class NotFound(MonitorError):
    """Not there, or not yours: both look the same."""

    code, status = "not_found", 404
    sentence = "There is nothing here, or it is not yours."


class TooManyRequests(MonitorError):
    """More tries than a limit allows; `retry_after_seconds` says when to come back."""

    code, status, temporary = "too_many_requests", 429, True
    sentence = "Too many tries. Wait a moment and try again."

    def __init__(self, message: str | None = None, retry_after_seconds: int = 60) -> None:
        """Say when to come back."""
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class TooManyWatches(MonitorError):
    """More sittings watched on one connection than the limit."""

    code, status = "too_many_watches", 409
    sentence = "This connection watches as many sittings as it may. Unwatch one first."


class Unavailable(MonitorError):
    """The server cannot do this now and says so rather than pretend."""

    code, status, temporary = "unavailable", 503, True
    sentence = "The server cannot do this right now. Try again in a moment."


class Internal(MonitorError):
    """A fault of ours; the log has the details under the command's id."""

    code, status = "internal", 500


class SettingsError(MonitorError):
    """A setting or command line that cannot work; the sentence says what to do."""

    code, status = "bad_setting", 500
    sentence = "A setting is wrong."
