"""The three queries that must use their indexes, on a database with years behind it."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Protocol

from sqlalchemy import Connection, text

from monitor.clock import Clock
from monitor.load.meters import Latency, LatencySummary
from monitor.repositories import engines
from monitor.repositories.column_types import AnySelect
from monitor.repositories.database import Database
from monitor.repositories.sql_attempt_repository import IN_PROGRESS
from monitor.repositories.sql_session_repository import ACTIVE, NOT_COMPLETED_OF
from monitor.repositories.unit_of_work import UnitOfWork
from tests.benchmarks.cpu import tamed_collector
from tests.benchmarks.databases import Databases, databases
from tests.benchmarks.queries.years import Years
from tests.benchmarks.report import Findings, Goal, Say, Scale, Table
from tests.support.sittings import settings_for

YEARS = {
    Scale.TINY: Years(500, 2_500),
    Scale.SMALL: Years(10_000, 50_000),
    Scale.FULL: Years(1_000_000, 5_000_000),
}
TIMES = {Scale.TINY: 20, Scale.SMALL: 500, Scale.FULL: 2_000}
KINDS = ("sqlite", "postgresql")
GOAL_MS = 5.0


class Asking(Protocol):
    """Asks a query the n-th time; how many rows came."""

    def __call__(self, uow: UnitOfWork, number: int, years: Years) -> int:
        """Ask it in this transaction."""


@dataclass(frozen=True)
class Query:
    """One of the three."""

    name: str
    index: str
    statement: AnySelect
    ask: Asking
    parameters: dict[str, str]


QUERIES = (
    Query(
        "active sessions, by scheduled_at",
        "ix_sessions_status",
        ACTIVE,
        lambda uow, number, years: len(uow.sessions.active()),
        {},
    ),
    Query(
        "a session's attempts IN_PROGRESS",
        "ix_attempts_session_id",
        IN_PROGRESS,
        lambda uow, number, years: len(
            uow.attempts.in_progress(years.session(number % years.active))
        ),
        {"session_id": Years.session(0)},
    ),
    Query(
        "a teacher's sessions that are not COMPLETED",
        "ix_sessions_created_by",
        NOT_COMPLETED_OF,
        lambda uow, number, years: len(
            uow.sessions.not_completed_of(years.teacher(number * 7919 % years.teachers))
        ),
        {"user_id": Years.teacher(0)},
    ),
)


@dataclass(frozen=True)
class Asked:
    """What a query took on a database."""

    kind: str
    query: Query
    indexes: str
    rows: float
    latency: LatencySummary
    answer: LatencySummary


async def run(scale: Scale, say: Say) -> Findings:
    """Fill both databases and ask each query over and over."""
    years = YEARS[scale]
    asked: list[Asked] = []
    with tamed_collector():
        for kind in KINDS:
            with databases(kind, scale) as made:
                asked += await _ask_all(made, years, TIMES[scale], say)
    used = [one.indexes == one.query.index for one in asked]
    worst = max(one.answer.p99_ms or 0.0 for one in asked)
    return Findings(
        title=f"Three queries on {years.sessions:,} sessions and {years.attempts:,} attempts",
        about=(
            f"{years.active} sessions are active with thirty students each, a teacher has fifty "
            "sessions, of which a few are not completed. Each query is asked "
            f"{TIMES[scale]:,} times with other parameters, as the server asks it: through the "
            "repository, in a thread of the readers, in a transaction of its own. The query is "
            "timed until its rows are there; the whole until they are values of the domain and "
            "back on the event loop."
        ),
        tables=[
            Table(
                "Milliseconds",
                [
                    *("database", "query", "index used", "rows"),
                    *("query p50", "query p99", "whole p50", "whole p99"),
                ],
                [
                    [
                        *(one.kind, one.query.name, one.indexes),
                        *(one.rows, one.answer.p50_ms, one.answer.p99_ms),
                        *(one.latency.p50_ms, one.latency.p99_ms),
                    ]
                    for one in asked
                ],
            )
        ],
        goals=[
            Goal(
                f"p99 < {GOAL_MS:.0f} ms on 1,000,000 sessions and 5,000,000 attempts",
                f"worst p99 of a query {worst:.2f} ms",
                worst < GOAL_MS if scale is Scale.FULL else None,
            ),
            Goal(
                "each uses its index",
                f"{sum(used)} of {len(used)}",
                None if scale is Scale.TINY else all(used),
            ),
        ],
        notes=[
            "Names and places are stored with the active sessions only; the rows of the others "
            "are shorter than in life, which an index does not see.",
        ],
    )


async def _ask_all(made: Databases, years: Years, times: int, say: Say) -> list[Asked]:
    url = made.make()
    start = perf_counter()
    _fill(url, years)
    say(f"{made.kind}: filled in {perf_counter() - start:,.0f} s")
    clock = Clock()
    database = Database(settings_for(url), clock)
    await database.start()
    try:
        return [await _ask(database, made.kind, query, years, times, say) for query in QUERIES]
    finally:
        await database.close()


def _fill(url: str, years: Years) -> None:
    engine = engines.migrating_engine(engines.database_address(url))
    with engine.begin() as connection:
        years.fill(connection)
    if engine.dialect.name == "postgresql":
        # What autovacuum does there by itself; on SQLite nobody does it.
        with engine.connect() as connection:
            settled = connection.execution_options(isolation_level="AUTOCOMMIT")
            settled.execute(text("VACUUM ANALYZE"))
    engine.dispose()


async def _ask(
    database: Database, kind: str, query: Query, years: Years, times: int, say: Say
) -> Asked:
    plan = await database.read(lambda uow: _plan(uow.sessions._connection, query))
    whole, answer = Latency(), Latency()
    rows = 0
    order = list(range(times))
    random.Random(3).shuffle(order)

    def time_it(uow: UnitOfWork) -> None:
        # The statement alone, rows and all, without making values of them.
        connection = uow.sessions._connection
        start = perf_counter()
        connection.execute(query.statement, parameters).all()
        answer.record(perf_counter() - start)

    for number in order:
        parameters = _parameters(query, number, years)
        await database.read(time_it)
        start = perf_counter()
        rows += await database.read(partial(query.ask, number=number, years=years))
        whole.record(perf_counter() - start)
    say(f"{kind}: {query.name}: p99 {answer.summary().p99_ms} ms, {rows / times:.0f} rows")
    indexes = ", ".join(dict.fromkeys(re.findall(r"\bix_\w+", plan))) or "none"
    return Asked(kind, query, indexes, rows / times, whole.summary(), answer.summary())


def _parameters(query: Query, number: int, years: Years) -> dict[str, str]:
    if "session_id" in query.parameters:
        return {"session_id": years.session(number % years.active)}
    if "user_id" in query.parameters:
        return {"user_id": years.teacher(number * 7919 % years.teachers)}
    return {}


def _plan(connection: Connection, query: Query) -> str:
    statement = query.statement.params(query.parameters)
    compiled = statement.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    rows = connection.exec_driver_sql(f"{explain} {compiled}".replace("%", "%%"))
    return "\n".join(str(row[-1]) for row in rows)
