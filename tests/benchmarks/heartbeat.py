"""What a heartbeat costs the complete server, held against a bare echo of the same frames."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from operator import itemgetter

from monitor.load.meters import LatencySummary
from tests.benchmarks.cpu import CpuMeter, parted, tamed_collector
from tests.benchmarks.crowd import Counts, Crowd
from tests.benchmarks.databases import Databases, databases
from tests.benchmarks.monitor_talkers import MonitorDashboard
from tests.benchmarks.report import Findings, Goal, Say, Scale, Table, Value
from tests.benchmarks.schools import sittings, students_of
from tests.benchmarks.side import running
from tests.benchmarks.talkers import Talker
from tests.support.server import MonitorServer, run_server

ECHO = [sys.executable, "-m", "tests.benchmarks.echo_server"]
CLASS = 30
SATURATED = {Scale.TINY: 1, Scale.SMALL: 34, Scale.FULL: 167}  # sittings of thirty
PACED = {Scale.TINY: 1, Scale.SMALL: 67, Scale.FULL: 334}
SATURATED_SECONDS = {Scale.TINY: 0.3, Scale.SMALL: 4.0, Scale.FULL: 8.0}
PACED_SECONDS = {Scale.TINY: 1.0, Scale.SMALL: 10.0, Scale.FULL: 20.0}
TURNS = {Scale.TINY: 1, Scale.SMALL: 1, Scale.FULL: 5}
WARM_UP_SECONDS = {Scale.TINY: 0.1, Scale.SMALL: 1.0, Scale.FULL: 2.0}
HEARTBEAT_SECONDS = {Scale.TINY: 0.5, Scale.SMALL: 5.0, Scale.FULL: 5.0}
# Four acts a minute.
EVENT_SECONDS = {Scale.TINY: 1.0, Scale.SMALL: 15.0, Scale.FULL: 15.0}


@dataclass(frozen=True)
class Measured:
    """What a server did under a load."""

    acked: int
    per_second: float
    cpu_seconds: float
    latency: LatencySummary

    @property
    def per_cpu_second(self) -> float:
        """How many a second of CPU acks."""
        return self.acked / max(self.cpu_seconds, 1e-9)

    @property
    def cpu_each(self) -> float:
        """CPU microseconds of an acked message."""
        return self.cpu_seconds / max(self.acked, 1) * 1e6


class EchoStudent(Talker):
    """Sends Monitor's frames and takes each as its own ack when it comes back."""

    returned = 0

    def opened(self) -> None:
        """An echo lets anyone in."""
        self.let_in()

    def beat(self) -> None:
        """The same frame that Monitor is sent."""
        self.sent += 1
        self.say(b'{"type":"heartbeat","seq":%d}' % self.sent)

    def event(self) -> None:
        """The same as a raised hand."""
        self.sent += 1
        self.say(b'{"type":"raise_hand","seq":%d,"text":"%d"}' % (self.sent, self.sent))

    def heard(self, data: bytes) -> None:
        """Frames come back in order."""
        self.returned += 1
        if self.ears is not None:
            self.ears.acked(self, self.returned)


async def run(scale: Scale, say: Say) -> Findings:
    """Measure echo and Monitor at saturation, then both at the real pace."""
    with databases("sqlite", scale) as made, tamed_collector():
        crowd = SATURATED[scale] * CLASS
        say(f"Echo and Monitor at saturation, {crowd:,} students")
        turns = []
        for _ in range(TURNS[scale]):
            echo = await _echo_saturated(scale)
            ours = await _monitor_saturated(made, scale)
            turns.append((ours.per_cpu_second / echo.per_cpu_second, echo, ours))
            say(f"echo {echo.cpu_each:,.1f} µs, Monitor {ours.cpu_each:,.1f} µs each")
        say(f"At the real pace, {PACED[scale] * CLASS:,} students")
        echo_paced = await _echo_paced(scale)
        alone, watched = await _monitor_paced(made, scale)
    turns.sort(key=itemgetter(0))
    ratio, echo, ours = turns[len(turns) // 2]
    least, most = turns[0][0], turns[-1][0]
    return Findings(
        title="Server CPU of a heartbeat that is acked after its commit",
        about=(
            "The complete server (`monitor serve`, SQLite with `synchronous=FULL`, one process) "
            "against a bare Starlette+uvicorn echo of the same frames: uvloop, no deflate and the "
            "same collector settings on both sides; a server has one core, the generator another. "
            "At saturation every student sends the next heartbeat at the ack of the last one, "
            "with a window of 50 ms for heartbeats. At the real pace each beats every 5 s and "
            "raises or lowers the hand every 15 s, windows as by default; then once more with one "
            "dashboard watching each sitting."
        ),
        tables=[
            Table(
                f"At saturation, {crowd:,} students",
                [
                    *("server", "acked/s", "CPU µs each", "acked per CPU s"),
                    *("against the echo", "ack p50 ms", "ack p99 ms"),
                ],
                [
                    _row("echo", echo, 1.0),
                    _row("Monitor", ours, ratio),
                ],
                note=(
                    f"The turn in the middle of {len(turns)}, in which Monitor followed the echo; "
                    f"{least:.2f} to {most:.2f} in all of them."
                ),
            ),
            Table(
                f"At the real pace, {PACED[scale] * CLASS:,} students",
                [
                    *("server", "acked/s", "CPU µs each", "share of a core"),
                    *("against the echo", "ack p50 ms", "ack p99 ms"),
                ],
                [
                    _paced_row("echo", echo_paced, echo_paced),
                    _paced_row("Monitor", alone, echo_paced),
                    _paced_row("Monitor, a dashboard each", watched, echo_paced),
                ],
                note="A heartbeat waits up to 500 ms for others, so its ack does too.",
            ),
        ],
        goals=[
            *(
                Goal(
                    f"at saturation ≥ {wanted} of the echo's rate per CPU second, {words}",
                    f"{ratio:.2f}, {least:.2f} to {most:.2f} in {len(turns)} turns",
                    None if scale is Scale.TINY else ratio >= wanted,
                )
                for wanted, words in ((0.7, "as a first step"), (1.0, "with cheap acks"))
            ),
            Goal(
                "≤ 200 µs per acked command at the real pace with 10,000 students",
                f"{alone.cpu_each:,.0f} µs, with a dashboard on each sitting "
                f"{watched.cpu_each:,.0f} µs",
                watched.cpu_each <= 200 if scale is Scale.FULL else None,
            ),
        ],
        notes=[
            "The echo is Starlette on uvicorn as they come. Monitor runs on uvicorn's WebSocket "
            "protocol with a subclass of its own (monitor/sockets/protocol.py).",
            "Where Monitor's CPU goes at saturation (py-spy): a third is the write of the ack and "
            "uvloop with its read, which the echo pays too; a fifth is the recorder's thread, half "
            "of it SQL and commit; the rest is Python that reads the frame, hands it in, settles "
            "and answers, in the time that Starlette and uvicorn take to pass a frame on.",
        ],
    )


async def _echo_saturated(scale: Scale) -> Measured:
    students = [EchoStudent(n, "", str(n), "") for n in range(SATURATED[scale] * CLASS)]
    async with running(ECHO) as side, Crowd() as crowd:
        await crowd.come(students, side.url)
        with parted(side.pid):
            return await _saturate(crowd, students, side.pid, scale)


async def _echo_paced(scale: Scale) -> Measured:
    students = [EchoStudent(n, "", str(n), "") for n in range(PACED[scale] * CLASS)]
    async with running(ECHO) as side, Crowd() as crowd:
        await crowd.come(students, side.url)
        with parted(side.pid):
            return await _pace(crowd, students, side.pid, scale)


async def _monitor_saturated(made: Databases, scale: Scale) -> Measured:
    url = made.make()
    school = await sittings(url, SATURATED[scale], students=CLASS)
    async with _server(url, HEARTBEAT_WINDOW_MS="50") as server, Crowd() as crowd:
        students = students_of(school)
        await crowd.come(students, server.url)
        with parted(server.pid):
            return await _saturate(crowd, students, server.pid, scale)


async def _monitor_paced(made: Databases, scale: Scale) -> tuple[Measured, Measured]:
    url = made.make()
    school = await sittings(url, PACED[scale], students=CLASS)
    async with _server(url) as server, Crowd() as crowd:
        students = students_of(school)
        dashboards = [
            MonitorDashboard(number, one.session_id, one.teacher_token)
            for number, one in enumerate(school)
        ]
        await crowd.come(students, server.url)
        with parted(server.pid):
            alone = await _pace(crowd, students, server.pid, scale)
            await crowd.come(dashboards, server.url)
            return alone, await _pace(crowd, students, server.pid, scale)


# Ten thousand have to come before the first of them beats.
def _server(url: str, **settings: str) -> AbstractAsyncContextManager[MonitorServer]:
    return run_server(
        database_url=url, settings={"LOG_LEVEL": "WARNING", "LEASE_HEARTBEATS": "120", **settings}
    )


async def _saturate(crowd: Crowd, students: Sequence[Talker], pid: int, scale: Scale) -> Measured:
    await crowd.as_fast_as_acked(students, WARM_UP_SECONDS[scale])
    crowd.counts = Counts()
    cpu = CpuMeter(pid)
    took = await crowd.as_fast_as_acked(students, SATURATED_SECONDS[scale])
    return await _measured(crowd, cpu, took)


async def _pace(crowd: Crowd, students: Sequence[Talker], pid: int, scale: Scale) -> Measured:
    await crowd.at_pace(
        students, seconds=WARM_UP_SECONDS[scale], beat_every=HEARTBEAT_SECONDS[scale]
    )
    crowd.counts = Counts()
    cpu = CpuMeter(pid)
    took = await crowd.at_pace(
        students,
        seconds=PACED_SECONDS[scale],
        beat_every=HEARTBEAT_SECONDS[scale],
        event_every=EVENT_SECONDS[scale],
    )
    return await _measured(crowd, cpu, took)


async def _measured(crowd: Crowd, cpu: CpuMeter, took: float) -> Measured:
    spent = cpu.seconds()
    if crowd.lost_connections or crowd.unanswered:
        raise RuntimeError(
            f"{len(crowd.lost_connections)} connections were lost "
            f"({crowd.lost_connections[:1]}), {crowd.unanswered} messages not acked"
        )
    acked = crowd.counts.acked
    return Measured(acked, acked / took, spent, crowd.counts.ack.summary())


def _row(name: str, one: Measured, ratio: float) -> list[Value]:
    return [
        *(name, one.per_second, one.cpu_each, one.per_cpu_second),
        *(ratio, one.latency.p50_ms, one.latency.p99_ms),
    ]


def _paced_row(name: str, one: Measured, echo: Measured) -> list[Value]:
    return [
        *(name, one.per_second, one.cpu_each, one.cpu_seconds / (one.acked / one.per_second)),
        *(one.cpu_each / max(echo.cpu_each, 1e-9), one.latency.p50_ms, one.latency.p99_ms),
    ]
