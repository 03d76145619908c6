"""Whatever is dropped, doubled, reordered, loaded or resumed: nobody is ever shown what never was.

A machine of two processes' rooms over one model database. After every step each room equals a state
that was, and each dashboard has received a history that adds up to the state at its version; when
the faults end, everyone reaches the present.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Any

from hypothesis import settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from monitor.config import Settings
from monitor.errors import Unavailable
from monitor.live.cursor import DashboardCursor
from monitor.live.room import Room
from monitor.live.rooms import Rooms
from monitor.protocol.publication import Publication
from monitor.pubsub.memory_broker import MemoryBroker
from tests.live.model import DOINGS, ModelSession, ModelSource
from tests.live.reading import shown
from tests.live.reducer import Reducer
from tests.live.virtual_time import VirtualClock, VirtualTimeLoop, pass_seconds, settle

EVENTS = 3
PROCESSES = 2


@dataclass
class Process:
    """One process: what reads the database, and its rooms."""

    source: ModelSource
    rooms: Rooms
    room: Room


@dataclass
class Dashboard:
    """One dashboard, its cursor and what it remembers."""

    process: Process
    cursor: DashboardCursor
    reducer: Reducer


class Histories(RuleBasedStateMachine):
    """Commits, faults of their publications, loads, resumes and restores, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = VirtualTimeLoop()
        self.model = ModelSession(events_limit=EVENTS)
        self.in_flight: list[Publication] = []
        self.dashboards: list[Dashboard] = []
        self.processes: list[Process] = []

    def run(self, work: Any) -> Any:
        """Run something in the machine's virtual time."""
        return self.loop.run_until_complete(work)

    def deliver_to(self, process: Process, publication: Publication) -> None:
        """Let a room hear it, now."""

        async def hear() -> None:
            process.room.published(publication)

        self.run(hear())

    @initialize()
    def open(self) -> None:
        """Both processes open the room."""

        async def opened() -> Process:
            source = ModelSource(self.model)
            rooms = Rooms(
                None,
                MemoryBroker(),
                VirtualClock(),
                Settings(
                    publication_wait_ms=250,
                    publication_wait_count=4,
                    room_linger_seconds=1,
                    events_per_change=EVENTS,
                    retry_max_seconds=0.2,
                ),
                source=source,
            )
            return Process(source, rooms, await rooms.open("sitting"))

        self.processes = [self.run(opened()) for _ in range(PROCESSES)]

    @rule(
        doings=st.lists(st.sampled_from([*DOINGS, "start"]), max_size=4),
        student=st.integers(0, 2),
        arrives=st.booleans(),
    )
    def commit(self, doings: list[str], student: int, arrives: bool) -> None:
        """Something is committed; its publication arrives now, or later, or never."""
        publication = self.model.commit(*doings, student=student)
        self.in_flight.append(publication)
        if arrives:
            for process in self.processes:
                self.deliver_to(process, publication)

    @precondition(lambda self: self.in_flight)
    @rule(data=st.data(), process=st.integers(0, PROCESSES - 1), keep=st.booleans())
    def deliver(self, data: st.DataObject, process: int, keep: bool) -> None:
        """Any publication on its way arrives somewhere, perhaps not for the last time."""
        which = data.draw(st.integers(0, len(self.in_flight) - 1))
        publication = self.in_flight[which] if keep else self.in_flight.pop(which)
        self.deliver_to(self.processes[process], publication)

    @rule(process=st.integers(0, PROCESSES - 1))
    def deliver_a_bare_version(self, process: int) -> None:
        """A version that failed to be published is put out again."""
        bare = Publication(session_id="sitting", version=self.model.version)
        self.deliver_to(self.processes[process], bare)
        self.run(settle())

    @rule(process=st.integers(0, PROCESSES - 1))
    def gap(self, process: int) -> None:
        """The broker's link was made anew."""

        async def tell() -> None:
            self.processes[process].room.gap()
            await settle()

        self.run(tell())

    @rule(
        process=st.integers(0, PROCESSES - 1),
        before=st.lists(st.sampled_from(DOINGS), max_size=3),
        heard=st.integers(0, 3),
        meanwhile=st.lists(st.tuples(st.sampled_from(DOINGS), st.booleans()), max_size=3),
    )
    def load_while_things_happen(
        self, process: int, before: list[str], heard: int, meanwhile: list[tuple[str, bool]]
    ) -> None:
        """Between what a load has read and its arrival, some of that is heard of, and more."""
        source = self.processes[process].source
        source.hold()
        for doing in before:
            self.commit([doing], student=0, arrives=False)
        self.gap(process)
        late = self.in_flight[len(self.in_flight) - len(before) :]
        for publication in late[:heard]:
            self.deliver_to(self.processes[process], publication)
        for doing, arrives in meanwhile:
            self.commit([doing], student=1, arrives=arrives)
        source.free()
        self.run(settle())

    @rule(process=st.integers(0, PROCESSES - 1), slow=st.booleans())
    def slow_database(self, process: int, slow: bool) -> None:
        """Answers of the database wait, or come again."""
        source = self.processes[process].source
        source.hold() if slow else source.free()
        self.run(settle())

    @rule(process=st.integers(0, PROCESSES - 1), away=st.booleans())
    def database_away(self, process: int, away: bool) -> None:
        """The database goes, or comes back."""
        self.processes[process].source.away = away

    @rule(seconds=st.sampled_from([0.0, 0.1, 0.3]))
    def time_passes(self, seconds: float) -> None:
        """Loads end, waits run out."""
        self.run(pass_seconds(seconds))

    @rule(process=st.integers(0, PROCESSES - 1))
    def check(self, process: int) -> None:
        """The truth check comes by."""
        self.run(self._check(self.processes[process]))

    @precondition(lambda self: not any(process.source.away for process in self.processes))
    @rule(back=st.integers(1, 3))
    def restore(self, back: int) -> None:
        """A backup is put in place while everything stood still; then each process looks again."""
        held = min(process.room.version for process in self.processes)
        if held - back < 0 or any(
            process.room.epoch != self.model.epoch for process in self.processes
        ):
            return
        self.in_flight.clear()  # whatever was on its way in the old times has arrived or is lost
        for process in self.processes:
            process.source.free()
        self.run(pass_seconds(1))
        self.model.restore(held - back)
        for process in self.processes:
            self.run(self._check(process))
        self.run(pass_seconds(1))
        assert all(process.room.epoch == self.model.epoch for process in self.processes)

    @rule(
        process=st.integers(0, PROCESSES - 1),
        version=st.none() | st.integers(0, 40),
        right_epoch=st.booleans(),
    )
    def watch(self, process: int, version: int | None, right_epoch: bool) -> None:
        """A dashboard comes, with nothing, or with any version that it may have from elsewhere."""
        epoch = self.model.epoch if right_epoch else "another"
        reducer = Reducer()
        known = None if version is None else self.model.history.get((epoch, version))
        if known is None and right_epoch and version is not None and version < self.model.version:
            return  # nobody has a version from before this epoch
        if version is not None and known is not None:
            reducer.has(version, epoch, known)
        self._watch(self.processes[process], reducer, version, epoch)

    @precondition(lambda self: self.dashboards)
    @rule(data=st.data(), process=st.integers(0, PROCESSES - 1))
    def reconnect(self, data: st.DataObject, process: int) -> None:
        """A dashboard comes back to another process with what it has."""
        which = data.draw(st.integers(0, len(self.dashboards) - 1))
        reducer = self.dashboards.pop(which).reducer
        if reducer.version is not None:
            self._watch(self.processes[process], reducer, reducer.version, reducer.epoch)

    @precondition(lambda self: self.dashboards)
    @rule(data=st.data())
    def read(self, data: st.DataObject) -> None:
        """A dashboard takes what there is for it."""
        self._take(self.dashboards[data.draw(st.integers(0, len(self.dashboards) - 1))])

    @rule(process=st.integers(0, PROCESSES - 1))
    def reopen(self, process: int) -> None:
        """Everybody leaves a process, its room closes, and somebody opens another."""
        it = self.processes[process]
        it.source.away = False
        it.source.free()
        self.dashboards = [one for one in self.dashboards if one.process is not it]

        async def leave() -> None:
            it.rooms.leave(it.room)
            await pass_seconds(2)

        self.run(leave())
        it.room = self.run(it.rooms.open("sitting"))

    @invariant()
    def every_room_shows_a_state_that_was(self) -> None:
        """The view at its version is the database's state at that version."""
        for process in self.processes:
            room = process.room
            assert shown(room.view) == self.model.history[room.epoch, room.version]

    def teardown(self) -> None:
        """The faults end: within three seconds everyone has the present."""
        try:
            for process in self.processes:
                process.source.away = False
                process.source.free()
                self.run(process.rooms.start())
            self.run(pass_seconds(3))
            for process in self.processes:
                assert (process.room.version, process.room.epoch) == (
                    self.model.version,
                    self.model.epoch,
                )
            for dashboard in self.dashboards:
                while dashboard.cursor.pending:
                    self._take(dashboard)
                assert dashboard.reducer.version == self.model.version
                assert dashboard.reducer.state == self.model.state()
        finally:
            for process in self.processes:
                self.run(process.rooms.close())
            self.loop.close()

    async def _check(self, process: Process) -> None:
        checking = asyncio.ensure_future(process.rooms.truth_check.check())
        await settle()
        with contextlib.suppress(Unavailable):
            await checking
        await settle()

    def _watch(
        self, process: Process, reducer: Reducer, version: int | None, epoch: str | None
    ) -> None:
        try:
            cursor = self.run(DashboardCursor.open(process.room, version, epoch))
        except Unavailable:
            return
        dashboard = Dashboard(process, cursor, reducer)
        self.dashboards.append(dashboard)
        assert cursor.pending
        self._take(dashboard)

    def _take(self, dashboard: Dashboard) -> None:
        reducer, cursor = dashboard.reducer, dashboard.cursor
        before, epoch = reducer.version, reducer.epoch

        async def take() -> bytes | None:
            return cursor.next()

        message = self.run(take())
        if message is None:
            return
        reducer.take(message)
        assert reducer.epoch is not None
        assert reducer.version is not None
        assert reducer.state == self.model.history[reducer.epoch, reducer.version]
        if before is not None and epoch == reducer.epoch:
            assert reducer.version >= before
        if not message.startswith(b'{"type":"change"'):
            return
        events = [
            event
            for event in self.model.events
            if (reducer.from_version or 0) < event.version <= reducer.version
        ]
        received = [event["id"] for event in reducer.events]
        expected = [event.id for event in events]
        assert received == expected[len(expected) - len(received) :]
        assert reducer.events_truncated or received == expected


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=200, stateful_step_count=50, deadline=None)
