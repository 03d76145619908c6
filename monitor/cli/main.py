"""The `monitor` command: what it is, its subcommands, and one line for everything that fails."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NoReturn

import click

from monitor import __version__
from monitor.cli.demo import demo
from monitor.cli.exit_codes import CommandFailed, ExitCode, exit_code_of
from monitor.cli.load import load
from monitor.cli.migrate import migrate
from monitor.cli.serve import serve, serve_worker
from monitor.cli.settings import settings
from monitor.cli.users import users
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from collections.abc import Sequence

_EPILOG = """\b
First steps:
  monitor demo                 a school with a live sitting, to look at
  monitor serve                the server, on an SQLite file in this directory
  monitor users create --email you@school.example --name You --role ADMIN
  monitor settings             all settings, their defaults and values
  monitor load --self-hosted --students 300
                               how many students this machine bears

\b
Exit codes: 0 done, 1 failed, 2 wrong command line or setting, 3 address taken,
4 database not reachable or not writable, 5 wrong database schema.
"""


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog=_EPILOG)
@click.version_option(__version__, prog_name="monitor")
def root() -> None:
    """Live test monitoring: students take a test in the browser, the teacher watches all of them.

    Settings come from environment variables that start with MONITOR_, or from files of the same
    name in /run/secrets. Without any, Monitor runs in one process on an SQLite file.
    """


for _command in (serve, demo, migrate, users, settings, load, serve_worker):
    root.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit; every failure is one line on stderr, without a traceback."""
    try:
        code = root.main(arguments, prog_name="monitor", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        code = ExitCode.DONE
    except click.UsageError as error:
        _complain(f"{_one_line(error.format_message())} See '{_path(error)} --help'.")
        code = ExitCode.BAD_USAGE
    except click.ClickException as error:
        _complain(_one_line(error.format_message()))
        code = ExitCode.FAILED
    except (click.Abort, KeyboardInterrupt):
        _complain("Stopped.")
        code = 130
    except BrokenPipeError:
        # Whoever read our output has seen enough (`monitor settings | head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = ExitCode.FAILED
    except (CommandFailed, MonitorError) as error:
        _complain(_one_line(str(error)))
        code = exit_code_of(error)
    sys.exit(code if isinstance(code, int) else ExitCode.DONE)


def _complain(sentence: str) -> None:
    click.echo(f"Error: {sentence}", err=True)


def _one_line(sentence: str) -> str:
    return " ".join(sentence.split())


def _path(error: click.UsageError) -> str:
    return error.ctx.command_path if error.ctx is not None else "monitor"
