from __future__ import annotations

from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from monitor.api.routes import endpoints
from monitor.contracts.openapi import openapi
from monitor.contracts.problem import problem_of, problem_of_status
from monitor.errors import InvalidRequest, MonitorError, Unavailable
from tests.support.school import School

DOCUMENT = openapi([endpoint.operation for endpoint in endpoints()], version="1.2.3")


def operations() -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in DOCUMENT["paths"].items()
        for method, operation in methods.items()
    ]


def test_the_document_is_valid_openapi() -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(DOCUMENT).iter_errors()] == []
    assert DOCUMENT["openapi"].startswith("3.1")
    assert DOCUMENT["info"]["version"] == "1.2.3"


def test_every_operation_has_a_name_of_its_own_and_says_what_it_does() -> None:
    names = [operation["operationId"] for _, operation in operations()]
    assert len(set(names)) == len(names)
    for name, operation in operations():
        assert operation["summary"], name
        assert not operation["summary"].endswith(".")


def test_every_refusal_is_described_as_a_problem() -> None:
    for name, operation in operations():
        refusals = [code for code in operation["responses"] if int(code) >= 400]
        assert {"500", "503"} <= set(refusals), name
        for code in refusals:
            content = operation["responses"][code]["content"]
            assert set(content) == {"application/problem+json"}, name


def test_what_needs_a_token_says_so() -> None:
    public = {name for name, operation in operations() if operation.get("security") == []}
    assert public == {"POST /api/login", "GET /healthz", "GET /readyz", "GET /metrics"}
    for name, operation in operations():
        assert ("401" in operation["responses"]) is (
            name not in public or name == "POST /api/login"
        )


def test_limits_of_fields_are_in_the_schemas_that_validate() -> None:
    new_user = DOCUMENT["components"]["schemas"]["NewUser"]
    assert new_user["required"] == ["name", "role"]
    assert new_user["properties"]["name"]["maxLength"] == 255
    role = DOCUMENT["components"]["schemas"]["Role"]
    assert set(role["enum"]) == {"ADMIN", "TEACHER", "STUDENT"}


def test_a_bulk_command_and_its_key_are_described() -> None:
    extend = DOCUMENT["paths"]["/api/sessions/{session_id}/extend"]["post"]
    assert {parameter["name"] for parameter in extend["parameters"]} == {
        "session_id",
        "Idempotency-Key",
    }
    assert {"200", "401", "403", "404", "409", "413", "422"} <= set(extend["responses"])
    assert "`deadline_too_near`" in extend["responses"]["409"]["description"]
    assert extend["requestBody"]["required"] is True
    opening = DOCUMENT["paths"]["/api/sessions/{session_id}/open"]["post"]
    assert opening["requestBody"]["required"] is False


def test_query_parameters_are_described_without_null() -> None:
    listing = DOCUMENT["paths"]["/api/users"]["get"]
    parameters = {parameter["name"]: parameter["schema"] for parameter in listing["parameters"]}
    assert set(parameters) == {"role", "search", "after", "limit"}
    assert set(parameters["role"]["enum"]) == {"ADMIN", "TEACHER", "STUDENT"}
    assert parameters["limit"] == {"type": "integer", "minimum": 1, "maximum": 1000}


def test_operations_are_the_messages_of_the_wire() -> None:
    items = DOCUMENT["components"]["schemas"]["Operations"]["properties"]["operations"]["items"]
    assert "answer" in items["discriminator"]["mapping"]
    assert "join" not in items["discriminator"]["mapping"]


async def test_the_server_answers_with_this_very_document(school: School) -> None:
    served = await school.ok("nobody", "GET", "/api/openapi.json")
    assert served["paths"] == DOCUMENT["paths"]
    assert served["components"] == DOCUMENT["components"]


def _all_errors(base: type[MonitorError]) -> list[type[MonitorError]]:
    return [base, *(one for child in base.__subclasses__() for one in _all_errors(child))]


@pytest.mark.parametrize("error", _all_errors(MonitorError), ids=lambda error: error.__name__)
def test_every_named_error_maps_to_one_problem(error: type[MonitorError]) -> None:
    problem = problem_of(error())
    assert problem.code == error.code
    assert 400 <= problem.status < 600
    assert problem.detail.endswith((".", "!"))


def test_a_problem_names_the_field_and_whether_to_try_again() -> None:
    assert problem_of(InvalidRequest("x.", field="name")).field == "name"
    assert problem_of(Unavailable()).temporary
    assert problem_of_status(405).code == "method_not_allowed"
