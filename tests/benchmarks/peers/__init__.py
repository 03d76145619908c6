"""The same job on Monitor, python-socketio, Django Channels and Node's socket.io."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import jwt
import psycopg

from tests.benchmarks.cpu import tamed_collector
from tests.benchmarks.databases import Databases, databases
from tests.benchmarks.monitor_talkers import MonitorDashboard
from tests.benchmarks.outside import NotInstalledError, node_modules, node_version, python
from tests.benchmarks.peers.job import Done, Running, do
from tests.benchmarks.peers.talkers import ChannelsTalker, SocketIoTalker
from tests.benchmarks.report import Findings, Goal, Say, Scale, Table, Value
from tests.benchmarks.schools import sittings, students_of
from tests.benchmarks.side import running
from tests.benchmarks.talkers import Talker
from tests.support import RedisServer
from tests.support.server import SECRET_KEY, run_server

SERVERS = Path(__file__).parent / "servers"
CLASS = 30
STUDENTS = {Scale.TINY: (6,), Scale.SMALL: (90,), Scale.FULL: (510, 2_010)}
TINY_CLASS = 3
_RESTLESS = "Monitor, MONITOR_COMMIT_REST=1"
_LIMIT = (
    "What limits the latency: a hand is shown after its commit, which locks the sitting, counts "
    "its version and writes its array, the attempt and the history. At 510 students that takes "
    "2.0 ms on average, measured by the server itself, and thread, sockets and dashboard another "
    "1.5. Three times faster than python-socketio would be less than that commit. With many acts "
    "Monitor rests between commits, four times as long as they take: that is the rest of the p99 "
    "at 2,010, and what spares CPU at 10,000. The second row of Monitor rests as long as it "
    "commits. What limits the CPU at 510: a fifth of Monitor's is what it does each second without "
    "any heartbeat (6 ms: pulses, the truth check, sweeps), and the rest is cold code, a few "
    "messages at a time."
)
_TABLE = (
    "CREATE TABLE seats (student_id text PRIMARY KEY, session_id text NOT NULL,"
    " connection_status text NOT NULL, last_activity timestamptz NOT NULL,"
    " hand boolean NOT NULL);"
    "CREATE INDEX ix_seats_session_id ON seats (session_id)"
)

Open = Callable[[Databases, RedisServer, int, int], AbstractAsyncContextManager[Running]]


@dataclass(frozen=True)
class Peer:
    """A server that does the job.

    Attributes:
        name: As the table says it.
        behind: How many times Monitor is to be ahead of it; null where it is Monitor.
        open: Runs it for so many sessions of so many students.
    """

    name: str
    behind: float | None
    open: Open


async def run(scale: Scale, say: Say) -> Findings:
    """Measure all that can be run here, one after the other, at each size."""
    peers, notes = _present(scale)
    done: dict[tuple[str, int], Done] = {}
    size = TINY_CLASS if scale is Scale.TINY else CLASS
    redis = RedisServer()
    redis.start()
    try:
        with databases("postgresql", scale) as made, tamed_collector():
            for students in STUDENTS[scale]:
                for peer in peers:
                    try:
                        async with peer.open(made, redis, students // size, size) as server:
                            one = await do(server, [*made.pids, redis.pid], scale)
                    except (RuntimeError, TimeoutError, ExceptionGroup) as error:
                        if peer is peers[0]:
                            raise
                        notes.append(f"{peer.name} did not hold {students:,} students: {error}.")
                        say(notes[-1])
                        continue
                    done[peer.name, students] = one
                    say(
                        f"{students:,} students, {peer.name}: {one.beat.server_us:,.0f} µs a "
                        f"heartbeat, {one.mixed.server_us:,.0f} µs with hands, "
                        f"sight p99 {one.sight.p99_ms} ms, lost {one.lost}"
                    )
    finally:
        redis.close()
    return Findings(
        title="The same job the way others' documentation recommends",
        about=(
            "Authenticated join; a heartbeat every 5 s, kept in a row of PostgreSQL before it is "
            "acked; a hand up or down every 15 s, kept and shown on a dashboard through Redis; one "
            "dashboard a session of thirty. One process each, WebSocket only, no deflate, the same "
            "load from the same generator, whose CPU is not counted. Monitor does more with each: "
            "it checks rules, keeps a history of hands and counts versions; it shows heartbeats "
            "and visible acts of a window together, which the others do not. The others' servers "
            "are in tests/benchmarks/peers/servers. At the end each is killed at work, and every "
            "student's last acked message is looked for in the database."
        ),
        tables=[_table(students, peers, done) for students in STUDENTS[scale]],
        goals=_goals(scale, peers, done),
        notes=[*notes, _LIMIT],
    )


def _present(scale: Scale) -> tuple[list[Peer], list[str]]:
    """Those whose packages are here or can be installed, and who is left out and why."""
    peers, notes = [Peer("Monitor", behind=None, open=_monitor())], []
    if scale is not Scale.TINY:
        peers.append(Peer(_RESTLESS, behind=None, open=_monitor(COMMIT_REST="1")))
    try:
        interpreter = python()
    except NotInstalledError as error:
        notes.append(f"python-socketio and Django Channels are left out: {error}")
    else:
        peers += [
            Peer(
                "python-socketio",
                behind=3.0,
                open=_peer([interpreter, SERVERS / "socketio_app.py"], SocketIoTalker),
            ),
            Peer(
                "Django Channels",
                behind=3.0,
                open=_peer([interpreter, SERVERS / "channels_app.py"], ChannelsTalker),
            ),
        ]
    try:
        modules = node_modules()
    except NotInstalledError as error:
        notes.append(f"Node socket.io is left out: {error}")
    else:
        command: list[str | Path] = ["node", SERVERS / "socketio_server.cjs"]
        peers.append(
            Peer(
                f"Node socket.io ({node_version()})",
                behind=1.0,
                open=_peer(command, SocketIoTalker, NODE_PATH=str(modules)),
            )
        )
    return peers, notes


def _monitor(**settings: str) -> Open:
    @asynccontextmanager
    async def opened(
        made: Databases, redis: RedisServer, sessions: int, size: int
    ) -> AsyncIterator[Running]:
        url = made.make()
        school = await sittings(url, sessions, students=size)

        async def last_activities() -> dict[str, datetime]:
            with _connected(url) as connection:
                rows = connection.execute(
                    "SELECT p->>'student_id', (p->>'last_activity')::timestamptz"
                    " FROM sessions, json_array_elements(participants) AS p"
                ).fetchall()
            return {student_id: at.astimezone(UTC) for student_id, at in rows}

        async with run_server(
            database_url=url, redis_url=redis.url, settings={"LOG_LEVEL": "WARNING", **settings}
        ) as server:
            yield Running(
                url=server.url,
                pid=server.pid,
                kill=server.kill,
                students=students_of(school),
                dashboards=[
                    MonitorDashboard(number, one.session_id, one.teacher_token)
                    for number, one in enumerate(school)
                ],
                last_activities=last_activities,
            )
        made.drop(url)

    return opened


def _peer(command: list[str | Path], talker: type[Talker], **env: str) -> Open:
    @asynccontextmanager
    async def opened(
        made: Databases, redis: RedisServer, sessions: int, size: int
    ) -> AsyncIterator[Running]:
        url = made.make(migrated=False)
        seats = [
            (str(UUID(int=number)), str(UUID(int=number % sessions)))
            for number in range(sessions * size)
        ]
        _make_seats(url, seats)

        async def last_activities() -> dict[str, datetime]:
            with _connected(url) as connection:
                rows = connection.execute("SELECT student_id, last_activity FROM seats").fetchall()
            return {student_id: at.astimezone(UTC) for student_id, at in rows}

        address = url.replace("postgresql+psycopg", "postgresql")
        words: list[str | Path] = [*command, address, redis.url, SECRET_KEY]
        async with running(words, cwd=SERVERS, env=env) as side:
            yield Running(
                url=side.url,
                pid=side.pid,
                kill=side.kill,
                students=[
                    talker(number, session_id, student_id, _token(student_id, session_id))
                    for number, (student_id, session_id) in enumerate(seats)
                ],
                dashboards=[
                    talker(number, session_id, "", _token("teacher", session_id, "dashboard"))
                    for number, session_id in enumerate(sorted({one for _, one in seats}))
                ],
                last_activities=last_activities,
            )
        made.drop(url)

    return opened


def _token(subject: str, session_id: str, role: str = "student") -> str:
    claims = {"sub": subject, "session": session_id, "role": role}
    return jwt.encode(claims, SECRET_KEY, algorithm="HS256")


def _make_seats(url: str, seats: list[tuple[str, str]]) -> None:
    with _connected(url) as connection:
        connection.execute(_TABLE)
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO seats VALUES (%s, %s, 'DISCONNECTED', now(), false)", seats
            )


def _connected(url: str) -> psycopg.Connection[tuple[str, datetime]]:
    return psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True)


def _table(students: int, peers: list[Peer], done: dict[tuple[str, int], Done]) -> Table:
    ours = done["Monitor", students]
    rows: list[list[Value]] = []
    for peer in peers:
        one = done.get((peer.name, students))
        if one is None:
            continue
        rows.append(
            [
                *(peer.name, one.beat.server_us, one.beat.server_us / ours.beat.server_us),
                *(one.beat.services_us, one.beat.whole_us / ours.beat.whole_us),
                *(one.mixed.server_us, one.mixed.services_us),
                *(one.mixed.whole_us / ours.mixed.whole_us, one.per_second),
                *(one.sight.p50_ms, one.sight.p99_ms),
                *(one.ack.p50_ms, one.ack.p99_ms, one.kib_each),
                *(one.not_acked, one.unseen, one.lost),
            ]
        )
    return Table(
        f"{students:,} students in sessions of thirty",
        [
            *("server", "CPU µs a heartbeat", "× Monitor's"),
            *("PostgreSQL and Redis µs", "all of it × Monitor's"),
            *("with hands: CPU µs each", "PostgreSQL and Redis µs each"),
            *("all of it × Monitor's", "acked/s"),
            *("event → dashboard p50 ms", "p99 ms"),
            *("ack p50 ms", "ack p99 ms", "KiB a connection"),
            *("not acked", "not shown", "acked, then lost or overwritten"),
        ],
        rows,
        note=(
            "CPU is that of the server's process for each message it kept and acked: heartbeats "
            "alone, then heartbeats and hands together, which the latencies are of. Monitor lets "
            "heartbeats wait up to 500 ms and hands up to 50 ms for others, which is in its "
            "latencies, and sends a dashboard at most 20 messages a second. "
            "Overwritten: an older write of the same student came after the newer one that was "
            "acked, as it can where handlers run side by side."
        ),
    )


def _goals(scale: Scale, peers: list[Peer], done: dict[tuple[str, int], Done]) -> list[Goal]:
    def told(holds: bool) -> bool | None:
        return None if scale is Scale.TINY else holds

    goals = []
    for peer in peers:
        if peer.behind is None:
            continue
        pairs = [
            (done[peer.name, size], done["Monitor", size])
            for size in STUDENTS[scale]
            if (peer.name, size) in done
        ]
        if not pairs:
            continue
        ratios = [theirs.beat.server_us / max(ours.beat.server_us, 1e-9) for theirs, ours in pairs]
        sights = [(theirs.sight.p99_ms or 0.0, ours.sight.p99_ms or 0.0) for theirs, ours in pairs]
        wanted, words = peer.behind, "ahead of" if peer.behind == 1 else f"≥ {peer.behind:.0f} ×"
        goals += [
            Goal(
                f"{words} {peer.name} in CPU per kept heartbeat",
                ", ".join(f"{ratio:.2f} ×" for ratio in ratios),
                told(min(ratios) >= wanted),
            ),
            Goal(
                f"{words} {peer.name} in event → dashboard p99",
                ", ".join(f"{ours:,.1f} against {theirs:,.1f} ms" for theirs, ours in sights),
                told(all(theirs / ours >= wanted for theirs, ours in sights if ours)),
            ),
        ]
    lost = sum(one.lost for (name, _), one in done.items() if name in ("Monitor", _RESTLESS))
    goals.append(Goal("Monitor loses nothing it acked when killed", f"{lost} lost", lost == 0))
    return goals
