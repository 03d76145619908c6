"""School classes."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from monitor.api import rosters
from monitor.api.call import Call
from monitor.api.endpoint import Noun
from monitor.api.fields import Items, Name, Paging, Reference, References, distinct, items
from monitor.api.login import user_item
from monitor.domain.school_class import ClassStatus, SchoolClass
from monitor.domain.user import Role, User
from monitor.errors import Forbidden, InUse, InvalidRequest, NotFound
from monitor.identity import access
from monitor.identity.access import Action
from monitor.protocol.messages import UserItem
from monitor.repositories.unit_of_work import UnitOfWork

noun = Noun("classes")


class ClassItem(Struct, frozen=True, kw_only=True):
    """A school class."""

    id: str
    name: str
    teacher_id: str
    student_ids: list[str]
    status: ClassStatus


class ClassQuery(Paging, frozen=True, kw_only=True):
    """Narrows the list; `teacher_id` is for admins, others see their own."""

    status: ClassStatus | None = None
    teacher_id: Reference | None = None


class NewClass(Struct, frozen=True, kw_only=True):
    """A class to be; without `teacher_id` it is the caller's."""

    name: Name
    student_ids: References = []
    teacher_id: Reference | None = None


class ClassChange(Struct, frozen=True, kw_only=True):
    """What to change; `student_ids` is the whole new list."""

    name: Name | UnsetType = UNSET
    student_ids: References | UnsetType = UNSET
    status: ClassStatus | UnsetType = UNSET
    teacher_id: Reference | UnsetType = UNSET


@noun.on("GET", "/classes", query=ClassQuery)
async def list_classes(call: Call) -> Items[ClassItem]:
    """List the caller's classes, or for an admin all, by name."""
    call.check(Action.CLASS_LIST)
    query = call.query(ClassQuery)
    teacher_id = query.teacher_id if call.actor.role is Role.ADMIN else call.actor.id
    limit = call.limit(query)
    found = await call.services.database.read(
        lambda uow: uow.classes.page(teacher_id, query.status, after=query.after, limit=limit + 1)
    )
    return items(found, limit, class_item)


@noun.on("POST", "/classes", status=201, idempotent=True)
async def create_class(call: Call, body: NewClass) -> ClassItem:
    """Create a class of students that exist; nobody is changed by it."""
    call.check(Action.CLASS_CREATE)
    school_class = SchoolClass(
        id=call.new_id,
        name=body.name.strip(),
        teacher_id=_teacher(call, body.teacher_id),
        student_ids=distinct(body.student_ids, "student_ids"),
    )

    def add(uow: UnitOfWork) -> SchoolClass:
        known = uow.classes.get(school_class.id)
        if known is not None:
            return known
        _require_teacher(uow, school_class.teacher_id)
        rosters.students(uow, school_class.student_ids, "student_ids", keep=True)
        uow.classes.add(school_class)
        return school_class

    return class_item(await call.create(add))


@noun.on("GET", "/classes/{class_id}")
async def read_class(call: Call) -> ClassItem:
    """Read a class."""
    class_id = call.id("class_id")
    found = await call.services.database.read(lambda uow: uow.classes.get(class_id))
    return class_item(allowed_class(call, Action.CLASS_READ, found))


@noun.on("GET", "/classes/{class_id}/students")
async def list_class_students(call: Call) -> Items[UserItem]:
    """List the students of a class, all at once, in the order of the class."""
    class_id = call.id("class_id")

    def find(uow: UnitOfWork) -> list[User]:
        ids = allowed_class(call, Action.CLASS_READ, uow.classes.get(class_id)).student_ids
        found = uow.users.get_many(ids)
        return [found[id_] for id_ in ids if id_ in found]

    students = await call.services.database.read(find)
    return Items(items=[user_item(student) for student in students])


@noun.on("PATCH", "/classes/{class_id}")
async def change_class(call: Call, body: ClassChange) -> ClassItem:
    """Change a class; its sittings that are not over take over the new list.

    Who has a place in a sitting already keeps it.
    """
    class_id = call.id("class_id")

    def change(uow: UnitOfWork) -> SchoolClass:
        before = allowed_class(call, Action.CLASS_CHANGE, uow.classes.get(class_id, lock=True))
        after = before
        if body.name is not UNSET:
            after = replace(after, name=body.name.strip())
        if body.status is not UNSET:
            after = replace(after, status=body.status)
        if body.teacher_id is not UNSET and body.teacher_id != before.teacher_id:
            after = replace(after, teacher_id=_teacher(call, body.teacher_id))
            _require_teacher(uow, after.teacher_id)
        if body.student_ids is not UNSET:
            wanted = distinct(body.student_ids, "student_ids")
            fresh = [id_ for id_ in wanted if id_ not in before.student_ids]
            rosters.students(uow, fresh, "student_ids", keep=True)
            after = replace(after, student_ids=wanted)
        if after != before:
            uow.classes.save(after)
        return after

    after = await call.services.database.write(change)
    if body.student_ids is not UNSET:
        await rosters.sync_class(call, class_id)
    return class_item(after)


@noun.on("DELETE", "/classes/{class_id}", status=204, errors=(InUse,))
async def delete_class(call: Call) -> None:
    """Remove a class that never had a sitting; others can be archived."""
    class_id = call.id("class_id")

    def remove(uow: UnitOfWork) -> None:
        allowed_class(call, Action.CLASS_CHANGE, uow.classes.get(class_id))
        uow.classes.remove(class_id)

    await call.services.database.write(remove)


def allowed_class(call: Call, action: Action, found: SchoolClass | None) -> SchoolClass:
    """This class, if the caller may do this to it; else Forbidden or NotFound."""
    call.check(action, () if found is None else access.to_class(call.actor, found))
    if found is None:
        raise NotFound
    return found


def _teacher(call: Call, teacher_id: str | None) -> str:
    if teacher_id is None or teacher_id == call.actor.id:
        return call.actor.id
    if call.actor.role is not Role.ADMIN:
        raise Forbidden("Only an admin gives a class to someone else.")
    return teacher_id


def _require_teacher(uow: UnitOfWork, teacher_id: str) -> None:
    teacher = uow.users.get(teacher_id)
    if teacher is None or teacher.role is Role.STUDENT:
        raise InvalidRequest(f"teacher_id: there is no teacher {teacher_id}.", "teacher_id")


def class_item(school_class: SchoolClass) -> ClassItem:
    """A class as the API shows it."""
    return ClassItem(
        id=school_class.id,
        name=school_class.name,
        teacher_id=school_class.teacher_id,
        student_ids=list(school_class.student_ids),
        status=school_class.status,
    )
