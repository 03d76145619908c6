"""A room: one session in one process. It keeps a view at the newest version it can vouch for.

Publications move it version by version. One that is ahead of its predecessor waits a moment for it;
when that does not come, when the broker tells of a gap, or when the truth check finds the room
behind, the room loads what is newer from the database. Whatever is lost, doubled or reordered, the
view never passes a version it has not got whole.
"""

from __future__ import annotations

import asyncio
from collections.abc import Set
from datetime import datetime

import structlog

from monitor.clock import Clock
from monitor.config import Settings
from monitor.domain.test import Test
from monitor.errors import NotFound, Unavailable
from monitor.live.ahead import Ahead
from monitor.live.concerned import EVERYONE, concerned
from monitor.live.encodings import Encodings
from monitor.live.heartbeat_window import HeartbeatWindow
from monitor.live.listeners import Listener, Listeners
from monitor.live.loader import Loader
from monitor.live.source import Source
from monitor.live.view import View
from monitor.protocol.forms import test_item
from monitor.protocol.messages import SessionPulse, TestItem
from monitor.protocol.publication import Publication, StateSince
from monitor.protocol.timestamps import rfc3339_or_none

log = structlog.get_logger(__name__)

CATCH_UP_SECONDS = 2.0  # longer than any load takes; a client is told to come back then


class Room:
    """What all sockets on one session share; made by `Rooms` only.

    It is a broker's `Subscriber`. All methods are called on the event loop.
    """

    def __init__(self, session_id: str, source: Source, clock: Clock, settings: Settings) -> None:
        self.session_id = session_id
        self.gone = False  # the session is not in the database any more
        self.encodings = Encodings()
        self.verified_at: datetime | None = None
        self._source = source
        self._clock = clock
        self._settings = settings
        self._view: View | None = None
        self._ahead = Ahead(settings.publication_wait_count)
        self._ahead_timer: asyncio.TimerHandle | None = None
        self._heartbeats = HeartbeatWindow()
        self._listeners = Listeners()
        self._loader = Loader(self._load, settings.retry_max_seconds)
        self._expected: tuple[int, datetime] | None = None
        self._test: tuple[tuple[str, str | None], Test] | None = None
        self._test_item: tuple[Test, TestItem] | None = None
        self._test_lock = asyncio.Lock()

    # -- what it shows

    @property
    def is_open(self) -> bool:
        """Whether it shows something yet."""
        return self._view is not None

    @property
    def view(self) -> View:
        """The session at `version`."""
        if self._view is None:
            raise RuntimeError("the room is not open yet")
        return self._view

    @property
    def version(self) -> int:
        """The version up to which the view is whole."""
        return self.view.version

    @property
    def epoch(self) -> str:
        """The epoch its versions count in."""
        return self.view.epoch

    @property
    def heartbeats_last_10_s(self) -> int:
        """Heartbeats committed in the last ten seconds, by any process."""
        return self._heartbeats.total(_steady())

    def pulse(self) -> SessionPulse:
        """What a dashboard's pulse says of this session."""
        return SessionPulse(
            session_id=self.session_id,
            version=self.version,
            heartbeats=self.heartbeats_last_10_s,
            verified_at=rfc3339_or_none(self.verified_at),
        )

    def encoded(self, from_version: int | None) -> bytes:
        """The `change` from a version, or the `snapshot` (None); one encoding for all who ask."""
        now = self._clock.now()
        if from_version is None:
            return self.encodings.snapshot(self.view, now)
        return self.encodings.change(self.view, from_version, now)

    async def test(self) -> Test:
        """The test of the session, read once.

        Raises:
            Unavailable: The database cannot be reached.
            NotFound: The test is gone.
        """
        async with self._test_lock:
            # Until the start a test may be exchanged or edited.
            key = (self.view.session.test_id, self.view.session.started_at)
            if self._test is not None and self._test[0] == key:
                return self._test[1]
            test = await self._source.test(key[0])
            if test is None:
                raise NotFound
            self._test = (key, test)
            return test

    async def test_item(self) -> TestItem:
        """The same as a student reads it, made once; raises as `test`."""
        test = await self.test()
        if self._test_item is None or self._test_item[0] is not test:
            self._test_item = (test, test_item(test))
        return self._test_item[1]

    # -- who follows it

    def listen(self, listener: Listener) -> None:
        """Call the listener each time the view has moved."""
        self._listeners.add(listener)

    def unlisten(self, listener: Listener) -> None:
        """Call it no more."""
        self._listeners.remove(listener)

    def listen_student(self, student_id: str, listener: Listener) -> None:
        """Call the listener each time the view has moved in a way that concerns the student."""
        self._listeners.add_student(student_id, listener)

    def unlisten_student(self, student_id: str, listener: Listener) -> None:
        """Call it no more."""
        self._listeners.remove_student(student_id, listener)

    async def reached(self, version: int, timeout_seconds: float = CATCH_UP_SECONDS) -> bool:
        """Whether the view has `version`, after waiting for its publication, then loading it."""
        if self.version >= version:
            return True
        arrived = asyncio.Event()
        self.listen(arrived.set)
        load_at = asyncio.get_running_loop().call_later(
            self._settings.publication_wait_ms / 1000, self._loader.want, "awaited"
        )
        try:
            async with asyncio.timeout(timeout_seconds):
                while self.version < version:
                    arrived.clear()
                    await arrived.wait()
        except TimeoutError:
            return False
        finally:
            load_at.cancel()
            self.unlisten(arrived.set)
        return True

    async def catch_up(self, timeout_seconds: float = CATCH_UP_SECONDS) -> None:
        """Load what the database holds now.

        Raises:
            Unavailable: That cannot be known in time.
        """
        try:
            async with asyncio.timeout(timeout_seconds):
                await self._loader.load("watch")
        except TimeoutError:
            raise Unavailable from None

    # -- what moves it

    def published(self, publication: Publication) -> None:
        """Take a publication: apply it if it is the next, keep it if it is ahead."""
        if self._view is not None and publication.version <= self._view.version:
            return
        if publication.changes is None:
            self._loader.want("bare")
            return
        if not self._ahead.put(publication):
            self._loader.want("ahead")
        if self._view is not None:
            self._apply_waiting()

    def gap(self) -> None:
        """Load, because publications may have been lost."""
        self._loader.want("gap")

    def begin(self, state: StateSince, sent_at: datetime) -> None:
        """Show the state, with the publications that came while it was read."""
        self._view = View(state, events_kept=self._settings.events_per_change)
        self.verified(sent_at)
        self._loader.begin()
        self._apply_waiting()

    def load(self, reason: str) -> None:
        """Have what is newer loaded, or everything if the epoch is another; never waits."""
        self._loader.want(reason)

    def verified(self, at: datetime) -> None:
        """The view has held everything that was committed by then."""
        if self.verified_at is None or at > self.verified_at:
            self.verified_at = at

    def expect(self, version: int, at: datetime) -> None:
        """The row was seen at `version` at that time: once the view is there, that is verified."""
        self._expected = (version, at)

    def end(self) -> None:
        """The session is not there any more: tell everyone, and follow it no longer."""
        if not self.gone:
            self.gone = True
            self._listeners.moved(EVERYONE)

    async def close(self) -> None:
        """End its tasks and timers."""
        self._stop_waiting()
        await self._loader.close()

    def _apply_waiting(self) -> None:
        """Apply what follows without a gap; what is left waits for its predecessor."""
        view, moved = self.view, False
        students: Set[str] | None = frozenset()
        self._ahead.drop_until(view.version)
        while (publication := self._ahead.next_after(view.version)) and publication.changes:
            who = concerned(view, publication.changes)
            students = None if students is None or who is None else students | who
            view.apply(publication)
            self._heartbeats.add(_steady(), publication.heartbeats)
            moved = True
        if not self._ahead:
            self._stop_waiting()
        elif self._ahead_timer is None:
            self._ahead_timer = asyncio.get_running_loop().call_later(
                self._settings.publication_wait_ms / 1000, self._waited_in_vain
            )
        if moved:
            self._tell(students)

    def _waited_in_vain(self) -> None:
        self._ahead_timer = None
        self._loader.want("ahead")

    def _stop_waiting(self) -> None:
        if self._ahead_timer is not None:
            self._ahead_timer.cancel()
            self._ahead_timer = None

    async def _load(self) -> None:
        """One load; raises Unavailable where it has to be tried again."""
        held, sent_at = self.version, self._clock.now()
        state = await self._source.state_since(self.session_id, held)
        if state is not None and state.epoch != self.epoch:
            sent_at = self._clock.now()
            state = await self._source.state_since(self.session_id, 0)
        if state is None:
            self.end()
        elif state.epoch != self.epoch:
            self._replace_view(state, sent_at)
        elif state.version >= held:
            self._advance(state, sent_at)

    def _replace_view(self, state: StateSince, sent_at: datetime) -> None:
        log.info("a room begins again in another epoch", session_id=self.session_id)
        self._view = View(state, events_kept=self._settings.events_per_change)
        self._ahead.clear()
        self._expected = None
        self.verified_at = sent_at
        self._tell(EVERYONE)

    def _advance(self, state: StateSince, sent_at: datetime) -> None:
        view, before = self.view, self.version
        who = concerned(view, state.changes)
        if view.load(state):
            beats = sum(1 for item in state.changes.participants if item.version > before)
            self._heartbeats.add(_steady(), beats)
            self._tell(who)
        self.verified(sent_at)
        self._apply_waiting()

    def _tell(self, students: Set[str] | None) -> None:
        if self._expected is not None and self.version >= self._expected[0]:
            self.verified(self._expected[1])
            self._expected = None
        self.encodings.clear()
        self._listeners.moved(students)


def _steady() -> float:
    return asyncio.get_running_loop().time()
