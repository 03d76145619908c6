"""Lists of students out of a spreadsheet: pasted, or a CSV file of whatever dialect.

One line is one student, and each line is read for itself, so that one that is wrong spoils no
other. Columns are found by their heads; without heads, one column is the name, and of several the
one with an `@` is the e-mail address and the others together are the name.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator

from msgspec import Struct

NAME_CHARACTERS = 255
EMAIL_CHARACTERS = 320
MOST_STUDENTS = 1000  # in a class

_DELIMITERS = "\t;,"  # in this order where a line has as many of each
_SEPARATOR_LINE = re.compile(r"sep=(.)\s*", re.IGNORECASE)  # Excel's own
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")

_NAME_HEADS = frozenset(
    {
        *("name", "full name", "student", "student name", "pupil", "learner"),
        *("schüler", "schülerin", "schüler/in", "schüler*in", "nom complet", "élève", "alumno"),
    }
)
_FIRST_HEADS = frozenset(
    {"first name", "firstname", "given name", "forename", "vorname", "prénom", "nombre"}
)
_LAST_HEADS = frozenset(
    {
        *("last name", "lastname", "surname", "family name"),
        *("nachname", "familienname", "nom", "nom de famille", "apellido", "apellidos"),
    }
)
_EMAIL_HEADS = frozenset(
    {
        *("email", "e-mail", "mail", "email address", "e-mail address", "e-mail-adresse"),
        *("courriel", "adresse e-mail", "correo", "correo electrónico"),
    }
)


class ListedStudent(Struct, frozen=True, kw_only=True):
    """A student on the list; `line` counts from 1."""

    line: int
    name: str
    email: str | None = None


class LineError(Struct, frozen=True, kw_only=True):
    """What is wrong with a line; `code` for programs, `message` for people."""

    line: int
    code: str
    message: str
    text: str


class StudentList(Struct, frozen=True, kw_only=True):
    """What could be read, and what could not."""

    students: tuple[ListedStudent, ...] = ()
    errors: tuple[LineError, ...] = ()


class _Columns(Struct, frozen=True):
    """Where the parts of a name and the address stand; heads say so, or there are none."""

    names: tuple[int, ...]
    email: int | None


class _Unreadable(Exception):
    """Why a line is no student."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def student_list(text: str) -> StudentList:
    """Read a list of students; every line that is not empty is a student or an error."""
    lines = [(at, line) for at, line in enumerate(_lines(text), start=1) if line.strip(" \t,;")]
    delimiter = None
    if lines and (found := _SEPARATOR_LINE.fullmatch(lines[0][1])):
        delimiter, lines = found[1], lines[1:]
    if not lines:
        return StudentList()
    delimiter = delimiter or _delimiter([line for _, line in lines])
    columns = _heads(lines[0][1], delimiter)
    students: list[ListedStudent] = []
    errors: list[LineError] = []
    lines_of_emails: dict[str, int] = {}
    for at, line in lines if columns is None else lines[1:]:
        try:
            student = _student(at, _cells(line, delimiter), columns)
            if student.email is not None:
                first = lines_of_emails.setdefault(student.email, at)
                if first != at:
                    raise _Unreadable("double_email", f"Line {first} has this address already.")
            if len(students) == MOST_STUDENTS:
                raise _Unreadable("too_many", f"A class has at most {MOST_STUDENTS:,} students.")
        except _Unreadable as error:
            shown = line.strip()[:120]
            errors.append(LineError(line=at, code=error.code, message=error.message, text=shown))
        else:
            students.append(student)
    return StudentList(students=tuple(students), errors=tuple(errors))


def _lines(text: str) -> Iterator[str]:
    # Not splitlines: it splits at form feeds and the like, and line numbers would differ from what
    # an editor shows.
    yield from text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _delimiter(lines: list[str]) -> str:
    """What divides most lines; quoted ones do not count."""
    bare = [re.sub(r'"[^"]*"', "", line) for line in lines]
    counts = {mark: sum(mark in line for line in bare) for mark in _DELIMITERS}
    return max(_DELIMITERS, key=lambda mark: counts[mark])


def _cells(line: str, delimiter: str) -> list[str]:
    if _is_left_open(line, delimiter):
        raise _Unreadable("open_quote", "A quotation mark is opened here and never closed.")
    try:
        row = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        raise _Unreadable("bad_text", "This line cannot be read.") from None
    return [" ".join(unicodedata.normalize("NFC", cell).split()) for cell in row]


def _is_left_open(line: str, delimiter: str) -> bool:
    """Whether a cell begins with a quotation mark and none ends it."""
    inside, at_start = False, True
    at = 0
    while at < len(line):
        character = line[at]
        if inside:
            if character == '"':
                if line[at + 1 : at + 2] == '"':
                    at += 1
                else:
                    inside = False
        elif character == '"' and at_start:
            inside = True
        at_start = character == delimiter or (at_start and character == " ")
        at += 1
    return inside


def _heads(line: str, delimiter: str) -> _Columns | None:
    """The columns, if the line is one of heads."""
    try:
        cells = [cell.casefold().rstrip(":*") for cell in _cells(line, delimiter)]
    except _Unreadable:
        return None
    names = [at for at, cell in enumerate(cells) if cell in _NAME_HEADS]
    first = [at for at, cell in enumerate(cells) if cell in _FIRST_HEADS]
    last = [at for at, cell in enumerate(cells) if cell in _LAST_HEADS]
    emails = [at for at, cell in enumerate(cells) if cell in _EMAIL_HEADS]
    # "Name" beside "Vorname", and "Nom" beside "Prénom", is the family name.
    parts = (*first[:1], *(last or names)[:1]) if first or last else tuple(names[:1])
    if not parts and not emails:
        return None
    return _Columns(parts, emails[0] if emails else None)


def _student(line: int, cells: list[str], columns: _Columns | None) -> ListedStudent:
    if columns is None:
        emails = [cell for cell in cells if "@" in cell]
        name = " ".join(cell for cell in cells if cell and "@" not in cell)
        if len(emails) > 1:
            raise _Unreadable("bad_email", "There is more than one e-mail address.")
        email = emails[0] if emails else ""
    else:
        name = " ".join(cells[at] for at in columns.names if at < len(cells) and cells[at])
        at = columns.email
        email = cells[at] if at is not None and at < len(cells) else ""
    return ListedStudent(line=line, name=_name(name), email=_email(email))


def _name(name: str) -> str:
    if not name:
        raise _Unreadable("no_name", "There is no name.")
    if len(name) > NAME_CHARACTERS:
        raise _Unreadable("long_name", f"A name has at most {NAME_CHARACTERS} characters.")
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in name):
        raise _Unreadable("bad_text", "The name holds characters that cannot be shown.")
    return name


def _email(email: str) -> str | None:
    if not email:
        return None
    if len(email) > EMAIL_CHARACTERS or not _EMAIL.fullmatch(email):
        raise _Unreadable("bad_email", f"“{email[:60]}” is no e-mail address.")
    return email.lower()
