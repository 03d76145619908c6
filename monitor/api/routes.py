"""Every route of the API, by noun."""

from __future__ import annotations

from starlette.routing import BaseRoute

from monitor.api import (
    attempt_commands,
    attempts,
    bulk_commands,
    cards,
    class_import,
    classes,
    commands,
    health,
    joining,
    links,
    login,
    lost_time,
    operations,
    participants,
    reading,
    sessions,
    test_files,
    tests,
    users,
)
from monitor.api.description import description_routes
from monitor.api.endpoint import Endpoint, Noun, routes_of

NOUNS: tuple[Noun, ...] = (
    login.noun,
    users.noun,
    classes.noun,
    class_import.noun,
    tests.noun,
    test_files.noun,
    sessions.noun,
    reading.noun,
    lost_time.noun,
    commands.noun,
    bulk_commands.noun,
    participants.noun,
    links.noun,
    cards.noun,
    attempts.noun,
    attempt_commands.noun,
    joining.noun,
    operations.noun,
    health.noun,
)


def endpoints() -> list[Endpoint]:
    """Every operation with the function that does it."""
    return [endpoint for noun in NOUNS for endpoint in noun.endpoints]


def routes() -> list[BaseRoute]:
    """The routes; they take the services from `request.app.state.monitor`."""
    described = description_routes([endpoint.operation for endpoint in endpoints()])
    return [*described, *routes_of(NOUNS)]
