"""A server of its own and everyone who comes to it, in phases that a benchmark measures between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext, suppress
from time import monotonic

from monitor.cli import accounts
from monitor.cli.preflight import FILES_OF_OUR_OWN, raise_open_files
from monitor.config import load_settings
from monitor.domain.user import Role
from monitor.load.load_school import LoadSchool
from monitor.load.looking_up import LookUp
from monitor.load.meters import Meters
from monitor.load.plan import LoadPlan
from monitor.load.players import Players
from monitor.load.rest import RestClient
from monitor.load.server_clock import ServerClock
from monitor.load.timeline import Timeline
from monitor.load.verified import Verified
from tests.benchmarks.cpu import parted
from tests.benchmarks.report import Say
from tests.support.server import SECRET_KEY, MonitorServer, run_server
from tests.support.waiting import eventually

ADMIN = ("bench@monitor.invalid", "bench mark of the load")
BREATH_SECONDS = 0.5
SETTLE_SECONDS = 30.0
LEASE_SECONDS = 15.0  # as the server has it by default


@asynccontextmanager
async def server_with_admin(
    database_url: str, *, redis_url: str | None = None, workers: int | None = None
) -> AsyncIterator[tuple[MonitorServer, RestClient]]:
    """A running server, each of its processes on one core, and its admin, signed in."""
    email, password = ADMIN
    async with run_server(
        database_url=database_url,
        redis_url=redis_url,
        workers=workers,
        settings={"LOG_LEVEL": "WARNING"},
    ) as server:
        account = [(email, "Bench", Role.ADMIN, password)]
        settings = load_settings(database_url=database_url, secret_key=SECRET_KEY)
        await asyncio.to_thread(accounts.ensure, settings, account)
        with parted(server.pid) if workers is None else nullcontext():
            async with RestClient(server.url) as admin:
                await admin.login(email, password)
                yield server, admin


def most_students(class_size: int) -> int:
    """How many this process may connect to a server, with a dashboard a class each."""
    free = raise_open_files() - FILES_OF_OUR_OWN - 50
    return free * class_size // (class_size + 1)


class World:
    """The school of a plan on a server, its dashboards open, nobody in it yet.

    Attributes:
        players: Students and dashboards.
        meters: What they measure.
    """

    def __init__(self, admin: RestClient, plan: LoadPlan, school: LoadSchool) -> None:
        self.meters = Meters()
        self.plan = plan
        self._admin = admin
        self._clock = ServerClock()
        self._school = school
        self._timeline = Timeline(self.meters.lateness)
        self._doing: asyncio.Task[None] | None = None
        self.players = self._new_players()

    @classmethod
    @asynccontextmanager
    async def made(cls, admin: RestClient, plan: LoadPlan, say: Say) -> AsyncIterator[World]:
        """One, gone with its block."""
        school = LoadSchool(admin, plan, lambda _: None)
        say(f"making a school of {plan.students:,}")
        await school.make()
        world = cls(admin, plan, school)
        try:
            await world.players.open_dashboards()
            yield world
        finally:
            await world.leave()
            await world.players.close_dashboards()

    async def come(self) -> None:
        """Everyone joins within the plan's ramp, and beats and acts from then on."""
        start = monotonic() + BREATH_SECONDS
        self.players.schedule(self._timeline, start)
        self._doing = asyncio.create_task(self._timeline.run(monotonic() + 86_400), name="doing")
        await asyncio.sleep(BREATH_SECONDS + self.plan.ramp_seconds)
        # Some may have been cut off since, where the plan has churn.
        students = self.players.students
        await eventually(lambda: all(one.record.joins for one in students), SETTLE_SECONDS)

    @property
    def connected(self) -> int:
        """How many students are in."""
        return sum(student.record.is_connected for student in self.players.students)

    async def leave(self) -> None:
        """Everyone goes, without a word."""
        if self._doing is not None:
            self._doing.cancel()
            with suppress(asyncio.CancelledError):
                await self._doing
            self._doing = None
        self.players.stop()

    async def come_anew(self) -> None:
        """After a leave: the same students in other browsers."""
        await self.players.close_dashboards()
        self._timeline = Timeline(self.meters.lateness)
        self.players = self._new_players()
        await self.players.open_dashboards()
        await self.come()

    async def verified(self) -> Verified:
        """Everything that was acked and shown, looked up; everyone has left afterwards."""
        look_up = LookUp(
            self._admin, self.players.sittings, self._clock, lease_seconds=LEASE_SECONDS
        )
        await eventually(
            lambda: all(one.is_settled for one in self.players.students), SETTLE_SECONDS
        )
        await look_up.while_connected()
        if self._doing is not None:
            self._doing.cancel()
        self.players.leave()
        await look_up.after_all_left()
        return look_up.verified

    def _new_players(self) -> Players:
        return Players(self._admin.url, self.plan, self._school.sittings, self.meters, self._clock)
