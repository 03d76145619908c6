"""Anything over REST, as whoever: a described answer, no 5xx, and no trace of it inside."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
import requests
import schemathesis
from hypothesis import given, note, strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from monitor import __version__
from monitor.api.routes import endpoints
from monitor.contracts.openapi import openapi
from monitor.domain.user import Role
from tests.fuzz.conftest import bounded
from tests.fuzz.fuzzed import Fuzzed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemathesis import APIOperation

    Operation = APIOperation[Any, Any, Any, Any]

PEOPLE = ("admin", "teacher", "student", "nobody")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
DOCUMENT = openapi([endpoint.operation for endpoint in endpoints()], version=__version__)
OPERATIONS: dict[str, Operation] = {
    result.ok().label: result.ok()
    for result in schemathesis.openapi.from_dict(DOCUMENT).get_all_operations()
    if isinstance(result, Ok)
}


class Caller:
    """Sends cases as one of the people, at things that exist."""

    def __init__(self, fuzzed: Fuzzed) -> None:
        self.fuzzed = fuzzed
        self.session = requests.Session()
        self.session.trust_env = False
        seeded = fuzzed.school.seeded
        joined = self._ask("POST", f"/api/sessions/{seeded.session_id}/join", "student", {})
        spare = self._ask("POST", "/api/users", "admin", {"name": "Spare", "role": "STUDENT"})
        self.ids = {
            "session_id": [seeded.session_id, fuzzed.quiet.session_id],
            "attempt_id": [joined["attempt"]["id"]],
            "user_id": [spare["id"], seeded.student_ids[2]],
            "student_id": [seeded.student_ids[1], spare["id"]],
            "class_id": [seeded.class_id],
            "test_id": [seeded.test_id],
        }

    def headers(self, who: str) -> dict[str, str]:
        """Of a request of theirs, whatever has been done to their tokens before."""
        seeded = self.fuzzed.school.seeded
        user_id, role = {
            "admin": (self.fuzzed.admin_id, Role.ADMIN),
            "teacher": (seeded.teacher_id, Role.TEACHER),
            "student": (seeded.student_ids[0], Role.STUDENT),
            "nobody": (None, Role.STUDENT),
        }[who]
        if user_id is None:
            return {}
        user = self.fuzzed.run(self.fuzzed.school.read(lambda uow: uow.users.get(user_id)))
        assert user is not None
        assert user.role is role
        return {"Authorization": f"Bearer {self.fuzzed.token(user)}"}

    def path_parameters(self, operation: Operation, data: st.DataObject) -> dict[str, str]:
        """Mostly of what there is."""
        names = [parameter.name for parameter in operation.path_parameters]
        return {
            name: data.draw(st.sampled_from([*self.ids.get(name, []), str(uuid.UUID(int=7))]))
            for name in names
        }

    def _ask(self, method: str, path: str, who: str, body: dict[str, Any]) -> dict[str, Any]:
        url = self.fuzzed.server.url + path
        answer = self.session.request(method, url, json=body, headers=self.headers(who))
        assert answer.ok, answer.text
        got: dict[str, Any] = answer.json()
        return got


@pytest.fixture(scope="module")
def caller(fuzzed: Fuzzed) -> Iterator[Caller]:
    caller = Caller(fuzzed)
    with caller.session:
        yield caller


@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_described_and_none_is_a_failure(caller: Caller, label: str) -> None:
    operation = OPERATIONS[label]
    headers = {who: caller.headers(who) for who in PEOPLE}

    @bounded(4)
    @given(data=st.data())
    def example(data: st.DataObject) -> None:
        who = data.draw(st.sampled_from(PEOPLE))
        case = data.draw(
            operation.as_strategy(
                data.draw(st.sampled_from(list(GenerationMode))),
                path_parameters=caller.path_parameters(operation, data),
            )
        )
        note(f"as {who}")
        response = case.call(
            base_url=caller.fuzzed.server.url,
            session=caller.session,
            headers={**dict(case.headers or {}), **headers[who]},
        )
        case.validate_response(response, checks=CHECKS)

    example()
    caller.fuzzed.clean_log()
