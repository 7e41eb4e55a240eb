"""Content documents on disk: Markdown with YAML front matter, read and checked, every complaint with file and line.

What a document may say is in its front matter: ``facts`` are typed values, ``say`` the approved phrasings by role. The
body is what is searched and cited, so every figure that may be said has to stand in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

import yaml
from pydantic import ValidationError

from app.domain.content import ContentDocument
from app.domain.entities import digest_of
from app.domain.errors import UserFixable

FENCE = "---"
REQUIRED_ROLES: Mapping[str, frozenset[str]] = {
    "offer": frozenset({"np", "vp", "how", "subject"}),
    "perk": frozenset({"s", "short"}),
    "product": frozenset({"list"}),
    "proof": frozenset({"s"}),
    "reassurance": frozenset({"s"}),
    "disclaimer": frozenset({"s", "short"}),
    "audience": frozenset({"ack"}),
    "theme": frozenset({"mood"}),
}
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
MOOD_TYPES = {"audience", "theme", "tone"}
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@dataclass(frozen=True)
class Complaint:
    """One thing wrong with a document: where it is and how to mend it."""

    path: str
    line: int
    problem: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.problem}"


def load_folder(folder: Path) -> list[ContentDocument]:
    """Read every ``*.md`` under ``folder``; raise ``UserFixable`` with all complaints (file and line) or return all."""
    if not folder.is_dir():
        raise UserFixable(f"{folder} is not a folder.", hint="Give the folder that holds the Markdown documents.")
    documents: list[ContentDocument] = []
    complaints: list[Complaint] = []
    for path in sorted(folder.rglob("*.md")):
        if path.name.upper() in ("README.MD", "CHANGELOG.MD"):
            continue
        name = path.relative_to(folder).as_posix()
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            complaints.append(Complaint(name, 1, f"is not UTF-8 (byte {error.start})"))
            continue
        found = parse_document(text, name)
        if isinstance(found, ContentDocument):
            documents.append(found)
        else:
            complaints += found
    complaints += lint_together(documents)
    refuse_when_wrong(complaints)
    if not documents:
        raise UserFixable(f"No document was found in {folder}.", hint="Documents are *.md files with front matter.")
    return documents


def refuse_when_wrong(complaints: Sequence[Complaint]) -> None:
    """Raise ``UserFixable`` naming every complaint, at most twenty in full."""
    if complaints:
        shown = "\n".join(str(c) for c in complaints[:20])
        more = f"\n... and {len(complaints) - 20} more" if len(complaints) > 20 else ""
        raise UserFixable(
            f"{len(complaints)} problem(s) in the content; nothing was loaded:\n{shown}{more}",
            hint="Mend the lines named and load again.",
        )


def parse_document(text: str, path: str) -> ContentDocument | list[Complaint]:
    """Return the document in ``text``, or everything that is wrong with it."""
    lines = text.replace("\r\n", "\n").split("\n")
    end = next((i for i, line in enumerate(lines[1:], 1) if line.strip() == FENCE), None)
    if lines[0].strip() != FENCE or end is None:
        return [Complaint(path, 1, "has no front matter: the file starts with a line '---' and a second one ends it")]
    header = "\n".join(lines[1:end])
    try:
        loaded = yaml.safe_load(header)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return [Complaint(path, (mark.line if mark else 0) + 2, f"front matter is not YAML: {_first_line(error)}")]
    if not isinstance(loaded, dict):
        return [Complaint(path, 2, "front matter is not a list of 'key: value' lines")]
    front = cast("dict[str, Any]", loaded)
    body = "\n".join(lines[end + 1 :]).strip()
    try:
        document = _validated(front, body, path)
    except ValidationError as error:
        return [Complaint(path, line_of(header, str(d["loc"][0]) if d["loc"] else ""), _say(d)) for d in error.errors()]
    return list(_lint(document, header, end + 2)) or document


def _validated(front: Mapping[str, Any], body: str, path: str) -> ContentDocument:
    values = {**front, "body": body, "origin": path}
    say = values.get("say")
    if isinstance(say, dict):
        phrases = cast("dict[str, Any]", say)
        values["say"] = {role: (p,) if isinstance(p, str) else tuple(p or ()) for role, p in phrases.items()}
    return with_hash(ContentDocument.model_validate(values))


def with_hash(document: ContentDocument) -> ContentDocument:
    """Return the document with the hash of everything in it except who approved it and where it came from."""
    parts = document.model_dump(mode="json", exclude={"content_hash", "origin", "approved_by", "approved_at"})
    return document.model_copy(update={"content_hash": digest_of(parts)})


def _say(detail: Any) -> str:
    where = ".".join(str(part) for part in detail["loc"])
    return f"{where or 'front matter'}: {detail['msg']}"


def _first_line(error: Exception) -> str:
    return str(getattr(error, "problem", None) or error).split("\n")[0]


def line_of(header: str, key: str) -> int:
    """Return the line of a top-level key in the file; 2 (the first line of the front matter) when it is absent."""
    for number, line in enumerate(header.split("\n"), 2):
        if key and line.startswith(f"{key}:"):
            return number
    return 2


def _lint(document: ContentDocument, header: str, body_line: int) -> Iterator[Complaint]:
    path = document.origin

    def at(key: str, problem: str) -> Complaint:
        return Complaint(path, line_of(header, key), problem)

    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{1,63}", document.id):
        yield at("id", f"id {document.id!r}: use lower-case letters, digits and hyphens")
    if not document.body:
        yield Complaint(path, body_line, "the body is empty: it is what is searched and cited")
    if document.status == "approved" and not (document.approved_by and document.approved_at):
        yield at("status", "approved, but approved_by and approved_at do not say who approved it and when")
    if document.approved_at and document.approved_at.tzinfo is None:
        yield at("approved_at", "approved_at needs a time zone, e.g. 2026-01-10T09:00:00Z")
    if document.valid_from and document.valid_until and document.valid_until < document.valid_from:
        yield at("valid_until", f"valid_until {document.valid_until} is before valid_from {document.valid_from}")
    missing = REQUIRED_ROLES.get(document.type, frozenset()) - set(document.say)
    if missing:
        yield at("say", f"a document of type {document.type} needs say: {', '.join(sorted(missing))}")
    if document.type == "brand" and not {"name", "site", "postal_address"} <= set(document.facts):
        yield at("facts", "a brand needs facts: name, site, postal_address")
    yield from _lint_figures(document, header)


def _lint_figures(document: ContentDocument, header: str) -> Iterator[Complaint]:
    path = document.origin
    said = [(role, phrase) for role, phrases in document.say.items() for phrase in phrases]
    if document.type in MOOD_TYPES:
        for role, phrase in said:
            if NUMBER.search(phrase):
                yield Complaint(path, line_of(header, "say"), f"say.{role} holds a figure; mood is rhetoric only")
        return
    figures = set(NUMBER.findall(document.body))
    for role, phrase in said:
        for figure in NUMBER.findall(phrase):
            if figure not in figures:
                yield Complaint(path, line_of(header, "say"), f"say.{role} says {figure}, which the body does not")
    for name, value in document.facts.items():
        if not _stands_in(value, document, figures):
            yield Complaint(path, line_of(header, "facts"), f"facts.{name} = {value}, which the body does not say")
    until = document.valid_until
    if until and document.type == "offer" and not says_day(document.body, until):
        yield Complaint(
            path, line_of(header, "valid_until"), f"the body does not name the end date {spoken_day(until)}"
        )


def _stands_in(value: object, document: ContentDocument, figures: set[str]) -> bool:
    if isinstance(value, bool) or document.type == "brand":
        return True
    if isinstance(value, (date, datetime)):
        return says_day(document.body, value)
    if isinstance(value, (int, float)):
        wanted = float(value)
        return any(_number(figure) == wanted for figure in figures)
    return str(value).lower() in document.body.lower()


def _number(figure: str) -> float:
    try:
        return float(figure.replace(",", ""))
    except ValueError:
        return float("nan")


def spoken_day(day: date) -> str:
    """Return a day as our content writes it: ``31 August 2026``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def says_day(text: str, day: date) -> bool:
    """Return whether ``text`` names the day, in one of four common forms."""
    month = MONTHS[day.month - 1]
    forms = (f"{day.day} {month} {day.year}", f"{month} {day.day}, {day.year}", day.isoformat(), f"{day.day} {month}")
    return any(form in text for form in forms)


def lint_together(documents: Iterable[ContentDocument]) -> Iterator[Complaint]:
    """Check what can only be seen in the whole set: ids used twice, required documents that are not there."""
    seen: dict[str, ContentDocument] = {}
    everything = list(documents)
    for document in everything:
        if document.id in seen:
            yield Complaint(document.origin, 2, f"id {document.id!r} is also used by {seen[document.id].origin}")
        seen.setdefault(document.id, document)
    for document in everything:
        for required in document.requires:
            if required not in seen:
                yield Complaint(document.origin, 2, f"requires {required!r}, and there is no such document")
