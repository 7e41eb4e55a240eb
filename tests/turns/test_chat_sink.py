"""The sink of the chat by itself: files and figures of elements, and what it lets through."""

from __future__ import annotations

import json

import plotly.graph_objects as go
import pytest

from app.chat_sink import ChatSink
from app.domain.safety import Surface
from app.gate import Gate, Unreleased
from app.testing.builders import a_gate, a_store
from app.testing.screeners import blocking

CANARY = "CANARY"


@pytest.fixture
def gate() -> Gate:
    return a_gate(a_store(), blocking(CANARY))


def test_s55_every_string_of_a_figure_is_screened(gate: Gate) -> None:
    bars = go.Bar(x=[CANARY, "b"], y=[1, 2], name=CANARY, hovertext=[CANARY, "x"], text=["x", f"y {CANARY}"])
    figure = go.Figure(bars)
    figure.update_layout(title=f"Sales {CANARY}", xaxis_title=CANARY)
    figure.add_annotation(text=CANARY)
    shown = ChatSink(gate).screened_content(figure.to_json()).decode()
    assert CANARY not in shown
    assert json.loads(shown)["data"][0]["y"] == [1, 2]


@pytest.mark.parametrize(
    "content", [f"a,b\n1,{CANARY}\n", f"%PDF {CANARY}".encode() + b"\xff\xfe\x00", CANARY.encode()]
)
def test_s55_files_are_screened_and_what_is_no_text_does_not_leave(gate: Gate, content: str | bytes) -> None:
    shown = ChatSink(gate).screened_content(content)
    assert CANARY.encode() not in shown
    assert b"withheld" in shown


def test_s56_only_what_the_gate_released_is_let_through(gate: Gate) -> None:
    sink = ChatSink(gate)
    released = gate.release_text("fine", Surface.CHAT).released
    assert sink.let_through(released) == "fine"
    with pytest.raises(Unreleased):
        sink.let_through("fine")  # pyright: ignore[reportArgumentType]
    assert sink.screened({"output": f"x {CANARY}", "id": "7"})["id"] == "7"
    assert CANARY not in str(sink.screened({"output": [f"x {CANARY}"], "name": CANARY}))
