"""Lists in a stable order, continued after the last id of the page before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, bindparam, select, tuple_

from monitor.repositories.column_types import AnySelect

# Below what either database takes as parameters of one statement.
IDS_PER_STATEMENT = 5_000


def turn(
    statement: AnySelect,
    by: ColumnElement[Any],
    id_column: ColumnElement[str],
    after: str | None,
    limit: int,
    *,
    descending: bool = False,
) -> AnySelect:
    """The statement, ordered by a column and the id, from behind the row `after` on.

    Whoever asks for one more than it shows knows whether there is more. If the row `after` has
    gone meanwhile, nothing comes after it.

    Args:
        statement: Selects from the table of `id_column`.
        by: A column or expression of that table that is never null.
        id_column: Its primary key.
        after: The last id of the page before; None for the first page.
        limit: Rows a page.
        descending: Newest first.
    """
    if after is not None:
        mark: BindParameter[str] = bindparam("after_id", after)
        place = select(by).where(id_column == mark).scalar_subquery()
        here, there = tuple_(by, id_column), tuple_(place, mark)
        statement = statement.where(here < there if descending else here > there)
    order = (by.desc(), id_column.desc()) if descending else (by, id_column)
    return statement.order_by(*order).limit(limit)


def batches(ids: Iterable[str]) -> Iterator[list[str]]:
    """The ids, each once, in lists short enough for one statement."""
    waiting = iter(dict.fromkeys(ids))
    while batch := list(islice(waiting, IDS_PER_STATEMENT)):
        yield batch
