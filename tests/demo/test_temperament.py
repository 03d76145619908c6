from __future__ import annotations

import random
from statistics import mean

from monitor.demo.reading_test import QUESTIONS
from monitor.demo.teacher_play import LESSON_SECONDS
from monitor.demo.temperament import temperament


def _class(seed: int = 1) -> list[float]:
    students = [temperament(random.Random(f"{seed} {number}")) for number in range(300)]
    return [2 * one.reads + len(QUESTIONS) * one.thinks for one in students]


def test_the_same_die_makes_the_same_student() -> None:
    assert temperament(random.Random(5)) == temperament(random.Random(5))


def test_most_are_done_within_the_lesson_and_some_are_not() -> None:
    needed = _class()

    done = mean(seconds < LESSON_SECONDS for seconds in needed)
    assert 0.75 < done < 1.0
    assert min(needed) < LESSON_SECONDS / 2


def test_a_class_has_all_kinds() -> None:
    students = [temperament(random.Random(number)) for number in range(30)]

    assert any(one.loses_network for one in students)
    assert any(one.looks_away > 1 for one in students)
    assert any(one.reloads for one in students)
    assert any(one.asks for one in students)
    assert any(not one.hands_in for one in students)
    assert any(one.arrives > 35 for one in students)
