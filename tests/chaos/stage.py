"""Everything that faults can strike: real processes, the links between them, and the crowd."""

from __future__ import annotations

import tempfile
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from monitor.load.rest import RestClient
from tests.chaos.crowd import Crowd
from tests.chaos.disk import SmallDisk
from tests.chaos.patient import Patient
from tests.chaos.places import make_places
from tests.support import (
    MonitorServer,
    PostgresServer,
    RedisServer,
    TcpProxy,
    eventually,
    run_monitor,
    run_server,
    sqlite_url,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

TEACHER = "teacher@school.example"
PASSWORD = "chalk-and-board"
INSIDE = Path(__file__).parent / "inside"


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much there is of everything."""

    sittings: int = 3
    students: int = 8
    heartbeat_seconds: float = 2.0
    lease_heartbeats: int = 3
    acts_per_second: float = 0.7

    @property
    def lease_seconds(self) -> float:
        """How long a sign of life holds."""
        return self.heartbeat_seconds * self.lease_heartbeats


class Stage:
    """What a run happens to.

    Attributes:
        arrangement: `postgres` (two workers, with Redis) or `sqlite` (the embedded default).
        workers: How many processes serve.
        inside: Where those write down what they hold.
        flood_from: The seq at which the next flood begins.
        database_url: Of the database itself, past the link.
        started_by: What starts a program that can see the database.
    """

    def __init__(self, arrangement: str, size: Size) -> None:
        self.arrangement = arrangement
        self.size = size
        self.workers = 2 if arrangement == "postgres" else 1
        self.inside = Path(tempfile.mkdtemp(prefix="monitor-inside-"))
        self.flood_from = 1
        self.database_url = ""
        self.started_by: Sequence[str] = ()
        self.server: MonitorServer
        self.links: TcpProxy
        self.detour: TcpProxy
        self.crowd: Crowd
        # Only in one of the arrangements:
        self.postgres: PostgresServer
        self.redis: RedisServer
        self.database_link: TcpProxy
        self.disk: SmallDisk

    def process_ids(self) -> list[int]:
        """The processes that serve."""
        return self.server.worker_pids() if self.workers > 1 else [self.server.pid]

    async def answers(self, timeout: float) -> None:
        """Wait until somebody serves.

        Raises:
            AssertionError: Nobody does in time.
        """
        async with httpx.AsyncClient(base_url=self.server.url, trust_env=False) as client:

            async def is_ready() -> bool:
                answer = await client.get("/readyz", headers={"Connection": "close"}, timeout=2)
                return answer.is_success

            await eventually(is_ready, timeout)


@asynccontextmanager
async def open_stage(arrangement: str, size: Size, seed: int) -> AsyncIterator[Stage]:
    """A stage with everyone in it and at work; everything is ended with the block."""
    stage = Stage(arrangement, size)
    async with AsyncExitStack() as stack:
        if arrangement == "postgres":
            _postgres(stage, stack)
        else:
            _sqlite(stage, stack)
        stage.server = await stack.enter_async_context(
            run_server(
                database_url=_url_of_server(stage),
                redis_url=stage.redis.url if stage.workers > 1 else None,
                workers=stage.workers,
                settings={
                    "HEARTBEAT_SECONDS": str(size.heartbeat_seconds),
                    "LEASE_HEARTBEATS": str(size.lease_heartbeats),
                    "DISCONNECT_GRACE_SECONDS": str(size.heartbeat_seconds / 2),
                    "ROOM_LINGER_SECONDS": "2",
                    "INSIDE_DIR": str(stage.inside),
                },
                started_by=stage.started_by,
                inside=[INSIDE],
            )
        )
        stage.links = stack.enter_context(TcpProxy("127.0.0.1", stage.server.port))
        stage.detour = stack.enter_context(TcpProxy("127.0.0.1", stage.server.port))
        await _crowd(stage, stack, seed)
        yield stage


def _postgres(stage: Stage, stack: AsyncExitStack) -> None:
    stage.postgres, stage.redis = PostgresServer(), RedisServer()
    stack.callback(stage.postgres.close)
    stack.callback(stage.redis.close)
    stage.postgres.start()
    stage.redis.start()
    stage.database_url = stage.postgres.create_database()
    stage.database_link = stack.enter_context(TcpProxy("127.0.0.1", stage.postgres.port))


def _sqlite(stage: Stage, stack: AsyncExitStack) -> None:
    stage.disk = SmallDisk(lambda: stage.server.pid)
    stack.callback(stage.disk.close)
    stage.started_by = stage.disk.started_by
    # The server makes and migrates it.
    stage.database_url = sqlite_url(stage.disk.path / "monitor.db")


def _url_of_server(stage: Stage) -> str:
    if stage.workers > 1:
        return stage.database_link.url_for(stage.database_url)
    return stage.database_url


async def _crowd(stage: Stage, stack: AsyncExitStack, seed: int) -> None:
    made = await run_monitor(
        *("users", "create", "--email", TEACHER, "--name", "Ms Teacher"),
        *("--role", "TEACHER", "--password", PASSWORD),
        settings={"DATABASE_URL": _url_of_server(stage)},
        started_by=stage.started_by,
    )
    assert made.returncode == 0, made.stderr
    async with RestClient(stage.server.url) as client:
        token = await client.login(TEACHER, PASSWORD)
        places = await make_places(client, stage.size.sittings, stage.size.students)
    teacher = Patient(stage.server.url, token)
    stack.push_async_callback(teacher.close)
    stage.crowd = Crowd(
        places,
        teacher,
        (_at(stage.server.port), _at(stage.links.port), _at(stage.detour.port)),
        heartbeat_seconds=stage.size.heartbeat_seconds,
        acts_per_second=stage.size.acts_per_second,
        seed=seed,
    )
    await stage.crowd.come()
    stack.push_async_callback(stage.crowd.go)


def _at(port: int) -> str:
    return f"http://127.0.0.1:{port}"
