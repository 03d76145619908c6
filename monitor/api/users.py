"""People."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import replace

from monitor.api.call import Call
from monitor.api.endpoint import Noun
from monitor.api.fields import Email, Items, Name, Paging, Password, items
from monitor.api.login import user_item
from monitor.api.rosters import sync_student
from monitor.domain.user import Role, User
from monitor.errors import BadCredentials, Conflict, Forbidden, InUse, InvalidRequest, NotFound
from monitor.identity import access
from monitor.identity.access import Action
from monitor.protocol.messages import UserItem
from monitor.repositories.unit_of_work import UnitOfWork

noun = Noun("users")


class UserQuery(Paging, frozen=True, kw_only=True):
    """Narrows the list."""

    role: Role | None = None
    search: Annotated[str, Meta(max_length=255, description="Part of a name or address")] | None = (
        None
    )


class NewUser(Struct, frozen=True, kw_only=True):
    """A person to be; students need neither address nor password."""

    name: Name
    role: Role
    email: Email | None = None
    password: Password | None = None


class UserChange(Struct, frozen=True, kw_only=True):
    """What to change; `current_password` goes with a new password of one's own."""

    name: Name | UnsetType = UNSET
    email: Email | UnsetType | None = UNSET
    role: Role | UnsetType = UNSET
    password: Password | UnsetType = UNSET
    current_password: Annotated[str, Meta(max_length=1024)] | UnsetType = UNSET


@noun.on("GET", "/users", query=UserQuery)
async def list_users(call: Call) -> Items[UserItem]:
    """List people, by name."""
    call.check(Action.USER_LIST)
    query = call.query(UserQuery)
    limit = call.limit(query)
    found = await call.services.database.read(
        lambda uow: uow.users.page(query.after, limit + 1, query.role, query.search)
    )
    return items(found, limit, user_item)


@noun.on("POST", "/users", status=201, idempotent=True, errors=(Conflict,))
async def create_user(call: Call, body: NewUser) -> UserItem:
    """Create a person; teachers create students only.

    An account that exists is never changed: its address answers 409 `conflict`.
    """
    call.check(Action.USER_CREATE if body.role is Role.STUDENT else Action.USER_CREATE_STAFF)
    if body.role is not Role.STUDENT and body.email is None:
        raise InvalidRequest("Teachers and admins sign in by e-mail address: give one.", "email")
    if body.password is not None and body.email is None:
        raise InvalidRequest("A password is of no use without an e-mail address.", "email")
    passwords = call.services.authenticator.passwords
    password_hash = None if body.password is None else await passwords.hash(body.password)
    user = User(
        id=call.new_id,
        email=_address(body.email),
        name=body.name.strip(),
        role=body.role,
    )

    def add(uow: UnitOfWork) -> User:
        known = uow.users.get(user.id)
        if known is not None:
            return known
        uow.users.add(user, password_hash)
        return user

    return user_item(await call.create(add))


@noun.on("GET", "/users/{user_id}", sitting=True)
async def read_user(call: Call) -> UserItem:
    """Read a person."""
    user_id = call.id("user_id")
    user = await call.services.database.read(lambda uow: uow.users.get(user_id))
    call.check(Action.USER_READ, access.to_user(call.actor, user) if user is not None else ())
    if user is None:
        raise NotFound
    return user_item(user)


@noun.on("PATCH", "/users/{user_id}", errors=(Conflict, BadCredentials))
async def change_user(call: Call, body: UserChange) -> UserItem:
    """Change a person.

    Everyone may change their own password, and so ends all their sign-ins; teachers may change
    their own name and those of students in their classes; the rest is the admins'.
    """
    user_id = call.id("user_id")
    await _check_change(call, user_id, body)
    password_hash = (
        None
        if body.password is UNSET
        else await call.services.authenticator.passwords.hash(body.password)
    )

    def change(uow: UnitOfWork) -> tuple[User, bool]:
        before = uow.users.get(user_id)
        if before is None:
            raise NotFound
        after = replace(
            before,
            name=before.name if body.name is UNSET else body.name.strip(),
            email=before.email if body.email is UNSET else _address(body.email),
            role=before.role if body.role is UNSET else body.role,
        )
        if after != before:
            uow.users.save(after)
        if password_hash is not None:
            uow.users.set_password(user_id, password_hash)
        return after, after.name != before.name

    after, renamed = await call.services.database.write(change)
    if renamed or body.name is not UNSET:
        await sync_student(call, user_id)
    return user_item(after)


@noun.on("DELETE", "/users/{user_id}", status=204, errors=(InUse,))
async def delete_user(call: Call) -> None:
    """Remove a person to whom no class, test, sitting or attempt refers."""
    user_id = call.id("user_id")
    call.check(Action.USER_CHANGE)
    if user_id == call.actor.id:
        raise Forbidden("Nobody removes themself: another admin can.")
    await call.services.database.write(lambda uow: uow.users.remove(user_id))


async def _check_change(call: Call, user_id: str, body: UserChange) -> None:
    def find(uow: UnitOfWork) -> tuple[User | None, bool]:
        user = uow.users.get(user_id)
        classes = uow.classes.of_student(user_id)
        return user, any(one.teacher_id == call.actor.id for one in classes)

    user, teaches = await call.services.database.read(find)
    relations = () if user is None else access.to_user(call.actor, user, teaches=teaches)
    call.check(Action.USER_READ, relations)
    if body.email is not UNSET or body.role is not UNSET:
        call.check(Action.USER_CHANGE, relations)
    if body.name is not UNSET:
        call.check(Action.USER_RENAME, relations)
    if body.password is not UNSET:
        call.check(Action.USER_SET_PASSWORD, relations)
    if user is None:
        raise NotFound
    if user.id != call.actor.id:
        return
    if body.role is not UNSET and body.role is not user.role:
        raise Forbidden("Nobody changes their own role: another admin can.")
    if body.password is not UNSET:
        current = "" if body.current_password is UNSET else body.current_password
        authenticator = call.services.authenticator
        if not await authenticator.has_password(user.id, current, call.address):
            raise InvalidRequest("This is not your present password.", "current_password")


def _address(email: str | None) -> str | None:
    return None if email is None else email.strip().lower()
