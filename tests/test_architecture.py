"""Imports flow one way, as the table in tests/support/imports.py says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import monitor
from tests.support.imports import violations

if TYPE_CHECKING:
    from collections.abc import Mapping


def _package(folder: Path, files: Mapping[str, str]) -> Path:
    package = folder / "monitor"
    for name, source in {"__init__.py": "__version__ = '1'", **files}.items():
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    return package


def test_imports_flow_one_way() -> None:
    found = violations(Path(monitor.__file__).parent)

    assert not found, "\n".join(map(str, found))


@pytest.mark.parametrize(
    ("path", "source", "reason"),
    [
        ("domain/session.py", "from monitor.protocol import codec", "domain imports protocol"),
        ("domain/session.py", "from monitor import config", "domain imports config"),
        ("domain/session.py", "import asyncio", "domain is pure and imports asyncio"),
        ("domain/session.py", "from time import monotonic", "domain is pure and imports time"),
        ("domain/session.py", "def f():\n    import redis.asyncio", "imports redis.asyncio"),
        ("domain/session.py", "x = datetime.now(UTC)", "domain reads a clock"),
        ("protocol/codec.py", "from monitor.clock import Clock", "protocol imports clock"),
        ("protocol/codec.py", "import sqlalchemy as sa", "protocol is pure and imports sqlalchemy"),
        ("exchange/export.py", "import time", "exchange is pure and imports time"),
        ("pubsub/broker.py", "import monitor.repositories.tables", "pubsub imports repositories"),
        ("repositories/tables.py", "from monitor import pubsub", "repositories imports pubsub"),
        ("live/room.py", "from monitor.sockets.student import x", "live imports sockets"),
        ("services.py", "from monitor.api import users", "services imports api"),
        ("live/room.py", "from monitor import services", "live imports services"),
        ("api/users.py", "from monitor.app import create_app", "api imports app"),
        ("app.py", "from monitor import cli", "app imports cli"),
        ("load/student.py", "from monitor.live import room", "load imports live"),
        ("demo/school.py", "from monitor.repositories import tables", "demo imports repositories"),
        ("clock.py", "from monitor.domain import deadlines", "clock imports domain"),
        ("helpers.py", "", "helpers has no place"),
    ],
)
def test_an_import_against_the_flow_is_found(
    path: str, source: str, reason: str, tmp_path: Path
) -> None:
    found = violations(_package(tmp_path, {path: source}))

    assert [reason in str(violation) for violation in found] == [True]
    assert str(found[0]).startswith(f"monitor/{path}:")


def test_an_import_for_type_checking_only_counts_too(tmp_path: Path) -> None:
    source = "if TYPE_CHECKING:\n    from monitor.live import room"

    assert violations(_package(tmp_path, {"domain/session.py": source}))


def test_rooms_beside_each_other_may_not_go_in_a_circle(tmp_path: Path) -> None:
    found = violations(
        _package(
            tmp_path,
            {
                "identity/tokens.py": "from monitor.repositories import users",
                "repositories/users.py": "from monitor.identity import passwords",
            },
        )
    )

    assert ["identity → repositories → identity" in str(one) for one in found] == [True]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("domain/session.py", "from datetime import datetime\nfrom monitor import errors"),
        ("protocol/codec.py", "import msgspec\nfrom monitor.domain import session"),
        ("repositories/tables.py", "import sqlalchemy\nfrom monitor.config import Settings"),
        ("live/room.py", "import asyncio\nfrom monitor.repositories import tables"),
        ("live/room.py", "from monitor import __version__\nfrom monitor.live import view"),
        ("sockets/student.py", "from monitor.live.room import Room"),
        ("demo/school.py", "from monitor.load import student\nfrom monitor.protocol import codec"),
        ("cli/serve.py", "from monitor.app import create_app\nfrom monitor.demo import school"),
    ],
)
def test_an_import_with_the_flow_is_not_found(path: str, source: str, tmp_path: Path) -> None:
    assert violations(_package(tmp_path, {path: source})) == []
