from __future__ import annotations

import pytest

from monitor.cli import accounts
from monitor.clock import Clock
from monitor.config import Settings
from monitor.domain.user import Role
from monitor.identity.passwords import verify_password
from monitor.repositories.database import Database
from tests.cli.refusals import refusal
from tests.support import run_monitor

ADA = ("--email", "Ada@School.example", "--name", "Ada Byron", "--role", "admin")


async def _password_hash(url: str) -> str:
    database = Database(Settings(database_url=url), Clock())
    await database.start()
    try:
        found = await database.read(lambda unit: unit.users.credentials("ada@school.example"))
    finally:
        await database.close()
    assert found is not None
    assert found[1] is not None
    return found[1]


def _settings(url: str) -> dict[str, str]:
    return {"DATABASE_URL": url}


async def test_the_first_admin_is_made_and_listed(database_url: str) -> None:
    settings = _settings(database_url)

    made = await run_monitor(
        "users", "create", *ADA, "--password-stdin", settings=settings, stdin="lovelace-1843\n"
    )
    listed = await run_monitor("users", "list", settings=settings)

    assert made.returncode == 0, made.stderr
    assert made.stdout == "ADMIN Ada Byron <ada@school.example> can sign in now.\n"
    role, email, name, _ = listed.stdout.split("\t")
    assert (role, email, name) == ("ADMIN", "ada@school.example", "Ada Byron")


async def test_only_a_hash_of_the_password_is_kept(sqlite_url: str) -> None:
    settings = _settings(sqlite_url)

    await run_monitor("users", "create", *ADA, "--password", "lovelace-1843", settings=settings)

    kept = await _password_hash(sqlite_url)
    assert verify_password("lovelace-1843", kept)
    assert "lovelace" not in kept


async def test_an_account_that_exists_is_not_made_again(database_url: str) -> None:
    settings = _settings(database_url)
    create = ("users", "create", *ADA, "--password", "lovelace-1843")
    await run_monitor(*create, settings=settings)

    again = await run_monitor(*create, settings=settings)

    assert "There is an account for ada@school.example already." in refusal(again, 1)
    listed = await run_monitor("users", "list", settings=settings)
    assert len(listed.stdout.splitlines()) == 1


async def test_a_new_password_replaces_the_old_one(sqlite_url: str) -> None:
    settings = _settings(sqlite_url)
    await run_monitor("users", "create", *ADA, "--password", "lovelace-1843", settings=settings)

    done = await run_monitor(
        *("users", "set-password", "--email", "ADA@school.example", "--password-stdin"),
        settings=settings,
        stdin="analytical-engine",
    )

    assert done.returncode == 0, done.stderr
    assert verify_password("analytical-engine", await _password_hash(sqlite_url))


async def test_a_password_for_nobody_is_refused(sqlite_url: str) -> None:
    done = await run_monitor(
        *("users", "set-password", "--email", "no@one.example", "--password", "12345678"),
        settings=_settings(sqlite_url),
    )

    assert refusal(done, 1).startswith("There is no account for no@one.example.")


@pytest.mark.parametrize(
    ("arguments", "stdin", "sentence"),
    [
        (("--password", "short"), "", "A password has 8 characters or more."),
        (("--password-stdin",), "short\n", "A password has 8 characters or more."),
        ((), "", "There is nobody to ask: give --password-stdin."),
        (("--password", "12345678", "--password-stdin"), "", "not both."),
    ],
)
async def test_a_password_that_will_not_do_is_refused(
    arguments: tuple[str, ...], stdin: str, sentence: str, sqlite_url: str
) -> None:
    done = await run_monitor(
        "users", "create", *ADA, *arguments, settings=_settings(sqlite_url), stdin=stdin
    )

    assert sentence in refusal(done, 2)


@pytest.mark.parametrize("email", ["nobody", "@school.example", "a b@school.example", "a@"])
async def test_what_is_no_address_is_refused(email: str, sqlite_url: str) -> None:
    done = await run_monitor(
        *("users", "create", "--email", email, "--name", "N", "--password", "12345678"),
        settings=_settings(sqlite_url),
    )

    assert "is no e-mail address" in refusal(done, 2)


async def test_an_sqlite_file_is_made_for_the_first_account(empty_sqlite_url: str) -> None:
    done = await run_monitor(
        "users", "create", *ADA, "--password", "12345678", settings=_settings(empty_sqlite_url)
    )

    assert done.returncode == 0, done.stderr


async def test_postgresql_is_migrated_by_hand_first(empty_postgres_url: str) -> None:
    done = await run_monitor(
        "users", "create", *ADA, "--password", "12345678", settings=_settings(empty_postgres_url)
    )

    assert "monitor migrate" in refusal(done, 5)


def test_long_lists_come_whole(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "_PAGE", 2)
    settings = Settings(database_url=sqlite_url)
    accounts.ensure(
        settings, [(f"u{n}@x.example", f"U{n}", Role.TEACHER, "12345678") for n in range(5)]
    )

    assert [user.name for user in accounts.everyone(settings)] == ["U0", "U1", "U2", "U3", "U4"]
    assert accounts.everyone(settings, Role.ADMIN) == []
