from __future__ import annotations

import pytest

from monitor.domain.attempt import Attempt, AttemptStatus
from monitor.domain.school_class import SchoolClass
from monitor.domain.session import RosterEntry, Session, SessionStatus
from monitor.domain.test import Test
from monitor.domain.user import Role, User
from monitor.errors import Forbidden, NotFound
from monitor.identity import access
from monitor.identity.access import Action, Relation, allowed, check

OWNERS = {Relation.CREATOR, Relation.CLASS_TEACHER}
STAFF = OWNERS | {Relation.INVIGILATOR}
WATCHERS = STAFF | {Relation.OBSERVER}
EVERY = set(Relation)
NOBODY: set[Relation] = set()

# Written out a second time, on purpose: what a teacher and a student may, under which relations.
EXPECTED: dict[Action, tuple[set[Relation], set[Relation]]] = {
    Action.USER_LIST: (EVERY, NOBODY),
    Action.USER_CREATE: (EVERY, NOBODY),
    Action.USER_CREATE_STAFF: (NOBODY, NOBODY),
    Action.USER_READ: (EVERY, {Relation.SELF}),
    Action.USER_RENAME: ({Relation.SELF, Relation.CLASS_TEACHER}, NOBODY),
    Action.USER_SET_PASSWORD: ({Relation.SELF}, {Relation.SELF}),
    Action.USER_CHANGE: (NOBODY, NOBODY),
    Action.CLASS_LIST: (EVERY, NOBODY),
    Action.CLASS_CREATE: (EVERY, NOBODY),
    Action.CLASS_READ: ({Relation.CLASS_TEACHER}, NOBODY),
    Action.CLASS_CHANGE: ({Relation.CLASS_TEACHER}, NOBODY),
    Action.TEST_LIST: (EVERY, NOBODY),
    Action.TEST_CREATE: (EVERY, NOBODY),
    Action.TEST_READ: (STAFF, NOBODY),
    Action.TEST_CHANGE: ({Relation.CREATOR}, NOBODY),
    Action.TEST_ASSIGN: ({Relation.CREATOR}, NOBODY),
    Action.SESSION_LIST: (EVERY, EVERY),
    Action.SESSION_CREATE: (EVERY, NOBODY),
    Action.SESSION_READ: (WATCHERS, {Relation.STUDENT}),
    Action.SESSION_WATCH: (WATCHERS, NOBODY),
    Action.SESSION_STEER: (STAFF, NOBODY),
    Action.SESSION_CHANGE: (OWNERS, NOBODY),
    Action.SESSION_LINKS: (OWNERS, NOBODY),
    Action.SESSION_JOIN: (NOBODY, {Relation.STUDENT}),
    Action.ATTEMPT_LIST: (EVERY, EVERY),
    Action.ATTEMPT_READ: (WATCHERS, {Relation.SELF}),
    Action.ATTEMPT_STEER: (STAFF, NOBODY),
    Action.ATTEMPT_WORK: (NOBODY, {Relation.SELF}),
}


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("relation", list(Relation))
def test_the_table_says_what_the_school_expects(action: Action, relation: Relation) -> None:
    teacher, student = EXPECTED[action]
    assert allowed(Role.TEACHER, action, {relation}) is (relation in teacher)
    assert allowed(Role.STUDENT, action, {relation}) is (relation in student)
    work = {Action.SESSION_JOIN, Action.ATTEMPT_WORK}
    assert allowed(Role.ADMIN, action, {relation}) is (action not in work)


def test_what_is_not_yours_is_not_there() -> None:
    with pytest.raises(NotFound):
        check(Role.TEACHER, Action.SESSION_STEER)
    with pytest.raises(NotFound):
        check(Role.STUDENT, Action.SESSION_READ, {Relation.NONE})


def test_what_the_role_never_may_is_forbidden_whatever_the_thing() -> None:
    with pytest.raises(Forbidden):
        check(Role.STUDENT, Action.SESSION_STEER, {Relation.STUDENT})
    with pytest.raises(Forbidden):
        check(Role.STUDENT, Action.SESSION_STEER)


def test_what_one_sees_but_may_not_change_is_forbidden() -> None:
    with pytest.raises(Forbidden):
        check(Role.TEACHER, Action.SESSION_LINKS, {Relation.INVIGILATOR})


def user(name: str, role: Role = Role.TEACHER) -> User:
    return User(id=name, email=None, name=name, role=role)


SESSION = Session(
    id="s",
    class_id="c",
    test_id="t",
    title="",
    status=SessionStatus.SCHEDULED,
    created_by="maker",
    invigilator_ids=("helper",),
    observer_ids=("watcher",),
    roster=(RosterEntry("pupil", "Pupil"),),
)
CLASS = SchoolClass(id="c", name="4a", teacher_id="teacher", student_ids=("pupil", "absent"))


@pytest.mark.parametrize(
    ("name", "relation"),
    [
        ("maker", Relation.CREATOR),
        ("teacher", Relation.CLASS_TEACHER),
        ("helper", Relation.INVIGILATOR),
        ("watcher", Relation.OBSERVER),
        ("pupil", Relation.STUDENT),
    ],
)
def test_a_sitting_knows_whose_it_is(name: str, relation: Relation) -> None:
    assert access.to_session(user(name), SESSION, CLASS) == {relation}


def test_a_sitting_is_not_of_a_student_who_is_only_on_the_classs_list() -> None:
    assert not access.to_session(user("absent", Role.STUDENT), SESSION, CLASS)
    assert not access.to_session(user("stranger"), SESSION, None)


def test_a_class_is_its_teachers() -> None:
    assert access.to_class(user("teacher"), CLASS) == {Relation.CLASS_TEACHER}
    assert not access.to_class(user("maker"), CLASS)


def test_a_test_is_its_makers_and_one_nobody_made_is_everyones_to_read() -> None:
    made = Test(id="t", title="", created_by="maker")
    assert access.to_test(user("maker"), made) == {Relation.CREATOR}
    assert not access.to_test(user("teacher"), made)
    common = access.to_test(user("teacher"), Test(id="t", title=""))
    assert allowed(Role.TEACHER, Action.TEST_READ, common)
    assert not allowed(Role.TEACHER, Action.TEST_CHANGE, common)


def test_a_teacher_may_rename_a_student_of_an_own_class_but_no_colleague() -> None:
    pupil = access.to_user(user("teacher"), user("pupil", Role.STUDENT), teaches=True)
    assert allowed(Role.TEACHER, Action.USER_RENAME, pupil)
    assert not access.to_user(user("teacher"), user("maker"), teaches=True)


def test_an_attempt_is_its_students_and_of_those_whose_the_sitting_is() -> None:
    attempt = Attempt(
        id="a", test_id="t", student_id="pupil", status=AttemptStatus.IN_PROGRESS, session_id="s"
    )
    own = access.to_attempt(user("pupil", Role.STUDENT), attempt, {Relation.STUDENT}, None)
    assert own == {Relation.SELF}
    neighbour = access.to_attempt(user("other", Role.STUDENT), attempt, {Relation.STUDENT}, None)
    assert not neighbour
    assert access.to_attempt(user("watcher"), attempt, {Relation.INVIGILATOR}, None) == {
        Relation.INVIGILATOR
    }


def test_an_attempt_without_a_sitting_is_of_the_tests_maker() -> None:
    attempt = Attempt(id="a", test_id="t", student_id="p", status=AttemptStatus.IN_PROGRESS)
    test = Test(id="t", title="", created_by="maker")
    assert access.to_attempt(user("maker"), attempt, (), test) == {Relation.CREATOR}
    assert not access.to_attempt(user("teacher"), attempt, (), test)
