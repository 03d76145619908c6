"""Tests: passages to read and questions to answer."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from monitor.api import test_content
from monitor.api.call import Call
from monitor.api.endpoint import Noun
from monitor.api.fields import Items, Name, Paging, items
from monitor.api.test_content import Passages, Questions
from monitor.domain.test import Passage, Question, Test
from monitor.domain.user import Role
from monitor.errors import InUse, NotFound
from monitor.identity import access
from monitor.identity.access import Action
from monitor.repositories.session_lists import SessionFilter
from monitor.repositories.unit_of_work import UnitOfWork

noun = Noun("tests")


class TestResource(Struct, frozen=True, kw_only=True):
    """A test whole, as its teachers see it."""

    __test__ = False  # not a pytest class

    id: str
    title: str
    passages: list[Passage]
    questions: list[Question]
    created_by: str | None


class TestSummary(Struct, frozen=True, kw_only=True):
    """A test in a list."""

    __test__ = False

    id: str
    title: str
    total: int
    created_by: str | None


class NewTest(Struct, frozen=True, kw_only=True):
    """A test to be."""

    title: Name
    passages: Passages = []
    questions: Questions = []


class TestChange(Struct, frozen=True, kw_only=True):
    """What to change; lists are whole new lists."""

    __test__ = False

    title: Name | UnsetType = UNSET
    passages: Passages | UnsetType = UNSET
    questions: Questions | UnsetType = UNSET


@noun.on("GET", "/tests", query=Paging)
async def list_tests(call: Call) -> Items[TestSummary]:
    """List the caller's tests and those that belong to nobody, or for an admin all, by title."""
    call.check(Action.TEST_LIST)
    query = call.query(Paging)
    owner = None if call.actor.role is Role.ADMIN else call.actor.id
    limit = call.limit(query)
    found = await call.services.database.read(
        lambda uow: uow.tests.page(owner, query.after, limit + 1)
    )
    return items(found, limit, _summary)


@noun.on("POST", "/tests", status=201, idempotent=True)
async def create_test(call: Call, body: NewTest) -> TestResource:
    """Create a test."""
    call.check(Action.TEST_CREATE)
    test = Test(
        id=call.new_id,
        title=body.title.strip(),
        passages=test_content.passages_of(body.passages),
        questions=test_content.questions_of(body.questions),
        created_by=call.actor.id,
    )
    test_content.require_passages(test.questions, test.passages)

    def add(uow: UnitOfWork) -> Test:
        known = uow.tests.get(test.id)
        if known is not None:
            return known
        uow.tests.add(test)
        return test

    return resource(await call.create(add))


@noun.on("GET", "/tests/{test_id}")
async def read_test(call: Call) -> TestResource:
    """Read a test of one's own, one that belongs to nobody, or one of a sitting of one's own."""
    return resource(await readable_test(call))


@noun.on("PATCH", "/tests/{test_id}", errors=(InUse,))
async def change_test(call: Call, body: TestChange) -> TestResource:
    """Change a test, as long as nobody has begun to work on it."""
    test_id = call.id("test_id")

    def change(uow: UnitOfWork) -> Test:
        before = _to_change(uow, call, test_id)
        after = _changed(before, body)
        if after != before:
            uow.tests.save(after)
        return after

    return resource(await call.services.database.write(change))


@noun.on("DELETE", "/tests/{test_id}", status=204, errors=(InUse,))
async def delete_test(call: Call) -> None:
    """Remove a test that no sitting and no attempt refers to."""
    test_id = call.id("test_id")

    def remove(uow: UnitOfWork) -> None:
        _to_change(uow, call, test_id)
        uow.tests.remove(test_id)

    await call.services.database.write(remove)


async def readable_test(call: Call) -> Test:
    """The test that the address names, if the caller may read it; else Forbidden or NotFound."""
    test_id = call.id("test_id")

    def find(uow: UnitOfWork) -> Test:
        test = uow.tests.get(test_id)
        call.check(Action.TEST_READ, () if test is None else _relations(uow, call, test))
        if test is None:
            raise NotFound
        return test

    return await call.services.database.read(find)


def resource(test: Test) -> TestResource:
    """A test whole."""
    return TestResource(
        id=test.id,
        title=test.title,
        passages=list(test.passages),
        questions=list(test.questions),
        created_by=test.created_by,
    )


def _relations(uow: UnitOfWork, call: Call, test: Test) -> frozenset[access.Relation]:
    only = SessionFilter(test_id=test.id)
    invigilates = bool(uow.sessions.for_staff(call.actor.id, only, limit=1))
    return access.to_test(call.actor, test, invigilates=invigilates)


def _to_change(uow: UnitOfWork, call: Call, test_id: str) -> Test:
    test = uow.tests.get(test_id)
    call.check(Action.TEST_CHANGE, () if test is None else _relations(uow, call, test))
    if test is None:
        raise NotFound
    return test


def _changed(before: Test, body: TestChange) -> Test:
    after = before
    if body.title is not UNSET:
        after = replace(after, title=body.title.strip())
    if body.passages is not UNSET:
        after = replace(after, passages=test_content.passages_of(body.passages))
    if body.questions is not UNSET:
        after = replace(after, questions=test_content.questions_of(body.questions))
    test_content.require_passages(after.questions, after.passages)
    return after


def _summary(test: Test) -> TestSummary:
    return TestSummary(
        id=test.id, title=test.title, total=len(test.questions), created_by=test.created_by
    )
