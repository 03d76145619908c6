from __future__ import annotations

import json
from base64 import b64encode

from tests.support.school import School


async def test_a_test_goes_out_as_a_file_and_comes_in_again(school: School) -> None:
    path = f"/api/tests/{school.seeded.test_id}"
    given = await school("teacher", "GET", f"{path}/export")
    assert given.headers["content-disposition"].startswith('attachment; filename="')
    file = b64encode(given.content).decode()
    read = await school.ok("teacher", "POST", "/api/test-files", json={"file": file})
    assert read.pop("errors") == []
    made = await school.ok("teacher", "POST", "/api/tests", json=read)
    former = await school.ok("teacher", "GET", path)
    assert made["id"] != former["id"]
    for name in ("title", "passages", "questions"):
        assert made[name] == former[name]


async def test_errors_are_told_with_their_lines_and_nothing_is_made(school: School) -> None:
    before = await school.ok("teacher", "GET", "/api/tests")
    text = '{"questions": [\n{"type": "text"},\n{"type": "essay", "prompt": "?"}]}'
    read = await school.ok("teacher", "POST", "/api/test-files", json={"text": text})
    assert [(error["line"], error["field"]) for error in read["errors"]] == [
        (2, "questions[0].prompt"),
        (3, "questions[1].type"),
    ]
    assert read["questions"] == []
    assert await school.ok("teacher", "GET", "/api/tests") == before


async def test_a_file_saved_with_a_mark_is_read(school: School) -> None:
    file = b64encode(json.dumps({"title": "Maße"}).encode("utf-8-sig")).decode()
    read = await school.ok("teacher", "POST", "/api/test-files", json={"file": file})
    assert (read["title"], read["errors"]) == ("Maße", [])


async def test_text_or_file_and_nothing_else(school: School) -> None:
    for body in ({}, {"text": "{}", "file": ""}):
        assert (await school.refused("teacher", "POST", "/api/test-files", json=body))[0] == 422
