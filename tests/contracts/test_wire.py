from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # has no types

from monitor.contracts.asyncapi import asyncapi
from monitor.contracts.wire import CHANNELS, type_of
from monitor.contracts.wire_reference import wire_reference
from monitor.protocol import messages
from monitor.protocol.close_codes import CloseCode
from tests.support.classroom import Classroom
from tests.support.school import School

DOCUMENT = asyncapi(version="1.2.3")


def resolve(reference: dict[str, str]) -> Any:
    found: Any = DOCUMENT
    for part in reference["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return found


def tagged() -> set[type[Any]]:
    return {
        one
        for one in vars(messages).values()
        if isinstance(one, type)
        and issubclass(one, msgspec.Struct)
        and one.__struct_config__.tag is not None
    }


def test_every_message_of_the_protocol_travels_somewhere() -> None:
    assert tagged() == {
        message for channel in CHANNELS for message in (*channel.from_client, *channel.from_server)
    }


def test_no_two_messages_of_one_direction_have_the_same_type() -> None:
    for channel in CHANNELS:
        for direction in (channel.from_client, channel.from_server):
            types = [type_of(message) for message in direction]
            assert len(set(types)) == len(types)


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    for operation in DOCUMENT["operations"].values():
        assert "address" in resolve(operation["channel"])
        for message in operation["messages"]:
            described = resolve(resolve(message))
            assert "properties" in resolve(described["payload"])
            assert described["summary"]
    for name, schema in DOCUMENT["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        assert schema.get("type") == "object" or "enum" in schema, name


@pytest.mark.parametrize("kind", ["student", "dashboard"])
async def test_what_a_socket_is_sent_is_what_is_described(school: School, kind: str) -> None:
    room = Classroom(school.app, school.seeded)
    async with room.student(0) as (_, joined), room.dashboard(watch=True) as dashboard:
        sent = joined if kind == "student" else await dashboard.receive("snapshot")
    name = "Joined" if kind == "student" else "Snapshot"
    schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    Draft202012Validator(schema).validate(sent)


def test_the_reference_names_every_message_code_and_error() -> None:
    page = wire_reference()
    for message in tagged():
        assert f"| `{type_of(message)}` |" in page
    for code in CloseCode:
        assert f"| {int(code)} |" in page
    assert "| `deadline_too_near` | 409 |" in page


def test_the_page_in_the_repository_is_the_one_in_force() -> None:
    page = Path(__file__).parents[2] / "docs" / "wire.md"
    assert page.read_text() == wire_reference(), "python -m monitor.contracts.wire_reference"
