from __future__ import annotations

import stat
import threading
from typing import TYPE_CHECKING

import pytest

from monitor.cli.secret_key import with_secret_key
from monitor.config import Settings
from monitor.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path


def _settings(directory: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{directory / 'monitor.db'}")


def _key(settings: Settings) -> str:
    found = with_secret_key(settings).secret_key
    assert found is not None
    return found.get_secret_value()


def test_it_is_made_beside_the_database_for_its_owner_only(tmp_path: Path) -> None:
    key = _key(_settings(tmp_path))

    path = tmp_path / "monitor.db.secret"
    assert path.read_text().strip() == key
    assert len(key) == 64
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_it_stays_the_same(tmp_path: Path) -> None:
    assert _key(_settings(tmp_path)) == _key(_settings(tmp_path))


def test_processes_that_make_it_at_once_agree(tmp_path: Path) -> None:
    keys: list[str] = []
    threads = [
        threading.Thread(target=lambda: keys.append(_key(_settings(tmp_path)))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(keys) == 8
    assert len(set(keys)) == 1


def test_a_setting_wins_and_nothing_is_made(tmp_path: Path) -> None:
    settings = Settings(
        database_url=f"sqlite:///{tmp_path / 'monitor.db'}",
        secret_key="x" * 40,  # type: ignore[arg-type]  # pydantic makes it a secret
    )

    assert _key(settings) == "x" * 40
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_was_emptied_is_refused(tmp_path: Path) -> None:
    (tmp_path / "monitor.db.secret").write_text("")

    with pytest.raises(SettingsError, match="too short"):
        with_secret_key(_settings(tmp_path))
