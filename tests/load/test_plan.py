from __future__ import annotations

from itertools import pairwise

import pytest

from monitor.load.plan import LoadPlan

PLAN = LoadPlan(students=200, duration_seconds=60, ramp_seconds=10, churn_per_minute=0.1, seed=7)


def _acts(plan: LoadPlan) -> list[list[tuple[float, str]]]:
    return [[(act.at, act.kind) for act in acts] for acts in plan.acts()]


def test_the_same_seed_plans_the_same_run_and_another_one_another() -> None:
    def whole(seed: int) -> object:
        plan = LoadPlan(students=50, churn_per_minute=0.5, seed=seed)
        return plan.joins(), plan.beats(), _acts(plan), list(plan.drops())

    assert whole(1) == whole(1)
    assert whole(1) != whole(2)


@pytest.mark.parametrize("what", ["joins", "beats"])
def test_joins_and_heartbeats_are_evenly_apart(what: str) -> None:
    times = getattr(PLAN, what)()
    length = {"joins": PLAN.ramp_seconds, "beats": PLAN.heartbeat_seconds}[what]

    gaps = [after - before for before, after in pairwise(sorted(times))]

    assert len(times) == PLAN.students
    assert gaps == pytest.approx([length / PLAN.students] * (PLAN.students - 1))
    assert times != sorted(times), "the classes are mixed"


def test_at_any_second_there_is_as_much_to_do_as_at_any_other() -> None:
    plan = LoadPlan(students=300, duration_seconds=48, ramp_seconds=10, seed=3)
    seconds = [0] * 48

    for acts in plan.acts():
        for act in acts:
            if act.kind != "submit":
                seconds[int(act.at - plan.ramp_seconds)] += 1

    # 300 students, an act every 12 s.
    steady = seconds[:43]
    assert max(steady) - min(steady) <= 1
    assert sum(steady) / len(steady) == pytest.approx(25, rel=0.01)


def test_answers_come_at_the_rate_that_was_asked_for_and_others_on_top() -> None:
    plan = LoadPlan(students=100, answers_per_minute=4, duration_seconds=600, seed=1)
    kinds = [kind for acts in _acts(plan) for _, kind in acts]

    answers = kinds.count("answer") / plan.students / 10

    assert answers == pytest.approx(4, rel=0.02)
    assert kinds.count("highlight") == pytest.approx(kinds.count("answer") / 8, rel=0.05)
    assert kinds.count("hand") == pytest.approx(kinds.count("answer") / 8, rel=0.05)


def test_a_tenth_hands_in_at_the_end_and_does_nothing_afterwards() -> None:
    acts = _acts(PLAN)
    handing_in = [one for one in acts if any(kind == "submit" for _, kind in one)]

    assert len(handing_in) == PLAN.students // 10
    for one in handing_in:
        assert [kind for _, kind in one].index("submit") == len(one) - 1
        assert PLAN.end - 6 <= one[-1][0] <= PLAN.end
    assert all(at < PLAN.end for one in acts for at, _ in one)


def test_connections_are_cut_at_the_rate_of_the_churn_nobody_twice_before_all() -> None:
    drops = list(PLAN.drops())

    # A tenth of 200 in a minute.
    assert len(drops) == 20
    assert len({student for _, student in drops}) == 20
    assert all(PLAN.ramp_seconds < at < PLAN.end for at, _ in drops)
    assert list(LoadPlan(students=5).drops()) == []


def test_without_answers_nobody_does_anything() -> None:
    assert _acts(LoadPlan(students=3, answers_per_minute=0)) == [[], [], []]


@pytest.mark.parametrize(("students", "sittings"), [(1, 1), (30, 1), (31, 2), (90, 3)])
def test_the_last_sitting_takes_who_is_left(students: int, sittings: int) -> None:
    plan = LoadPlan(students=students, dashboards_per_session=2)

    assert plan.sittings == sittings
    assert plan.dashboards == 2 * sittings
