"""A whole campaign with a hosted planner and a hosted writer, over real HTTP, in the real application."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from app.testing.builders import some_settings
from app.testing.fake_openai import fake_openai
from app.wiring import build_application

FILLER = "We have a quiet word about the season, the shelves, the garden and the people who keep it in order. "
OPENING = {"text": "Hello {{ first_name | default: 'there' }}, this is a note for the season.", "citations": []}


def written() -> str:
    """An answer of the hosted writer, in its format, with rhetoric only."""
    filler = [
        {"text": FILLER.replace("quiet", word) * 2, "citations": []} for word in ("quiet", "calm", "slow", "kind")
    ]
    body: dict[str, Any] = {
        "subject": "Something for your summer outdoors",
        "preheader": "A short note with the details of what is on offer.",
        "cta": "Have a look",
        "paragraphs": [[OPENING], filler],
    }
    return json.dumps(body)


async def test_a_hosted_campaign_from_brief_to_plan(sample_home: Path, tmp_path: Path) -> None:
    lapsed = [
        {"field": "lifecycle", "op": "eq", "value": "lapsed"},
        {"field": "value_tier", "op": "eq", "value": "high"},
    ]
    with fake_openai(
        [("segmentation-find_audience", {"conditions": lapsed}), ("retrieval-search_content", {"query": "summer"})],
        [("generation-write_brief", {"goal": "win back lapsed customers", "theme": "summer"})],
        [("generation-draft_variants", {"count": 2, "channel": None})],
        [("safety-check_copy", {}), ("experiment-plan_experiment", {"control_share": 0.34})],
        "The campaign is ready. Nothing was sent.",
        writer=written(),
    ) as fake:
        home = tmp_path / "home"
        shutil.copytree(sample_home, home)
        settings = some_settings(
            home=home, today="2026-06-15", openai_api_key="k", openai_base_url=fake.url + "/v1", openai_model="fake",
            price_in_per_million=1.0, price_out_per_million=2.0,
        )  # fmt: skip
        application = build_application(settings)
        reply = await application.agent.reply("cnv-hosted", "Build a summer campaign for lapsed high-value customers")
        await application.agent.close()
        application.close()
    assert reply.text == "The campaign is ready. Nothing was sent."
    assert [(c.round, c.function, c.ok) for c in reply.turn.calls] == [
        (1, "find_audience", True),
        (1, "search_content", True),
        (2, "write_brief", True),
        (3, "draft_variants", True),
        (4, "check_copy", True),
        (4, "plan_experiment", True),
    ]
    assert {a.kind for a in reply.turn.artifacts} >= {"audience", "brief", "variant", "experiment", "campaign"}
    assert reply.turn.tokens_in > 0 and reply.turn.cost > 0
    planner_requests = [r for r in fake.requests if r.get("tools")]
    assert len(planner_requests) == 5
    assert len(fake.requests) > len(planner_requests)  # the writer asked as well
    offered = {tool["function"]["name"] for tool in planner_requests[0]["tools"]}
    assert {"segmentation-find_audience", "experiment-request_launch", "history-undo_change"} <= offered
    assert not any("approve" in name for name in offered)
