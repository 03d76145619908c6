"""`monitor users`: accounts, and with them the first administrator."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from monitor.cli import preflight
from monitor.config import load_settings
from monitor.domain.user import Role
from monitor.logs import configure_logs

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.config import Settings

# Short ones are guessed; a passphrase is easy to remember.
PASSWORD_CHARACTERS = 8

_password_options = (
    click.option("--password", help="Seen by others in the process list; see --password-stdin."),
    click.option("--password-stdin", is_flag=True, help="Read the password from standard input."),
)


def _with_password_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_password_options):
        command = option(command)
    return command


@click.group()
def users() -> None:
    """Make and list accounts, and set passwords.

    They live in the database named by MONITOR_DATABASE_URL. The server may be running.
    """


@users.command()
@click.option("--email", required=True, help="What they sign in with.")
@click.option("--name", required=True, help="What others see.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role], case_sensitive=False),
    default=Role.TEACHER.value,
    show_default=True,
    help="ADMIN sees and does everything, TEACHER their own classes and sittings.",
)
@_with_password_options
def create(*, email: str, name: str, role: str, password: str | None, password_stdin: bool) -> None:
    """Make an account, such as the first administrator's.

    Without --password and --password-stdin it asks for the password.
    """
    from monitor.cli import accounts  # slow to import

    address, shown = _email(email), name.strip()
    if not shown:
        raise click.BadParameter("give a name.", param_hint="'--name'")
    word = _password(password, stdin=password_stdin)
    user = accounts.create(_ready(), address, shown, Role(role.upper()), word)
    click.echo(f"{user.role.value} {user.name} <{user.email}> can sign in now.")


@users.command("list")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role], case_sensitive=False),
    help="Only these.",
)
def list_users(*, role: str | None) -> None:
    """List all accounts: role, e-mail address, name, id; separated by tabs."""
    from monitor.cli import accounts  # slow to import

    for user in accounts.everyone(_ready(), Role(role.upper()) if role else None):
        click.echo("\t".join((user.role.value, user.email or "-", user.name, user.id)))


@users.command("set-password")
@click.option("--email", required=True, help="Whose password.")
@_with_password_options
def set_password(*, email: str, password: str | None, password_stdin: bool) -> None:
    """Give an account a new password; wherever it is signed in, it is signed out.

    Without --password and --password-stdin it asks for the password.
    """
    from monitor.cli import accounts  # slow to import

    address = _email(email)
    word = _password(password, stdin=password_stdin)
    accounts.set_password(_ready(), address, word)
    click.echo(f"The new password of {address} holds from now on.")


def _email(given: str) -> str:
    address = given.strip().lower()
    name, _, host = address.rpartition("@")
    if not name or not host or any(letter.isspace() for letter in address):
        raise click.BadParameter(f"{given!r} is no e-mail address.", param_hint="'--email'")
    return address


def _password(given: str | None, *, stdin: bool) -> str:
    """The password, from wherever it comes.

    Raises:
        click.UsageError: There is none, two, or one too short.
    """
    if given is not None and stdin:
        raise click.UsageError("Give --password or --password-stdin, not both.")
    if stdin:
        given = sys.stdin.readline().rstrip("\r\n")
    elif given is None:
        if not sys.stdin.isatty():
            raise click.UsageError("There is nobody to ask: give --password-stdin.")
        given = str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    if len(given) < PASSWORD_CHARACTERS:
        raise click.UsageError(f"A password has {PASSWORD_CHARACTERS} characters or more.")
    return given


def _ready() -> Settings:
    """The settings, when the database they name is there and up to date."""
    settings = load_settings()
    configure_logs(settings.log_level, settings.log_format)
    preflight.prepare_database(settings)
    return settings
