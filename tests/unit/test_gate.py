"""The gate by itself: what it makes cannot be forged, copied or changed."""

from __future__ import annotations

import asyncio
import copy
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.console import Console
from app.domain.errors import Unavailable, UserFixable
from app.domain.safety import Decision, Draft, Surface
from app.files import write_released
from app.gate import Gate, Released, Unreleased
from app.keys import Keys
from app.testing.screeners import ScriptedScreener, allowing, blocking, denying, hanging


def make_gate(screener: ScriptedScreener, bodies: list[Any] | None = None) -> Gate:
    """Return a gate whose audit bodies land in ``bodies``."""
    kept: list[Any] = bodies if bodies is not None else []

    def record(rows: Any, at: Any) -> list[str]:
        kept.extend(rows)
        return [f"dec-{len(kept)}-{i}" for i, _ in enumerate(rows)]

    return Gate(screener, record, Keys(b"k" * 32), deadline_seconds=2.0)


def released(text: str = "hello") -> tuple[Gate, Released]:
    """Return a gate and something it released."""
    gate = make_gate(allowing())
    return gate, gate.release_text(text, Surface.CHAT).released


def test_s1_only_the_gate_mints() -> None:
    with pytest.raises(Unreleased):
        Released("text", object(), "dec-1", "p", Surface.CHAT, "mac")


def test_sinks_refuse_plain_text_and_derived_text() -> None:
    gate, text = released()
    assert gate.egress(text) == "hello"
    for wrong in ("hello", text + "", text.upper(), f"{text}", text[:], None, 7, b"hello"):
        if type(wrong) is not Released:
            with pytest.raises(Unreleased):
                gate.egress(wrong)


def test_s31_changed_attributes_are_noticed() -> None:
    gate, text = released()
    text.decision_id = "dec-other"
    with pytest.raises(Unreleased):
        gate.egress(text)


def test_s47_another_installation_cannot_release_for_us() -> None:
    _, text = released()
    other = Gate(allowing(), lambda b, at: ["x"] * len(b), Keys(b"other key 1234567"))
    with pytest.raises(Unreleased):
        other.egress(text)


@pytest.mark.statement("S63")
def test_no_file_and_no_line_without_an_entry_in_the_audit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def full(rows: Any, at: Any) -> list[str]:
        raise OSError("no space left")

    gate = Gate(allowing(), full, Keys(b"k" * 32))
    text = gate.release_text("hello", Surface.CHAT).released
    for print_or_write in (
        lambda: write_released(gate, tmp_path / "file.txt", text),
        lambda: Console(gate).emit(text),
        lambda: Console(gate).json({"said": "hello"}),
    ):
        with pytest.raises(Unavailable, match="took no entry"):
            print_or_write()
    assert not list(tmp_path.iterdir()) and not capsys.readouterr().out


def test_released_cannot_be_pickled_but_stays_itself_when_copied() -> None:
    gate, text = released()
    with pytest.raises(Unreleased):
        pickle.dumps(text)
    assert gate.egress(copy.deepcopy(text)) == "hello"


def test_s7_safe_message_is_constant() -> None:
    passage = make_gate(denying()).release_text("very bad thing", Surface.CHAT)
    assert "bad" not in passage.released
    assert passage.decision_id in passage.released


def test_s38_audit_body_holds_no_text() -> None:
    bodies: list[Any] = []
    make_gate(blocking("secret"), bodies).release_text("a secret word", Surface.CHAT)
    assert len(bodies) == 1
    assert "secret" not in str(bodies)
    assert bodies[0]["decision"] == "block"


def test_json_is_released_leaf_by_leaf() -> None:
    gate = make_gate(blocking("bad"))
    passage = gate.release_json({"a": ["fine", "bad"], "n": 3, "bad": None}, Surface.UNTRUSTED)
    assert passage.value == {"a": ["fine", "[withheld]"], "n": 3, "[withheld]": None}
    assert passage.decision is Decision.BLOCK
    assert "bad" not in gate.egress(passage.released)


def test_json_values_are_released_each_by_itself_and_recorded_together() -> None:
    bodies: list[Any] = []
    gate = make_gate(blocking("bad"), bodies)
    fine, bad = gate.release_json_values([{"a": "fine"}, ["bad"]], Surface.CHAT, subject="trace")
    assert (fine.value, bad.value) == ({"a": "fine"}, ["[withheld]"])
    assert [body["decision"] for body in bodies] == ["allow", "block"]
    assert gate.egress(fine.released) == '{"a": "fine"}'
    assert fine.decision_id != bad.decision_id


def test_json_values_stay_when_the_audit_takes_no_row() -> None:
    def unwritable(_bodies: Any, _at: Any) -> list[str]:
        raise OSError("disk full")

    gate = Gate(allowing(), unwritable, Keys(b"k" * 32))
    passages = gate.release_json_values([{"a": "fine"}, {"b": "fine"}], Surface.CHAT)
    assert [(passage.value, passage.passed) for passage in passages] == [("[withheld]", False)] * 2


def test_s3_harm_split_over_strings_is_seen() -> None:
    gate = make_gate(ScriptedScreener(lambda d: Decision.BLOCK if "ba\nd" in d.text else Decision.ALLOW))
    assert "ba" not in str(gate.release_json(["ba", "d"], Surface.UNTRUSTED).value)


def test_s65_known_bad_canaries_stop_the_start() -> None:
    with pytest.raises(UserFixable):
        make_gate(allowing()).self_check()
    make_gate(denying()).self_check()


async def test_s15_a_cancelled_caller_releases_nothing_and_the_row_is_written() -> None:
    bodies: list[Any] = []
    answer = threading.Event()
    emitted: list[Any] = []
    gate = make_gate(hanging(answer), bodies)

    async def emit() -> None:
        emitted.extend(await gate.release_async([Draft(text="hello", surface=Surface.CHAT)]))

    task = asyncio.create_task(emit())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    answer.set()
    await asyncio.get_running_loop().shutdown_default_executor()
    assert emitted == []
    assert [body["decision"] for body in bodies] == ["allow"]


def test_s23_a_thousand_at_once_keep_their_own_verdicts() -> None:
    gate = make_gate(ScriptedScreener(lambda d: Decision.BLOCK if int(d.text) % 3 == 0 else Decision.ALLOW))

    def passed(number: int) -> bool:
        passage = gate.release_text(str(number), Surface.CHAT)
        return passage.passed and gate.egress(passage.released) == str(number)

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(passed, range(1_000))) == [bool(number % 3) for number in range(1_000)]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda s: st.lists(s) | st.dictionaries(st.text(), s)
    )
)
def test_json_that_passes_is_unchanged(value: Any) -> None:
    assert make_gate(allowing()).release_json(value, Surface.UNTRUSTED).value == value


@given(st.text())
@pytest.mark.statement("S31")
def test_released_text_is_exactly_what_was_screened(text: str) -> None:
    gate = make_gate(allowing())
    (passage,) = gate.release([Draft(text=text, surface=Surface.CHAT)])
    assert gate.egress(passage.released) == passage.released
