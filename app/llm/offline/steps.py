"""Steps, and what the stages of every agenda share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.llm.offline.meaning import Context, Meaning
from app.llm.offline.state import Outcome

Got = Mapping[str, Outcome]
Args = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One call: ``key`` names it within the turn, ``needed`` says whether its failure ends the frame."""

    key: str
    function: str
    arguments: Args
    needed: bool = True


Stage = Callable[[Meaning, Context, Got], "Sequence[Step]"]


def given(**values: Any) -> Args:
    """Leave out what was not said."""
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in values.items()
        if value not in (None, (), [])
    }


def channel_of(meaning: Meaning) -> str | None:
    return meaning.wishes.channels[0] if meaning.wishes.channels else None


def campaign_ref(meaning: Meaning, index: int = 0) -> str | None:
    refs = meaning.wishes.campaign_refs
    return refs[index] if len(refs) > index else None


def campaign_meant(meaning: Meaning, context: Context) -> str | None:
    """Return the campaign a question about results names, else the one spoken of last where it is not the open one."""
    spoken_of = context.spoken_of
    if spoken_of == (context.campaign or {}).get("campaign_id"):
        spoken_of = None
    return campaign_ref(meaning) or spoken_of
