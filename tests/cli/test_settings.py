from __future__ import annotations

import json
from typing import TYPE_CHECKING

from monitor.config import Settings, load_settings
from tests.support import run_monitor

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

SECRET = "a-secret-of-more-than-thirty-two-characters"


def test_every_setting_says_what_it_is() -> None:
    for name, info in Settings.model_fields.items():
        assert info.description, name
        assert info.description.endswith("."), name


async def test_every_setting_is_listed_with_its_value_and_description() -> None:
    done = await run_monitor("settings", settings={"PORT": "9000"})

    assert done.returncode == 0
    for name, info in Settings.model_fields.items():
        assert f"\nMONITOR_{name.upper()}=" in done.stdout
        assert str(info.description) in done.stdout
    assert "MONITOR_PORT=9000\n    Port to listen on; 0 for any free one. Default: 8000." in (
        done.stdout
    )


async def test_only_the_changed_ones_when_asked() -> None:
    done = await run_monitor("settings", "--changed", settings={"PORT": "9000"})

    assert [line for line in done.stdout.splitlines() if line.startswith("MONITOR_")] == [
        "MONITOR_PORT=9000"
    ]


async def test_no_secret_is_shown_in_any_form() -> None:
    settings = {
        "SECRET_KEY": SECRET,
        "DATABASE_PASSWORD": "pa55word",
        "DATABASE_URL": "postgresql://monitor@db/monitor",
        "REDIS_URL": "redis://:redispa55@cache:6379/0",
    }

    for arguments in (["settings"], ["settings", "--json"]):
        done = await run_monitor(*arguments, settings=settings)
        assert done.returncode == 0
        assert SECRET not in done.stdout
        assert "pa55" not in done.stdout
        assert "monitor:***@db" in done.stdout


async def test_programs_get_json() -> None:
    done = await run_monitor("settings", "--json")

    rows = {row["name"]: row for row in json.loads(done.stdout)}
    assert rows["MONITOR_HEARTBEAT_SECONDS"]["value"] == "5.0"
    assert rows["MONITOR_HEARTBEAT_SECONDS"]["is_changed"] is False


async def test_nothing_changed_is_said() -> None:
    done = await run_monitor("settings", "--changed")

    assert done.stdout == "Every setting has its default.\n"


def test_a_secret_may_be_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "monitor_secret_key").write_text(SECRET + "\n")
    (tmp_path / "monitor_database_password").write_text("p@ss/word\n")
    monkeypatch.setenv("MONITOR_SECRETS_DIR", str(tmp_path))
    monkeypatch.setenv("MONITOR_DATABASE_URL", "postgresql://monitor@db:5432/monitor")

    settings = load_settings()

    assert settings.secret_key is not None
    assert settings.secret_key.get_secret_value() == SECRET
    assert settings.database_url == "postgresql+psycopg://monitor:p%40ss%2Fword@db:5432/monitor"


def test_a_variable_wins_over_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "monitor_port").write_text("9001")
    monkeypatch.setenv("MONITOR_SECRETS_DIR", str(tmp_path))
    assert load_settings().port == 9001

    monkeypatch.setenv("MONITOR_PORT", "9002")

    assert load_settings().port == 9002


def test_a_password_in_the_url_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_DATABASE_PASSWORD", "other")
    monkeypatch.setenv("MONITOR_DATABASE_URL", "postgresql://monitor:own@db/monitor")

    assert load_settings().database_url == "postgresql+psycopg://monitor:own@db/monitor"


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_REDIS_URL", "")
    monkeypatch.setenv("MONITOR_PORT", "")

    settings = load_settings()

    assert settings.redis_url is None
    assert settings.port == 8000
