"""Golden traces: whole conversations on the sample shop, every call and the released text, as readable YAML.

``make golden`` writes them anew; the difference is reviewed. Ids and times are replaced by their order of appearance.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.agent import Reply
from app.testing.builders import some_settings
from app.wiring import Application, build_application

FOLDER = Path(__file__).parent / "golden"
CONVERSATIONS = {
    "summer_campaign": [
        "Build a summer campaign for lapsed high-value customers",
        "how big is the audience?",
        "only the UK",
        "make B friendlier",
        "why is C00007 not in it?",
        "go back",
    ],
    "finished_experiment": [
        "Which variant won in the last finished campaign, and how sure are we?",
        "who responded best?",
    ],
    "no": [
        "What's the weather in Paris?",
        "target people with diabetes",
        "can we test this with 208 people in 4 arms?",
    ],
}
ID = re.compile(r"\b(aud|brf|cmp|var|exp|trn|dec|apr|cal|calc|err|vrd|ver|rdo|brief|call)[-_][0-9a-f]{8,64}\b")


def normalised(text: str, seen: dict[str, str]) -> str:
    """Replace ids by their kind and order of appearance."""
    return ID.sub(lambda m: seen.setdefault(m.group(0), f"{m.group(1)}-{len(seen) + 1}"), text)


def as_golden(replies: list[Reply]) -> str:
    """Return the conversation as YAML."""
    turns: list[dict[str, Any]] = []
    for reply in replies:
        turn = reply.turn
        calls = [
            {
                "call": f"{c.plugin}-{c.function}",
                "arguments": c.arguments,
                "ok": c.ok,
                "verdict": c.decision.value,
                "says": c.result.get("summary", c.result.get("error")),
            }
            for c in turn.calls
        ]
        turns.append(
            {"user": turn.user_text, "calls": calls, "verdict": turn.verdict.decision.value, "reply": turn.reply}
        )
    text = yaml.safe_dump(turns, sort_keys=False, allow_unicode=True, width=110)
    return normalised(text, {})


@pytest.mark.parametrize("name", CONVERSATIONS)
async def test_golden_trace(name: str, application: Application, request: pytest.FixtureRequest) -> None:
    replies = [await application.agent.reply(f"cnv-{name}", text) for text in CONVERSATIONS[name]]
    found = as_golden(replies)
    path = FOLDER / f"{name}.yaml"
    if request.config.getoption("--update-golden"):
        FOLDER.mkdir(exist_ok=True)
        path.write_text(found, encoding="utf-8")
    assert path.exists(), "run `make golden` and review the new file"
    assert found == path.read_text(encoding="utf-8")


async def test_two_runs_are_the_same(sample_home: Path, tmp_path: Path) -> None:
    goldens: list[str] = []
    for number in (1, 2):
        shutil.copytree(sample_home, tmp_path / str(number))
        made = build_application(some_settings(home=tmp_path / str(number), today="2026-06-15"))
        replies = [await made.agent.reply("cnv-run", text) for text in CONVERSATIONS["summer_campaign"][:3]]
        goldens.append(as_golden(replies))
        made.close()
    assert goldens[0] == goldens[1]


async def test_a_stored_turn_replays_to_the_same_calls_and_text(application: Application) -> None:
    from app.trace import replay

    for text in CONVERSATIONS["summer_campaign"][:4]:
        reply = await application.agent.reply("cnv-replay", text)
        assert await replay(application, reply.turn.id) == []
