"""Tests as files: out of one Monitor and into another, or written by hand."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct
from starlette.responses import Response

from monitor.api.attachment import attachment
from monitor.api.call import Call
from monitor.api.endpoint import Noun
from monitor.api.tests import readable_test
from monitor.domain.test import Passage, Question
from monitor.errors import InvalidRequest
from monitor.exchange.test_file import FileError, read_test_file, test_file
from monitor.exchange.text_files import text_of
from monitor.identity.access import Action

noun = Noun("tests")


class GivenFile(Struct, frozen=True, kw_only=True):
    """A test as `text`, or as a `file` in base64 as it was saved."""

    text: Annotated[str, Meta(max_length=2_000_000)] | None = None
    file: bytes | None = None


class TestRead(Struct, frozen=True, kw_only=True):
    """The test that a file holds, to be sent to `POST /api/tests`; empty where there are errors."""

    __test__ = False  # not a pytest class

    title: str | None
    passages: list[Passage]
    questions: list[Question]
    errors: list[FileError]


@noun.on("POST", "/test-files")
async def read_test_from_file(call: Call, body: GivenFile) -> TestRead:
    """Read a test from a file and say, line by line, what is wrong with it; nothing is made."""
    call.check(Action.TEST_CREATE)
    if body.text is not None and body.file is None:
        text = body.text
    elif body.file is not None and body.text is None:
        text = text_of(body.file)
    else:
        raise InvalidRequest("Give either text or file.", "text")
    # In a thread of the database's: a large file takes longer than the loop may stand.
    read = await call.services.database.read(lambda _uow: read_test_file(text))
    return TestRead(
        title=read.title,
        passages=list(read.passages),
        questions=list(read.questions),
        errors=list(read.errors),
    )


@noun.on("GET", "/tests/{test_id}/export", media=("application/json",))
async def export_test(call: Call) -> Response:
    """Take a test out as a file that `POST /api/test-files` reads."""
    test = await readable_test(call)
    return attachment(test_file(test).encode(), test.title, "json", "application/json")
