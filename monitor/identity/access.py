"""Who may do what: one table, role × action × relation.

A role says what a person is to the school, a relation what they are to the thing at hand. Policy:

- An admin may everything, but nobody does a student's work except that student.
- A sitting belongs to who made it, to who teaches its class and to its invigilators. The first two
  are its owners: only they change what it is about and hand out sign-in links. Its observers see
  what these see and change nothing.
- Teachers see everyone (to put students in classes and name invigilators) and create students, but
  change nobody: of a student of their own class, the name alone.
- A student sees own sittings, own attempts and themself.

A refusal is `Forbidden` only where it gives nothing away: the role never may, or the person may
read the thing anyway. Otherwise what is not yours looks like what is not there.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from monitor.domain.attempt import Attempt
from monitor.domain.school_class import SchoolClass
from monitor.domain.session import Session
from monitor.domain.test import Test
from monitor.domain.user import Role, User
from monitor.errors import Forbidden, NotFound


class Relation(StrEnum):
    """What a person is to a thing; everyone has `NONE`."""

    CREATOR = "creator"  # made it
    CLASS_TEACHER = "class teacher"  # teaches the class that it is, or belongs to, or is in
    INVIGILATOR = "invigilator"  # watches over the sitting, or gives its test
    OBSERVER = "observer"  # looks on
    STUDENT = "own student"  # is on the sitting's list
    SELF = "self"  # it is them, or their attempt
    NONE = "none"


class Action(StrEnum):
    """What can be asked for; `*_LIST` and `*_CREATE` are about no thing in particular."""

    USER_LIST = "list users"
    USER_CREATE = "create a student"
    USER_CREATE_STAFF = "create a teacher or an admin"
    USER_READ = "read a user"
    USER_RENAME = "change a user's name"
    USER_SET_PASSWORD = "set a password"  # noqa: S105 - the name of an action
    USER_CHANGE = "change a user's address, role or password"
    CLASS_LIST = "list classes"
    CLASS_CREATE = "create a class"
    CLASS_READ = "read a class"
    CLASS_CHANGE = "change a class"
    TEST_LIST = "list tests"
    TEST_CREATE = "create a test"
    TEST_READ = "read a test"
    TEST_CHANGE = "change a test"
    TEST_ASSIGN = "give a test to a single student"
    SESSION_LIST = "list sittings"
    SESSION_CREATE = "create a sitting"
    SESSION_READ = "read a sitting"
    SESSION_WATCH = "watch a sitting"  # dashboard, snapshot, events, export
    SESSION_STEER = "steer a sitting"  # every command
    SESSION_CHANGE = "change what a sitting is about"
    SESSION_LINKS = "hand out sign-in links"
    SESSION_JOIN = "join a sitting"
    ATTEMPT_LIST = "list attempts"
    ATTEMPT_READ = "read an attempt"
    ATTEMPT_STEER = "note on an attempt or accept what came late"
    ATTEMPT_WORK = "work on an attempt"


_ANYONE = frozenset(Relation)
_OWNERS = frozenset({Relation.CREATOR, Relation.CLASS_TEACHER})
_STAFF = _OWNERS | {Relation.INVIGILATOR}
_WATCHERS = _STAFF | {Relation.OBSERVER}
_SELF = frozenset({Relation.SELF})
_MADE = frozenset({Relation.CREATOR})
_TAUGHT = frozenset({Relation.CLASS_TEACHER})
_LISTED = frozenset({Relation.STUDENT})

# For each role: the action, and the relations under any of which it is allowed.
_ADMIN: dict[Action, frozenset[Relation]] = {
    action: _ANYONE for action in Action if action not in {Action.SESSION_JOIN, Action.ATTEMPT_WORK}
}
_TEACHER: dict[Action, frozenset[Relation]] = {
    Action.USER_LIST: _ANYONE,
    Action.USER_CREATE: _ANYONE,
    Action.USER_READ: _ANYONE,
    Action.USER_RENAME: _SELF | _TAUGHT,
    Action.USER_SET_PASSWORD: _SELF,
    Action.CLASS_LIST: _ANYONE,
    Action.CLASS_CREATE: _ANYONE,
    Action.CLASS_READ: _TAUGHT,
    Action.CLASS_CHANGE: _TAUGHT,
    Action.TEST_LIST: _ANYONE,
    Action.TEST_CREATE: _ANYONE,
    Action.TEST_READ: _STAFF,
    Action.TEST_CHANGE: _MADE,
    Action.TEST_ASSIGN: _MADE,
    Action.SESSION_LIST: _ANYONE,
    Action.SESSION_CREATE: _ANYONE,
    Action.SESSION_READ: _WATCHERS,
    Action.SESSION_WATCH: _WATCHERS,
    Action.SESSION_STEER: _STAFF,
    Action.SESSION_CHANGE: _OWNERS,
    Action.SESSION_LINKS: _OWNERS,
    Action.ATTEMPT_LIST: _ANYONE,
    Action.ATTEMPT_READ: _WATCHERS,
    Action.ATTEMPT_STEER: _STAFF,
}
_STUDENT: dict[Action, frozenset[Relation]] = {
    Action.USER_READ: _SELF,
    Action.USER_SET_PASSWORD: _SELF,
    Action.SESSION_LIST: _ANYONE,
    Action.SESSION_READ: _LISTED,
    Action.SESSION_JOIN: _LISTED,
    Action.ATTEMPT_LIST: _ANYONE,
    Action.ATTEMPT_READ: _SELF,
    Action.ATTEMPT_WORK: _SELF,
}
_SEEN_BY = {action: Action[f"{action.name.partition('_')[0]}_READ"] for action in Action}
TABLE = {Role.ADMIN: _ADMIN, Role.TEACHER: _TEACHER, Role.STUDENT: _STUDENT}


def allowed(role: Role, action: Action, relations: Collection[Relation] = ()) -> bool:
    """Whether this role may do this to a thing it has these relations to."""
    under = TABLE[role].get(action, frozenset())
    return Relation.NONE in under or not under.isdisjoint(relations)


def ever_allowed(role: Role, action: Action) -> bool:
    """Whether there is anything that this role may do this to."""
    return bool(TABLE[role].get(action))


def check(role: Role, action: Action, relations: Collection[Relation] = ()) -> None:
    """Pass if allowed.

    Raises:
        Forbidden: the role never may, or not to this thing, which it may read.
        NotFound: it may, but not to a thing that is not theirs.
    """
    if allowed(role, action, relations):
        return
    if not ever_allowed(role, action) or allowed(role, _SEEN_BY[action], relations):
        raise Forbidden
    raise NotFound


def to_user(actor: User, other: User, *, teaches: bool = False) -> frozenset[Relation]:
    """What `actor` is to another person; `teaches`: a class of the actor's has that student."""
    found = set()
    if actor.id == other.id:
        found.add(Relation.SELF)
    if teaches and other.role is Role.STUDENT:
        found.add(Relation.CLASS_TEACHER)
    return frozenset(found)


def to_class(actor: User, school_class: SchoolClass) -> frozenset[Relation]:
    """What `actor` is to a class."""
    taught = school_class.teacher_id == actor.id
    return _TAUGHT if taught else frozenset()


def to_test(actor: User, test: Test, *, invigilates: bool = False) -> frozenset[Relation]:
    """What `actor` is to a test; one that nobody made is everyone's to read and give.

    `invigilates`: a sitting of it is theirs to watch.
    """
    found = set()
    if test.created_by == actor.id:
        found.add(Relation.CREATOR)
    if invigilates or test.created_by is None:
        found.add(Relation.INVIGILATOR)
    return frozenset(found)


def to_session(
    actor: User, session: Session, school_class: SchoolClass | None
) -> frozenset[Relation]:
    """What `actor` is to a sitting of this class (null where the class is gone)."""
    found = set()
    if session.created_by == actor.id:
        found.add(Relation.CREATOR)
    if school_class is not None and school_class.teacher_id == actor.id:
        found.add(Relation.CLASS_TEACHER)
    if actor.id in session.invigilator_ids:
        found.add(Relation.INVIGILATOR)
    if actor.id in session.observer_ids:
        found.add(Relation.OBSERVER)
    if any(entry.id == actor.id for entry in session.roster):
        found.add(Relation.STUDENT)
    return frozenset(found)


def to_attempt(
    actor: User, attempt: Attempt, of_session: Collection[Relation], test: Test | None
) -> frozenset[Relation]:
    """What `actor` is to an attempt: what they are to its sitting, or, standalone, to its test."""
    found = set(of_session) - {Relation.STUDENT}
    if attempt.student_id == actor.id:
        found.add(Relation.SELF)
    if attempt.session_id is None and test is not None and test.created_by == actor.id:
        found.add(Relation.CREATOR)
    return frozenset(found)
