from __future__ import annotations

import pytest

from monitor import __version__
from monitor.cli.main import root
from tests.cli.refusals import refusal
from tests.support import run_monitor

COMMANDS = ("serve", "demo", "migrate", "users", "settings", "load")


async def test_help_names_every_command_and_the_first_steps() -> None:
    done = await run_monitor("--help")

    assert done.returncode == 0
    assert done.stderr == ""
    for command in COMMANDS:
        assert f"\n  {command} " in done.stdout
    assert "monitor users create --email" in done.stdout
    assert "serve-worker" not in done.stdout


async def test_without_a_command_it_shows_its_help() -> None:
    done = await run_monitor()

    assert done.returncode == 0
    assert "Commands:" in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
async def test_every_command_has_a_help_of_its_own(command: str) -> None:
    done = await run_monitor(command, "--help")

    assert done.returncode == 0
    assert done.stdout.startswith(f"Usage: monitor {command}")


def test_every_option_of_every_command_has_a_help() -> None:
    commands = [root.commands[name] for name in COMMANDS]
    commands += root.commands["users"].commands.values()  # type: ignore[attr-defined]

    without = [
        f"{command.name} {option.name}"
        for command in commands
        for option in command.params
        if not getattr(option, "help", None)
    ]
    assert without == []


async def test_version_is_the_packages() -> None:
    done = await run_monitor("--version")

    assert __version__ in done.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nonsense",), "No such command 'nonsense'. See 'monitor --help'."),
        (("serve", "--nonsense"), "See 'monitor serve --help'."),
        (("serve", "--port", "70000"), "See 'monitor serve --help'."),
        (("users", "create"), "See 'monitor users create --help'."),
    ],
)
async def test_a_wrong_command_line_is_told_in_one_line(
    arguments: tuple[str, ...], sentence: str
) -> None:
    assert refusal(await run_monitor(*arguments), 2).endswith(sentence)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"PORT": "eighty"}, "MONITOR_PORT: "),
        ({"HEARTBEAT_SECONDS": "0"}, "MONITOR_HEARTBEAT_SECONDS: "),
        ({"LOG_LEVEL": "loud"}, "MONITOR_LOG_LEVEL: "),
        ({"SECRET_KEY": "short"}, "MONITOR_SECRET_KEY: give 32 characters or more"),
        ({"DATABASE_URL": "mysql://host/name"}, "MONITOR_DATABASE_URL: give sqlite:///path"),
        ({"DATABASE_URL": "sqlite:///"}, "MONITOR_DATABASE_URL: give sqlite:///path"),
        ({"REDIS_URL": "localhost:6379"}, "MONITOR_REDIS_URL: give redis://host"),
        ({"SECRETS_DIR": "/nowhere"}, "MONITOR_SECRETS_DIR: /nowhere is not a directory"),
    ],
)
async def test_a_wrong_setting_is_named_in_one_line(
    settings: dict[str, str], sentence: str
) -> None:
    assert refusal(await run_monitor("serve", settings=settings), 2).startswith(sentence)
