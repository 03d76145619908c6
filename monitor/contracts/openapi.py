"""OpenAPI 3.1 out of the operations that are served and the structs that validate."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from monitor.contracts.operation import Operation
from monitor.contracts.problem import MEDIA_TYPE, Problem
from monitor.errors import (
    BadToken,
    Conflict,
    Forbidden,
    Internal,
    InvalidRequest,
    MonitorError,
    NotFound,
    TokenExpired,
    TooLarge,
    Unavailable,
)

_TEMPLATE = "#/components/schemas/{name}"
_PARAMETER = re.compile(r"\{(\w+)\}")
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A repeated key is answered what the first request was; nothing is done twice.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}
_INFO = (
    "Live test monitoring: students take a test in the browser, the teacher watches all of them "
    "live. Every refusal is a problem detail (RFC 9457) with a `code` that clients may act on."
)


def openapi(operations: Sequence[Operation], *, version: str) -> dict[str, Any]:
    """The document that describes these operations."""
    schemas = _Schemas(operations)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        described = _operation(operation, schemas)
        paths.setdefault(operation.path, {})[operation.method.lower()] = described
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Monitor", "version": version, "description": _INFO},
        "servers": [{"url": "/"}],
        "tags": [{"name": tag} for tag in dict.fromkeys(one.tag for one in operations)],
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }
    # As a reader gets it: defaults that are tuples or enums here are lists and texts there.
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(document))
    return plain


class _Schemas:
    """The schemas of all types that operations name, each struct once, by its name."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        types: dict[Any, None] = {Problem: None}
        for operation in operations:
            for type_ in (operation.body, *operation.answers):
                if type_ is not None:
                    types[type_] = None
        found, self.components = msgspec.json.schema_components(types, ref_template=_TEMPLATE)
        self._of: dict[Any, dict[str, Any]] = dict(zip(types, found, strict=True))

    def of(self, type_: Any) -> dict[str, Any]:
        """The schema of a type that an operation names."""
        return self._of[type_]


def _operation(operation: Operation, schemas: _Schemas) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
        "responses": _responses(operation, schemas),
    }
    if operation.description:
        described["description"] = operation.description
    parameters = _parameters(operation)
    if parameters:
        described["parameters"] = parameters
    if operation.body is not None:
        described["requestBody"] = {
            "required": not operation.optional_body,
            "content": {"application/json": {"schema": schemas.of(operation.body)}},
        }
    if operation.public:
        described["security"] = []
    return described


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "format": "uuid"},
        }
        for name in _PARAMETER.findall(operation.path)
    ]
    if operation.query is not None:
        parameters += _query(operation.query)
    if operation.idempotent:
        parameters.append(_KEY)
    return parameters


def _query(type_: Any) -> list[dict[str, Any]]:
    # References would lead outside the parameter: what a query holds is small and written out.
    schema = msgspec.json.schema(type_)
    fields = schema["$defs"][type_.__name__]["properties"]
    parameters = []
    for name, field in fields.items():
        plain = _without_null(field, schema["$defs"])
        parameter: dict[str, Any] = {"name": name, "in": "query", "schema": plain}
        if "description" in plain:
            parameter["description"] = plain.pop("description")
        parameters.append(parameter)
    return parameters


def _without_null(field: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """What a query may hold: it cannot say null, and leaving out is what the default means."""
    members = [one for one in field.get("anyOf", [field]) if one != {"type": "null"}]
    member = dict(members[0])
    if "$ref" in member:
        member = dict(definitions[member["$ref"].rpartition("/")[2]])
        member.pop("title", None)
    if field.get("default") is not None:
        member["default"] = field["default"]
    return member


def _responses(operation: Operation, schemas: _Schemas) -> dict[str, Any]:
    responses = {str(operation.status): _success(operation, schemas)}
    by_status: dict[int, dict[str, str]] = {}
    for error in _errors(operation):
        by_status.setdefault(error.status, {})[error.code] = error.sentence
    for status, sentences in sorted(by_status.items()):
        lines = [f"`{code}`: {sentence}" for code, sentence in sorted(sentences.items())]
        responses[str(status)] = {
            "description": "\n\n".join(lines),
            "content": {MEDIA_TYPE: {"schema": schemas.of(Problem)}},
        }
    return responses


def _success(operation: Operation, schemas: _Schemas) -> dict[str, Any]:
    answered: dict[str, Any] = {"description": operation.summary}
    if operation.media:
        answered["content"] = {media: {"schema": {"type": "string"}} for media in operation.media}
        if "application/json" in operation.media:
            answered["content"]["application/json"] = {"schema": {"type": "object"}}
    elif operation.answers:
        forms = [schemas.of(answer) for answer in operation.answers]
        schema = forms[0] if len(forms) == 1 else {"anyOf": forms}
        answered["content"] = {"application/json": {"schema": schema}}
    return answered


def _errors(operation: Operation) -> list[type[MonitorError]]:
    """What an operation may be refused with: its own errors and those of its kind."""
    errors: list[type[MonitorError]] = [*operation.errors, Internal, Unavailable]
    if not operation.public:
        errors += [BadToken, TokenExpired, Forbidden]
    if _PARAMETER.search(operation.path):
        errors.append(NotFound)
    if operation.body is not None:
        errors += [InvalidRequest, TooLarge]
    if operation.query is not None or operation.idempotent:
        errors.append(InvalidRequest)
    if operation.idempotent and operation.status == 201:
        errors.append(Conflict)
    return errors
