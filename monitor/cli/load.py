"""`monitor load`: simulated students and dashboards, and an honest answer to "will it hold?"."""

from __future__ import annotations

import asyncio
import contextlib
import re
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.exit_codes import CommandFailed, ExitCode
from monitor.cli.preflight import FILES_OF_OUR_OWN, raise_open_files

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    from monitor.load.plan import LoadPlan
    from monitor.load.report import LoadReport

# Nobody asks about more in one process; the generator is the limit before.
MOST_STUDENTS = 20_000
LONGEST_SECONDS = 8 * 3600

_CHURN = re.compile(r"^(?P<percent>\d+(\.\d+)?)\s*%\s*(/\s*min)?$")


class Churn(click.ParamType[float]):
    """`2%/min`: the share of students whose connection is cut each minute."""

    name = "percent/min"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The share, 0.02 for 2 %."""
        if isinstance(value, float):
            return value
        found = _CHURN.match(str(value))
        if found is None or float(found["percent"]) > 100:
            self.fail(f"{value!r} is no share a minute such as 2%/min, at most 100%/min.")
        return float(found["percent"]) / 100


@click.command()
@click.option("--url", help="The server, such as https://monitor.school.example.")
@click.option("--self-hosted", is_flag=True, help="Start a private server for this run instead.")
@click.option("--admin-email", help="An ADMIN of that server, who makes what the run needs.")
@click.option(
    "--admin-password",
    envvar="MONITOR_LOAD_PASSWORD",
    show_envvar=True,
    help="Seen by others in the process list; see --admin-password-stdin.",
)
@click.option("--admin-password-stdin", is_flag=True, help="Read it from standard input.")
@click.option(
    *("--students", "students"),
    type=click.IntRange(1, MOST_STUDENTS),
    default=30,
    show_default=True,
    help="How many students.",
)
@click.option(
    "--class-size",
    type=click.IntRange(1, 1000),
    default=30,
    show_default=True,
    help="Students in one sitting.",
)
@click.option(
    "--dashboards-per-session",
    type=click.IntRange(0, 500),
    default=1,
    show_default=True,
    help="Dashboards that watch each sitting.",
)
@click.option(
    "--heartbeat",
    type=click.FloatRange(0.1, 60),
    default=5.0,
    show_default=True,
    help="Seconds between two heartbeats of a student.",
)
@click.option(
    "--answers-per-minute",
    type=click.FloatRange(0, 600),
    default=4.0,
    show_default=True,
    help="Answers of a student; a highlight and a hand come with every eight.",
)
@click.option(
    "--duration",
    type=click.FloatRange(1, LONGEST_SECONDS),
    default=60.0,
    show_default=True,
    help="Seconds that are measured, after the ramp.",
)
@click.option(
    "--ramp",
    type=click.FloatRange(0.1, 3600),
    help="Seconds in which all students join. [100 students a second, 1 s at least]",
)
@click.option(
    "--churn",
    type=Churn(),
    default=0.0,
    help="Share of connections that is cut each minute, such as 2%/min. [none]",
)
@click.option("--seed", type=int, help="The same number plans the same run. [a new one]")
@click.option(
    *("--json", "json_path"),
    type=click.Path(dir_okay=False, path_type=Path),
    help="File for the report as JSON, too.",
)
@click.option(
    "--verify/--no-verify",
    default=True,
    show_default=True,
    help="Look up afterwards everything that was acked and shown.",
)
def load(
    *,
    url: str | None,
    self_hosted: bool,
    admin_email: str | None,
    admin_password: str | None,
    admin_password_stdin: bool,
    students: int,
    class_size: int,
    dashboards_per_session: int,
    heartbeat: float,
    answers_per_minute: float,
    duration: float,
    ramp: float | None,
    churn: float,
    seed: int | None,
    json_path: Path | None,
    verify: bool,
) -> None:
    """Let simulated students take a test on a server and report how it bears them.

    It makes its own students, classes and sittings, and closes them afterwards. Latencies count
    from the moment the plan wanted something, so a server that stands still is not spared. It ends
    by itself; Ctrl-C ends it early and cleans up. Exit code 1: something that was acked is not in
    the database, or a dashboard showed what is not true; the report says which. Exit code 6: all of
    it was true, but the server does not hold so many; the verdict says why.
    """
    from monitor.load.plan import LoadPlan  # slow to import
    from monitor.load.run import a_seed

    if self_hosted == (url is not None):
        raise click.UsageError("Give --url or --self-hosted.")
    plan = LoadPlan(
        students=students,
        class_size=class_size,
        dashboards_per_session=dashboards_per_session,
        heartbeat_seconds=heartbeat,
        answers_per_minute=answers_per_minute,
        duration_seconds=duration,
        ramp_seconds=max(students / 100, 1.0) if ramp is None else ramp,
        churn_per_minute=churn,
        seed=a_seed() if seed is None else seed,
    )
    _check_open_files(plan)
    if json_path is not None:
        _check_writable(json_path)
    if url is None:
        report = _in_loop(_self_hosted(plan, verify=verify))
    else:
        password = _password(admin_password, stdin=admin_password_stdin)
        if admin_email is None or password is None:
            raise click.UsageError(
                "A server needs --admin-email and --admin-password-stdin (or --admin-password)."
            )
        report = _in_loop(_against(url, admin_email, password, plan, verify=verify))
    _tell(report, json_path)


async def _self_hosted(plan: LoadPlan, *, verify: bool) -> LoadReport:
    from msgspec.structs import replace

    from monitor.cli.private_server import ADMIN, private_server  # the whole server

    async with private_server(plan.heartbeat_seconds) as (url, password):
        report = await _against(url, ADMIN, password, plan, verify=verify)
    return replace(report, left="The private server and its data are gone.")


async def _against(
    url: str, email: str, password: str, plan: LoadPlan, *, verify: bool
) -> LoadReport:
    import httpx

    from monitor.load.rest import RefusedError, RestClient
    from monitor.load.run import LoadRun

    task = asyncio.current_task()
    if task is not None:
        # As Ctrl-C does: what was made is taken away again.
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        async with RestClient(url) as admin:
            await admin.login(email, password)
            if admin.user is None or admin.user["role"] != "ADMIN":
                raise CommandFailed(f"{email} is no ADMIN: teachers for the dashboards need one.")
            with _progress() as tell:
                return await LoadRun(admin, plan, verify=verify, tell=tell).run()
    except RefusedError as error:
        raise CommandFailed(f"{url} refused: {error}") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        reason = str(error) or type(error).__name__
        raise CommandFailed(f"{url} cannot be reached: {reason}.") from error
    except TimeoutError as error:
        raise CommandFailed(f"{url} does not show the dashboards their sittings.") from error


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """A live line on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("Preparing") as status:
        yield status.update


def _tell(report: LoadReport, json_path: Path | None) -> None:
    import msgspec

    from monitor.load.report import text_of

    click.echo(text_of(report), nl=False)
    if json_path is not None:
        whole = {**msgspec.to_builtins(report), "verdict": msgspec.to_builtins(report.verdict)}
        json_path.write_bytes(msgspec.json.format(msgspec.json.encode(whole), indent=2))
    if not report.is_true:
        number = report.verified.differences_found if report.verified else 0
        raise CommandFailed(
            f"What was acked or shown is not what the database holds: {number:,} differences, "
            "listed above."
        )
    if report.verdict.holds is False:
        raise CommandFailed(
            f"Nothing was lost, but it does not hold {report.plan.students:,} students, see above.",
            ExitCode.DOES_NOT_HOLD,
        )


def _password(given: str | None, *, stdin: bool) -> str | None:
    if stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return given


def _check_open_files(plan: LoadPlan) -> None:
    needed = plan.students + plan.dashboards + FILES_OF_OUR_OWN
    allowed = raise_open_files()
    if allowed < needed:
        raise CommandFailed(
            f"{plan.students:,} students and {plan.dashboards:,} dashboards need {needed:,} open "
            f"files, {allowed:,} are allowed: ulimit -n {needed}",
            ExitCode.BAD_USAGE,
        )


def _check_writable(path: Path) -> None:
    try:
        path.open("ab").close()
    except OSError as error:
        raise click.BadParameter(f"{path}: {error.strerror}.", param_hint="'--json'") from error


def _in_loop(main: Coroutine[Any, Any, LoadReport]) -> LoadReport:
    """Run on uvloop where there is one: the generator then bears half as many again."""
    try:
        import uvloop  # not on every platform
    except ImportError:
        run = asyncio.run
    else:
        run = uvloop.run
    try:
        return run(main)
    except asyncio.CancelledError:
        raise click.Abort from None
