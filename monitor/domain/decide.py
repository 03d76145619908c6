"""One command applied to one sitting: the whole of it, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from monitor.domain.commands import Command
from monitor.domain.outcome import BulkReply, JoinReply, LateReply, Outcome, Refused
from monitor.domain.rules import Rules
from monitor.domain.sitting import Sitting
from monitor.errors import MonitorError

__all__ = ["BulkReply", "JoinReply", "LateReply", "Outcome", "Refused", "apply", "repeat"]

Handler = Callable[[Sitting, Any, Rules], Outcome]
HANDLERS: dict[type[Command], Handler] = {}


def apply(sitting: Sitting, command: Command, rules: Rules) -> Outcome:
    """Let the command change the sitting, if the rules allow it.

    A named error becomes `Outcome(error=…)` and changes nothing. Any other exception is a bug: it
    passes through, and the sitting is as it was before.
    """
    try:
        outcome = HANDLERS[type(command)](sitting, command, rules)
    except MonitorError as error:
        sitting.drop()
        return Outcome(error=error)
    except BaseException:
        sitting.drop()
        raise
    sitting.keep()
    return outcome


def repeat(sitting: Sitting, command: Command, stored: Any) -> Outcome:
    """What a command answered when it was done, from the `reply` its event stored.

    The sitting must hold what `needs(command)` names.
    """
    raise NotImplementedError
