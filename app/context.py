"""What the planner is shown: its instructions, the state of the conversation, and the latest turns.

Whole turns are kept or dropped, so that the current request is always there and no call loses its result. User text,
results and replies are the screened forms of the store.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from semantic_kernel.contents import AuthorRole, ChatHistory, ChatMessageContent, FunctionCallContent
from semantic_kernel.contents import FunctionResultContent as ResultContent

from app.domain.audience import Audience
from app.domain.content import Variant
from app.domain.conversation import ToolCall, Turn
from app.domain.errors import Refused, UserFixable
from app.workspace import Workspace

FULL_RESULTS_OF_LAST_TURNS = 4


@dataclass(frozen=True)
class Prompt:
    """A prompt file: its text and a version made of its name and the first digits of its hash."""

    text: str
    version: str


def load_prompt(path: Path) -> Prompt:
    """Read the ``template`` of a prompt file (semantic-kernel YAML); raise ``UserFixable`` when it is not one."""
    try:
        raw = path.read_text(encoding="utf-8")
        template = yaml.safe_load(raw)["template"]
    except (OSError, yaml.YAMLError, KeyError, TypeError):
        raise UserFixable(f"The prompt file {path.name} cannot be read.", hint="It needs a `template` key.") from None
    return Prompt(str(template), f"{path.stem}@{hashlib.sha256(raw.encode()).hexdigest()[:8]}")


def state_of(workspace: Workspace) -> dict[str, Any]:
    """Return the handles the planner works with, as the JSON of its STATE note."""
    campaign: dict[str, Any] | None = None
    experiment_id: str | None = None
    audience_id = workspace.noted("audience_id")
    if workspace.has_campaign():
        current = workspace.campaign()
        experiment_id = current.experiment_id
        audience_id = current.audience_id or audience_id
        campaign = {
            "campaign_id": current.id,
            "name": current.name,
            "state": current.state.value,
            "theme": current.theme,
            "channels": list(current.channels),
            "variants": {label: _variant(workspace, vid) for label, vid in current.variants.items()},
            "has_results": current.readout_id is not None,
            "synthetic": current.synthetic,
        }
    return {
        "campaign": campaign,
        "audience": _audience(workspace, audience_id),
        "experiment_id": experiment_id,
        "today": workspace.today.isoformat(),
        "notes": workspace.notes(),
    }


def _variant(workspace: Workspace, variant_id: str) -> dict[str, Any]:
    try:
        variant = workspace.get(Variant, variant_id)
    except Refused:
        return {"variant_id": variant_id}
    return {
        "variant_id": variant_id,
        "decision": variant.decision.value,
        "tone": variant.tone,
        "channel": variant.channel,
    }


def _audience(workspace: Workspace, audience_id: Any) -> dict[str, Any] | None:
    if not isinstance(audience_id, str):
        return None
    try:
        audience = workspace.get(Audience, audience_id)
    except Refused:
        return None
    conditions = audience.definition.get("all_of", [audience.definition])
    return {
        "audience_id": audience.id,
        "words": audience.words,
        "conditions": conditions,
        "channel": audience.channel,
        "matched": audience.matched,
        "eligible": audience.eligible,
    }


def build_history(prompt: Prompt, state: dict[str, Any], turns: Sequence[Turn], user_text: str) -> ChatHistory:
    """Return the messages for the planner: instructions, STATE, earlier turns, the current request."""
    history = ChatHistory()
    history.add_message(ChatMessageContent(role=AuthorRole.SYSTEM, content=prompt.text))
    history.add_message(ChatMessageContent(role=AuthorRole.SYSTEM, content="STATE " + json.dumps(state, default=str)))
    for age, turn in zip(range(len(turns), 0, -1), turns, strict=True):
        _add_turn(history, turn, full=age <= FULL_RESULTS_OF_LAST_TURNS)
    history.add_message(ChatMessageContent(role=AuthorRole.USER, content=user_text))
    return history


def _add_turn(history: ChatHistory, turn: Turn, *, full: bool) -> None:
    history.add_message(ChatMessageContent(role=AuthorRole.USER, content=turn.user_text))
    rounds = sorted({call.round for call in turn.calls})
    for number in rounds:
        calls = [call for call in turn.calls if call.round == number]
        items: list[Any] = [_call_content(call) for call in calls]
        history.add_message(ChatMessageContent(role=AuthorRole.ASSISTANT, items=items))
        for call in calls:
            history.add_message(_result_message(call, full=full))
    history.add_message(ChatMessageContent(role=AuthorRole.ASSISTANT, content=turn.reply))


def _call_content(call: ToolCall) -> FunctionCallContent:
    return FunctionCallContent(
        id=call.call_id, index=call.index, name=f"{call.plugin}-{call.function}", plugin_name=call.plugin,
        function_name=call.function, arguments=json.dumps(call.arguments),
    )  # fmt: skip


def _result_message(call: ToolCall, *, full: bool) -> ChatMessageContent:
    shown = (
        call.result if full else {k: call.result[k] for k in ("ok", "summary", "handle", "error") if k in call.result}
    )
    content = ResultContent(
        id=call.call_id, name=f"{call.plugin}-{call.function}", plugin_name=call.plugin,
        function_name=call.function, result=json.dumps(shown, ensure_ascii=False),
    )  # fmt: skip
    return content.to_chat_message_content()
