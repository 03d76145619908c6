from __future__ import annotations

from typing import Any

import pytest

from monitor.domain.session import SessionStatus
from tests.support.school import School, a_school

TEST: dict[str, Any] = {
    "title": "Otters",
    "passages": [{"id": "p1", "title": "The otter", "text": "An otter swims."}],
    "questions": [
        {
            "id": "q1",
            "type": "single_choice",
            "prompt": "Who?",
            "choices": [{"id": "a", "text": "Otter"}, {"id": "b", "text": "Owl"}],
            "passage_id": "p1",
        },
        {"id": "q2", "type": "number", "prompt": "How many?", "choices": [], "passage_id": None},
    ],
}


async def test_a_test_comes_back_as_it_was_given(school: School) -> None:
    made = await school.ok("teacher", "POST", "/api/tests", json=TEST)
    assert made == TEST | {"id": made["id"], "created_by": school.id("teacher")}
    assert await school.ok("teacher", "GET", f"/api/tests/{made['id']}") == made
    listed = (await school.ok("teacher", "GET", "/api/tests"))["items"]
    assert {"id": made["id"], "title": "Otters", "total": 2, "created_by": made["created_by"]} in (
        listed
    )


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ({"type": "single_choice"}, "questions[0].choices"),
        ({"type": "text", "choices": [{"id": "a", "text": "A"}]}, "questions[0].choices"),
        (
            {"type": "multiple_choice", "choices": [{"id": "a", "text": "A"}] * 2},
            "questions[0].choices",
        ),
        ({"type": "essay"}, "questions[0].type"),
        ({"type": "text", "passage_id": "p2"}, "questions[0].passage_id"),
        ({"type": "text", "prompt": ""}, "questions[0].prompt"),
    ],
)
async def test_a_question_that_makes_no_sense_is_named(
    school: School, question: dict[str, Any], field: str
) -> None:
    body = {"title": "Otters", "questions": [{"id": "q", "prompt": "Why?"} | question]}
    response = await school("teacher", "POST", "/api/tests", json=body)
    assert response.status_code == 422
    assert response.json()["field"].replace("[...]", "[0]") == field


@pytest.mark.parametrize("part", ["passages", "questions"])
async def test_no_two_have_the_same_id(school: School, part: str) -> None:
    response = await school("teacher", "POST", "/api/tests", json=TEST | {part: TEST[part][:1] * 2})
    assert response.json()["field"] == part


async def test_a_test_changes_until_a_sitting_of_it_has_started(database_url: str) -> None:
    async with a_school(database_url, status=SessionStatus.WAITING_FOR_STUDENTS) as school:
        path = f"/api/tests/{school.seeded.test_id}"
        changed = await school.ok(
            "teacher", "PATCH", path, json={"questions": TEST["questions"][1:]}
        )
        assert [question["id"] for question in changed["questions"]] == ["q2"]
        await school.ok("teacher", "POST", "./start")
        change = {"title": "Too late"}
        assert await school.refused("teacher", "PATCH", path, json=change) == (409, "in_use")
        same = {"title": changed["title"]}
        assert await school.ok("teacher", "PATCH", path, json=same) == changed
        joined = await school.ok("student", "POST", "./join")
        assert [question["id"] for question in joined["test"]["questions"]] == ["q2"]
        assert joined["attempt"]["total"] == 1


async def test_who_joins_before_the_start_counts_the_questions_of_the_test_as_it_is_now(
    database_url: str,
) -> None:
    async with a_school(database_url, status=SessionStatus.SCHEDULED) as school:
        await school.ok("teacher", "POST", "./open")
        path = f"/api/tests/{school.seeded.test_id}"
        await school.ok("teacher", "PATCH", path, json={"questions": TEST["questions"][1:]})
        joined = await school.ok("student", "POST", "./join")
        assert joined["attempt"]["total"] == 1
        change = {"questions": TEST["questions"]}
        assert await school.refused("teacher", "PATCH", path, json=change) == (409, "in_use")


async def test_a_change_must_make_sense_with_what_stays(school: School) -> None:
    made = await school.ok("teacher", "POST", "/api/tests", json=TEST)
    response = await school("teacher", "PATCH", f"/api/tests/{made['id']}", json={"passages": []})
    assert response.json()["field"] == "questions[0].passage_id"


async def test_teachers_see_their_own_tests_only(school: School) -> None:
    assert (await school.ok("other_teacher", "GET", "/api/tests"))["items"] == []
    assert len((await school.ok("admin", "GET", "/api/tests"))["items"]) == 1
    body = {"class_id": school.seeded.class_id, "test_id": school.seeded.test_id}
    klass = await school.ok("other_teacher", "POST", "/api/classes", json={"name": "9A"})
    response = await school(
        "other_teacher", "POST", "/api/sessions", json=body | {"class_id": klass["id"]}
    )
    assert response.json()["field"] == "test_id"


async def test_a_test_nobody_has_used_can_be_removed(school: School) -> None:
    made = await school.ok("teacher", "POST", "/api/tests", json=TEST)
    await school.ok("teacher", "DELETE", f"/api/tests/{made['id']}")
    assert await school.refused("teacher", "GET", f"/api/tests/{made['id']}") == (404, "not_found")
