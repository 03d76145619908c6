"""Students out of a spreadsheet into a class; nobody who exists is ever changed by it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from uuid import UUID, uuid5

from msgspec import Meta, Struct
from msgspec.structs import replace

from monitor.api import rosters
from monitor.api.call import Call
from monitor.api.classes import ClassItem, allowed_class, class_item
from monitor.api.endpoint import Noun
from monitor.api.fields import Reference
from monitor.domain.school_class import SchoolClass
from monitor.domain.user import Role, User
from monitor.errors import InvalidRequest, NotFound
from monitor.exchange.student_list import (
    MOST_STUDENTS,
    LineError,
    ListedStudent,
    StudentList,
    student_list,
)
from monitor.exchange.text_files import text_of
from monitor.identity.access import Action
from monitor.repositories.unit_of_work import UnitOfWork

noun = Noun("classes")


class ImportState(StrEnum):
    """What a line of the list means for the class."""

    NEW = "new"  # somebody who is not there yet
    KNOWN = "known"  # an account that is there joins the class, as it is
    LISTED = "listed"  # is in the class already


class GivenList(Struct, frozen=True, kw_only=True):
    """A list of students: pasted `text`, or a `file` in base64 as it was saved."""

    text: Annotated[str, Meta(max_length=1_000_000)] | None = None
    file: bytes | None = None


class ListToRead(GivenList, frozen=True, kw_only=True):
    """A list to look at, for a class that is there or for one to be."""

    class_id: Reference | None = None


class ListToImport(GivenList, frozen=True, kw_only=True):
    """A list to import; `skip_errors` leaves out the lines that are wrong."""

    skip_errors: bool = False


class ReadStudent(Struct, frozen=True, kw_only=True):
    """A line that is a student; an account that is there has its own name, whatever the list says.

    `student_id` is null where it will be made.
    """

    line: int
    name: str
    email: str | None
    state: ImportState
    student_id: str | None


class ReadList(Struct, frozen=True, kw_only=True):
    """What an import would do, line by line, and the lines that are wrong."""

    students: list[ReadStudent]
    errors: list[LineError]


class Imported(Struct, frozen=True, kw_only=True):
    """What an import has done."""

    school_class: ClassItem
    students: list[ReadStudent]
    errors: list[LineError]


@noun.on("POST", "/student-lists", errors=(NotFound,))
async def read_student_list(call: Call, body: ListToRead) -> ReadList:
    """Read a list of students and say what importing it would do; nothing is changed."""
    call.check(Action.CLASS_CREATE)
    given = _given(body)

    def look(uow: UnitOfWork) -> ReadList:
        present: tuple[str, ...] = ()
        if body.class_id is not None:
            found = uow.classes.get(body.class_id)
            present = allowed_class(call, Action.CLASS_CHANGE, found).student_ids
        students, errors = _matched(uow, given, present)
        return ReadList(students=students, errors=errors)

    return await call.services.database.read(look)


@noun.on("POST", "/classes/{class_id}/import", idempotent=True)
async def import_students(call: Call, body: ListToImport) -> Imported:
    """Put the students of a list into a class; accounts are made for those who have none.

    Who is in the class already stays, an account that is there is not changed, and a list with a
    wrong line is refused as a whole unless `skip_errors` is set.
    """
    class_id, new_ids = call.id("class_id"), UUID(call.new_id)
    given = _given(body)

    def bring(uow: UnitOfWork) -> Imported:
        before = allowed_class(call, Action.CLASS_CHANGE, uow.classes.get(class_id, lock=True))
        students, errors = _matched(uow, given, before.student_ids)
        if errors and not body.skip_errors:
            raise InvalidRequest(f"Line {errors[0].line}: {errors[0].message}")
        done = [_there(uow, one, new_ids) for one in students]
        after = _with(uow, before, [one.student_id for one in done if one.student_id is not None])
        return Imported(school_class=class_item(after), students=done, errors=errors)

    imported = await call.services.database.write(bring)
    await rosters.sync_class(call, class_id)
    return imported


def _given(body: GivenList) -> StudentList:
    if body.text is not None and body.file is None:
        return student_list(body.text)
    if body.file is not None and body.text is None:
        return student_list(text_of(body.file))
    raise InvalidRequest("Give either text or file.", "text")


def _matched(
    uow: UnitOfWork, given: StudentList, present: tuple[str, ...]
) -> tuple[list[ReadStudent], list[LineError]]:
    """Each line with the account it is about: the one of its address, else a namesake in class."""
    in_class = uow.users.get_many(present)
    namesakes: dict[str, list[User]] = {}
    for id_ in present:
        if id_ in in_class:
            namesakes.setdefault(in_class[id_].name.casefold(), []).append(in_class[id_])
    students: list[ReadStudent] = []
    errors = list(given.errors)
    for one in given.students:
        if one.email is None:
            same = namesakes.get(one.name.casefold())
            students.append(_read(one, same.pop(0) if same else None, present))
            continue
        found = uow.users.credentials(one.email)
        user = None if found is None else found[0]
        if user is not None and user.role is not Role.STUDENT:
            errors.append(_staff(one))
            continue
        if user is not None and user in namesakes.get(user.name.casefold(), ()):
            namesakes[user.name.casefold()].remove(user)
        students.append(_read(one, user, present))
    return students, sorted(errors, key=lambda error: error.line)


def _read(one: ListedStudent, user: User | None, present: tuple[str, ...]) -> ReadStudent:
    if user is None:
        state = ImportState.NEW
    else:
        state = ImportState.LISTED if user.id in present else ImportState.KNOWN
    return ReadStudent(
        line=one.line,
        name=one.name if user is None else user.name,
        email=one.email if user is None else user.email,
        state=state,
        student_id=None if user is None else user.id,
    )


def _staff(one: ListedStudent) -> LineError:
    return LineError(
        line=one.line,
        code="not_a_student",
        message="This address belongs to someone who is no student.",
        text=f"{one.name} {one.email}",
    )


def _there(uow: UnitOfWork, one: ReadStudent, new_ids: UUID) -> ReadStudent:
    """The student with an account, a new one where there was none."""
    if one.student_id is not None:
        return one
    id_ = str(uuid5(new_ids, str(one.line)))
    # There already: the same request came before, and the student has left the class since.
    if uow.users.get(id_) is None:
        uow.users.add(User(id=id_, email=one.email, name=one.name, role=Role.STUDENT))
    return replace(one, student_id=id_)


def _with(uow: UnitOfWork, before: SchoolClass, ids: list[str]) -> SchoolClass:
    fresh = [id_ for id_ in dict.fromkeys(ids) if id_ not in before.student_ids]
    if not fresh:
        return before
    if len(before.student_ids) + len(fresh) > MOST_STUDENTS:
        raise InvalidRequest(f"A class has at most {MOST_STUDENTS:,} students.")
    rosters.students(uow, fresh, "student_ids", keep=True)
    after = replace(before, student_ids=(*before.student_ids, *fresh))
    uow.classes.save(after)
    return after
