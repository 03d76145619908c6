"""What can be told of Dockerfile and docker-compose.yml without an engine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from monitor.cli.stopping import CLOSING_SECONDS, LAST_REQUESTS_SECONDS
from monitor.config import Settings

CHECKOUT = Path(__file__).parents[2]
DOCKERFILE = (CHECKOUT / "Dockerfile").read_text()


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The compose file, its anchors resolved."""
    loaded: dict[str, Any] = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())
    return loaded


def _service(compose: dict[str, Any], name: str) -> dict[str, Any]:
    service: dict[str, Any] = compose["services"][name]
    return service


def _seconds(text: str) -> float:
    assert text.endswith("s")
    return float(text.removesuffix("s"))


def test_there_are_a_proxy_two_replicas_a_database_redis_and_one_migration(
    compose: dict[str, Any],
) -> None:
    assert set(compose["services"]) == {"proxy", "app", "migrate", "database", "redis"}
    assert _service(compose, "app")["deploy"]["replicas"] == 2
    assert _service(compose, "migrate")["command"] == ["migrate"]


def test_only_the_proxy_can_be_reached_from_outside(compose: dict[str, Any]) -> None:
    published = {name for name, service in compose["services"].items() if "ports" in service}

    assert published == {"proxy"}
    assert compose["networks"]["back"]["internal"] is True
    assert _service(compose, "database")["networks"] == ["back"]
    assert _service(compose, "redis")["networks"] == ["back"]


def test_each_waits_for_what_it_needs(compose: dict[str, Any]) -> None:
    def waits(name: str) -> dict[str, str]:
        return {
            other: how["condition"] for other, how in _service(compose, name)["depends_on"].items()
        }

    assert waits("migrate") == {"database": "service_healthy"}
    assert waits("app") == {
        "migrate": "service_completed_successfully",
        "redis": "service_healthy",
    }
    assert waits("proxy") == {"app": "service_healthy"}


def test_everything_that_lasts_has_a_health_check(compose: dict[str, Any]) -> None:
    for name in ("proxy", "database", "redis"):
        assert "test" in _service(compose, name)["healthcheck"], name
    # The replicas have the image's own.
    assert "healthcheck" not in _service(compose, "app")
    assert re.search(r"^HEALTHCHECK .*\\\n +CMD \[.*/readyz", DOCKERFILE, re.MULTILINE)


def test_every_secret_is_a_file_and_none_is_written_down(compose: dict[str, Any]) -> None:
    assert compose["secrets"] == {
        "monitor_secret_key": {"file": "./secrets/monitor_secret_key"},
        "monitor_database_password": {"file": "./secrets/monitor_database_password"},
    }
    for name in ("app", "migrate"):
        assert set(_service(compose, name)["secrets"]) == set(compose["secrets"])
    # Their names are those of settings, which are looked for in /run/secrets.
    assert {secret.removeprefix("monitor_") for secret in compose["secrets"]} <= set(
        Settings.model_fields
    )
    database = _service(compose, "database")["environment"]
    assert database["POSTGRES_PASSWORD_FILE"] == "/run/secrets/monitor_database_password"
    assert "POSTGRES_PASSWORD" not in database
    ignored = (CHECKOUT / ".gitignore").read_text().splitlines()
    assert "/secrets/" in ignored


def test_every_setting_it_gives_exists_and_may_have_that_value(
    compose: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, str] = _service(compose, "app")["environment"]
    assert {name.removeprefix("MONITOR_").lower() for name in given} <= set(Settings.model_fields)
    for name, value in given.items():
        monkeypatch.setenv(name, re.sub(r"\$\{\w+:-(.*?)\}", r"\1", value))

    settings = Settings(database_password="pa55word")  # type: ignore[arg-type]

    assert settings.database_url == ("postgresql+psycopg://monitor:pa55word@database:5432/monitor")
    assert settings.redis_url == "redis://redis:6379/0"
    assert not settings.embedded


def test_a_replica_has_the_time_to_drain(compose: dict[str, Any]) -> None:
    grace = _seconds(_service(compose, "app")["stop_grace_period"])

    assert grace > Settings().drain_seconds + LAST_REQUESTS_SECONDS + CLOSING_SECONDS


def test_the_containers_of_ours_may_do_nothing_they_need_not(compose: dict[str, Any]) -> None:
    for name in ("app", "migrate"):
        service = _service(compose, name)
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]


def test_compose_leaves_the_proxys_own_variables_alone() -> None:
    text = (CHECKOUT / "docker-compose.yml").read_text()

    single = re.findall(r"(?<!\$)\$(?!\$)(.{0,12})", text)
    assert all(re.match(r"\{MONITOR_\w+:?", one) for one in single), single


def test_the_proxy_passes_websockets_on_and_finds_replicas_anew(compose: dict[str, Any]) -> None:
    [mounted] = _service(compose, "proxy")["configs"]
    configuration: str = compose["configs"][mounted["source"]]["content"].replace("$$", "$")

    assert mounted["target"] == "/etc/nginx/conf.d/default.conf"
    assert re.search(r"^resolver 127\.0\.0\.11 valid=", configuration, re.MULTILINE)
    assert re.search(r"server app:8000 resolve\b", configuration)
    assert "proxy_http_version 1.1;" in configuration
    for header in (
        "Host              $http_host",  # with the port: our origin check compares it
        "X-Forwarded-For   $remote_addr",
        "X-Forwarded-Proto $scheme",
        "Upgrade           $http_upgrade",
        "Connection        $connection_header",
    ):
        assert f"proxy_set_header {header};" in configuration
    [quiet] = re.findall(r"location /ws/ \{[^}]*proxy_read_timeout (\d+)s", configuration)
    assert float(quiet) > Settings().student_pulse_seconds * 3
    [body] = re.findall(r"client_max_body_size (\d+)m;", configuration)
    assert int(body) * 1024 * 1024 >= Settings().request_bytes
    assert configuration.count("{") == configuration.count("}")


def test_the_image_is_built_in_one_stage_and_runs_in_another_as_nobody_special() -> None:
    stages = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert len(stages) == 2
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert "COPY --from=build" in last
    [user] = re.findall(r"^USER (\S+)", last, re.MULTILINE)
    assert user not in {"root", "0"}
    assert last.index("\nUSER ") < last.index("\nENTRYPOINT ")
    assert 'ENTRYPOINT ["monitor"]' in last
    assert 'CMD ["serve"]' in last
    # A process started by a shell would never see SIGTERM.
    assert not re.search(r"^(CMD|ENTRYPOINT) [^\[]", last, re.MULTILINE)


def test_the_image_has_the_pinned_versions() -> None:
    assert "--constraint .ci/constraints.txt" in DOCKERFILE


def test_everything_that_is_copied_exists_and_is_let_through() -> None:
    build = DOCKERFILE.rpartition("\nFROM ")[0]
    copied = [
        source
        for words in re.findall(r"^COPY (.+)$", build, re.MULTILINE)
        for source in words.split()[:-1]
    ]
    allowed = (CHECKOUT / ".dockerignore").read_text().splitlines()

    assert {"monitor", "migrations", "static", "pyproject.toml"} <= set(copied)
    for source in copied:
        assert (CHECKOUT / source).exists(), source
        assert f"!{source}" in allowed, source


def test_the_health_checks_program_is_valid_python() -> None:
    [command] = re.findall(r"^    CMD (\[.+\])$", DOCKERFILE, re.MULTILINE)
    words: list[str] = yaml.safe_load(command)

    assert words[:2] == ["python", "-c"]
    checked = subprocess.run(
        ["python3", "-c", "import ast, sys; ast.parse(sys.argv[1])", words[2]], check=False
    )
    assert checked.returncode == 0
