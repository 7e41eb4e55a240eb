"""Cases in JSON lines: one verdict for each line, in its place, whatever the line holds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, TypedDict, cast

from plugins.generation.grounding.checker import check_copy


class Problem(TypedDict):
    """One reason against one sentence."""

    sentence: str
    reason: str
    cited: list[str]


class Answer(TypedDict):
    """The verdict on one case."""

    id: object
    grounded: bool
    problems: list[Problem]


def check(case: Mapping[str, Any]) -> Answer:
    """Return the verdict on ``{id, as_of, channel, sources[{id, text}], copy}``; a malformed case is not grounded."""
    try:
        as_of, sources, copy = _read(case)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return _refuse(case.get("id"), f"bad_case: {error}")
    problems = [
        Problem(sentence=f.sentence, reason=f.reason, cited=list(f.cited)) for f in check_copy(copy, sources, as_of)
    ]
    return Answer(id=case.get("id"), grounded=not problems, problems=problems)


def _read(case: Mapping[str, Any]) -> tuple[date, dict[str, str], str]:
    copy = case["copy"]
    if not isinstance(copy, str):
        raise TypeError("copy must be a text")
    as_of = datetime.fromisoformat(str(case["as_of"])).date()
    sources: dict[str, str] = {}
    for source in case["sources"]:
        if not isinstance(source["text"], str):
            raise TypeError("the text of a source must be a text")
        sources[str(source["id"])] = source["text"]
    return as_of, sources, copy


def _refuse(case_id: object, reason: str) -> Answer:
    return Answer(id=case_id, grounded=False, problems=[Problem(sentence="", reason=reason, cited=[])])


def ground_lines(lines_in: Iterable[str]) -> Iterator[str]:
    """Yield one JSON answer for each line that is not blank, in order; a bad line is answered ``grounded: false``."""
    for line in lines_in:
        if not line.strip():
            continue
        yield json.dumps(_answer(line), ensure_ascii=False)


def _answer(line: str) -> Answer:
    try:
        case: object = json.loads(line)
    except (ValueError, RecursionError) as error:
        return _refuse(None, f"bad_line: not JSON ({type(error).__name__})")
    if not isinstance(case, dict):
        return _refuse(None, "bad_line: not an object")
    mapping = cast("dict[str, Any]", case)
    try:
        return check(mapping)
    except Exception as error:  # one line must never lose the others; it is answered as not grounded
        return _refuse(mapping.get("id"), f"not_checked: {type(error).__name__}")
