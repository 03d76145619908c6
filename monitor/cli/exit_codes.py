"""How a command ends: 0, or a number that a script can tell apart, after one line on stderr.

0  done
1  failed, or the answer is no (`migrate --check`)
2  the command line or a setting is wrong
3  the address cannot be listened on
4  the database cannot be reached or written
5  the database's schema is not the one this version needs
6  `monitor load`: everything was true, but the server does not hold so many students
130, 143  stopped by a second Ctrl-C or SIGTERM
"""

from __future__ import annotations

from enum import IntEnum

from monitor.errors import MonitorError, SettingsError


class ExitCode(IntEnum):
    """Every way a command ends."""

    DONE = 0
    FAILED = 1
    BAD_USAGE = 2
    CANNOT_LISTEN = 3
    NO_DATABASE = 4
    WRONG_SCHEMA = 5
    DOES_NOT_HOLD = 6


class CommandFailed(Exception):
    """A command that cannot go on; the sentence says why and what to do."""

    def __init__(self, sentence: str, exit_code: ExitCode = ExitCode.FAILED) -> None:
        """End the command with this sentence and this code."""
        super().__init__(sentence)
        self.exit_code = exit_code


def exit_code_of(error: Exception) -> ExitCode:
    """The code that this error ends a command with."""
    if isinstance(error, CommandFailed):
        return error.exit_code
    if isinstance(error, SettingsError):
        return ExitCode.BAD_USAGE
    if isinstance(error, MonitorError):
        return ExitCode.FAILED
    raise error
