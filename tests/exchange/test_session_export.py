from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import msgspec
import pytest

from monitor.domain.attempt import Answer, Attempt, AttemptStatus, Highlight, Value
from monitor.domain.session import RosterEntry, Session, SessionStatus
from monitor.domain.test import Choice, Question, QuestionType, Test
from monitor.exchange.cells import BOM
from monitor.exchange.session_csv import session_csv
from monitor.exchange.session_export import SessionExport, session_export
from monitor.protocol.codec import encode
from monitor.protocol.items import ParticipantItem

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
THEN = "2026-11-22T10:00:00.000Z"
TEST = Test(
    id="t",
    title="Reading",
    questions=(
        Question(
            id="q1",
            type=QuestionType.SINGLE_CHOICE,
            prompt="Which\nanimal?",
            choices=(Choice("a", "Otter"), Choice("b", "=Badger")),
        ),
        Question(
            id="q2",
            type=QuestionType.MULTIPLE_CHOICE,
            prompt="Which two?",
            choices=(Choice("a", "Red"), Choice("b", "Blue")),
        ),
        Question(id="q3", type=QuestionType.TEXT, prompt="Why?" * 100),
        Question(id="q4", type=QuestionType.NUMBER, prompt="How many?"),
    ),
)


def export(answers: dict[str, Value] | None = None, note: str | None = None) -> SessionExport:
    session = Session(
        id="s",
        class_id="c",
        test_id="t",
        title="Monday",
        status=SessionStatus.COMPLETED,
        created_by="u",
        extra_seconds={"ada": 60},
        roster=(RosterEntry("ada", "Ada"), RosterEntry("bob", "=Bob()")),
    )
    places = [
        ParticipantItem(
            student_id=student,
            attempt_id=f"a-{student}",
            joined_at=THEN,
            connection_status="CONNECTED",
            last_activity=THEN,
        )
        for student in ("ada", "gone")
    ]
    work = Attempt(
        id="a-ada",
        test_id="t",
        student_id="ada",
        session_id="s",
        status=AttemptStatus.SUBMITTED,
        answers={id_: Answer(value, NOW) for id_, value in (answers or {}).items()},
        highlighted_text=(
            Highlight(
                id="h",
                timestamp=NOW,
                text="otter",
                passage_id="p",
                position_start=0,
                position_end=5,
                color_code="yellow",
            ),
        ),
        note=note,
    )
    return session_export(
        session,
        places,
        [work],
        test=TEST,
        names={"gone": "Gus"},
        exported_at=NOW,
        heartbeat_seconds=5.0,
    )


def rows(exported: SessionExport) -> list[dict[str, str]]:
    text = session_csv(exported)
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline="")))


def test_everyone_on_the_list_has_a_row_and_who_left_it_comes_after() -> None:
    assert [(row["student_id"], row["status"]) for row in rows(export())] == [
        ("ada", "SUBMITTED"),
        ("bob", "ABSENT"),
        ("gone", "ABSENT"),
    ]
    assert rows(export())[2]["name"] == "Gus"


def test_answers_are_written_as_people_read_them() -> None:
    ada = rows(export({"q1": "a", "q2": ["a", "b"], "q3": "Because", "q4": -2.5}))[0]
    answers = [value for name, value in ada.items() if name.startswith("q")]
    assert answers == ["Otter", "Red; Blue", "Because", "-2.5"]


def test_a_question_without_an_answer_is_an_empty_cell() -> None:
    ada = rows(export({"q1": None}))[0]
    assert [value for name, value in ada.items() if name.startswith("q")] == [""] * 4


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1", "@x", "-1"])
def test_nothing_a_student_or_teacher_wrote_becomes_a_formula(text: str) -> None:
    ada, bob, _ = rows(export({"q1": "b", "q3": text}, note=text))
    assert bob["name"] == "'=Bob()"
    assert ada["note"] == "'" + text
    assert ada["q1: Which animal?"] == "'=Badger"
    assert "'" + text in ada.values()


def test_a_long_prompt_is_cut_in_the_head_of_its_column() -> None:
    heads = [name for name in rows(export())[0] if name.startswith("q3")]
    assert heads[0].endswith("…")
    assert len(heads[0]) < 130


def test_the_json_export_holds_everything_and_reads_back() -> None:
    exported = export({"q1": "a"})
    again = msgspec.json.decode(encode(exported), type=SessionExport)
    assert encode(again) == encode(exported)
    ada = again.students[0]
    assert ada.attempt is not None
    assert ada.attempt.extra_seconds == 60
    assert ada.answers["q1"].value == "a"
    assert ada.highlighted_text[0].text == "otter"
    assert again.exported_at == THEN
