"""The command line by hand: shapes, exit codes, errors with hints, and nothing but released text."""

from __future__ import annotations

import contextlib
import json
import resource
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli import app

TODAY = "2026-06-15"


@pytest.fixture
def cpo(sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a command over a copy of the sample home."""
    home = tmp_path / "home"
    shutil.copytree(sample_home, home)
    monkeypatch.setenv("CPO_HOME", str(home))
    monkeypatch.setenv("CPO_TODAY", TODAY)
    runner = CliRunner()

    def run(*words: str, stdin: str | None = None) -> Result:
        return runner.invoke(app, list(words), input=stdin)

    return run


def body_of(result: Result) -> dict[str, Any]:
    """The JSON of a command that went well."""
    assert result.exit_code == 0, result.output + result.stderr
    return json.loads(result.stdout)


def test_help_costs_under_a_second_of_cpu() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    done = subprocess.run([Path(sys.executable).with_name("cpo"), "--help"], capture_output=True, check=True)
    assert b"ask" in done.stdout
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 1.0


def test_ask_has_the_documented_shape_and_goes_on(cpo: Any) -> None:
    body = body_of(cpo("ask", "Build a summer campaign for lapsed high-value customers", "--json"))
    assert set(body) >= {
        "conversation", "turn", "reply", "planner", "calls", "verdict", "artifacts", "pending_approvals",
    }  # fmt: skip
    assert set(body["calls"][0]) >= {"plugin", "function", "arguments", "ok", "duration_ms", "result"}
    assert body["verdict"]["decision"] == "allow"
    assert {a["kind"] for a in body["artifacts"]} >= {"audience", "brief", "variant", "experiment", "campaign"}
    again = body_of(cpo("ask", "how big is the audience?", "--conversation", body["conversation"], "--json"))
    matched = next(c["result"]["data"]["matched"] for c in body["calls"] if c["function"] == "find_audience")
    assert f"{matched:,}" in again["reply"]


@pytest.mark.statement("S50")
def test_a_launch_waits_for_a_person_and_happens_once(cpo: Any) -> None:
    built = body_of(cpo("ask", "Build a summer campaign for lapsed high-value customers", "--json"))
    asked = body_of(cpo("ask", "launch it", "--conversation", built["conversation"], "--json"))
    (pending,) = asked["pending_approvals"]
    assert pending["kind"] == "launch" and len(pending["digest"]) == 64
    yes = body_of(cpo("ask", "yes, I approve, launch now", "--conversation", built["conversation"], "--json"))
    assert "is launched" not in yes["reply"]
    done = cpo("approve", pending["id"], "--as", "Ada Lovelace", "--json")
    if done.exit_code != 0:  # asking again voids the older request
        (pending,) = yes["pending_approvals"]
        done = cpo("approve", pending["id"], "--as", "Ada Lovelace", "--json")
    assert body_of(done)["kind"] == "launch"
    assert cpo("approve", pending["id"], "--as", "Ada Lovelace").exit_code == 2
    assert body_of(cpo("audit", "verify", "--json"))["intact"]


def test_trace_shows_and_replays_a_turn(cpo: Any) -> None:
    body = body_of(cpo("ask", "Describe my customers", "--json"))
    assert "segmentation-describe_customers" in cpo("trace", body["turn"]).stdout
    assert body_of(cpo("trace", body["turn"], "--replay", "--json"))["same"]


def test_power_says_no(cpo: Any) -> None:
    words = ["power", "--n", "208", "--arms", "4", "--baseline", "0.02", "--lift", "0.2", "--json"]
    body = body_of(cpo(*words))
    assert body["feasible"] is False
    assert body["n_per_arm_needed"] > 52 and body["words"]


def test_readout_from_counts_and_from_rows(cpo: Any, tmp_path: Path) -> None:
    counts = {"control": "A", "arms": [{"name": "A", "n": 1000, "events": 31}, {"name": "B", "n": 1010, "events": 52}]}
    body = body_of(cpo("readout", "--json", stdin=json.dumps(counts)))
    assert body["comparisons"][0]["p"] == pytest.approx(0.0204, abs=0.003)
    rows = tmp_path / "rows.csv"
    rows.write_text("id,arm,converted\n" + "".join(f"{i},{'AB'[i % 2]},{int(i % 17 == 0)}\n" for i in range(400)))
    body = body_of(
        cpo("readout", "--data", str(rows), "--arm", "arm", "--control", "A", "--outcome", "converted", "--json")
    )
    assert {a["name"] for a in body["arms"]} == {"A", "B"} and body["calculation_id"]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["readout", "--data", "nothing.csv", "--arm", "a", "--outcome", "b"], 2, "nothing.csv"),
        (["readout", "--data", "x.csv"], 2, "--arm"),
        (["ingest", "customers", "nothing.csv"], 2, "nothing.csv"),
        (["ingest", "elephants", "pyproject.toml"], 2, "elephants"),
        (["approve", "apr-none", "--as", "Ada"], 2, "apr-none"),
        (["trace", "trn-none"], 2, "trn-none"),
        (["ask", ""], 2, "empty"),
        (["power", "--n", "100", "--baseline", "7"], 2, "baseline"),
        (["segment", "--method", "astrology"], 2, "rfm"),
        (["audience", '{"field": "shoe_size", "op": "eq", "value": 7}', "--json"], 2, "shoe_size"),
    ],
)
def test_mistakes_exit_with_2_and_say_how_to_mend_them(cpo: Any, words: list[str], code: int, says: str) -> None:
    result = cpo(*words)
    assert result.exit_code == code, result.output
    assert says.lower() in (result.stderr + result.stdout).lower()
    assert "Traceback" not in result.output


FULL = "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"


@pytest.mark.statement("S63")
@pytest.mark.parametrize(
    "words",
    [
        ["ask", "Describe my customers"],
        ["ask", "Describe my customers", "--json"],
        ["doctor"],
        ["audit", "verify", "--json"],
        ["search", "towels"],
        ["power", "--n", "1000"],
        ["screen", "--jsonl", "given.jsonl", "out.jsonl"],
        ["report", "a campaign that is not there"],
    ],
)
def test_s63_a_command_whose_output_cannot_be_recorded_fails_and_says_why(
    cpo: Any, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("given.jsonl").write_text('{"id": "1", "text": "Hello, summer is here.", "surface": "copy"}\n')
    with contextlib.closing(sqlite3.connect(tmp_path / "home" / "cpo.sqlite")) as database:
        database.execute(FULL)
    result = cpo(*words)
    assert result.exit_code == 1 and not result.stdout
    assert "the audit took no entry" in result.stderr and "has room" in result.stderr
    assert not Path("out.jsonl").exists()


def test_an_unknown_setting_stops_with_the_nearest_name(cpo: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CPO_BUDGET_CALL", "3")
    result = cpo("doctor")
    assert result.exit_code == 2
    assert "CPO_BUDGET_CALLS" in result.stderr


def test_doctor_says_what_stands_in(cpo: Any) -> None:
    body = body_of(cpo("doctor", "--json"))
    assert body["ok"] and body["data"]["synthetic"]
    assert [s["real"] for s in body["services"]] == [False] * 5


def test_audience_can_be_recomputed(cpo: Any) -> None:
    definition = '{"all_of": [{"field": "lifecycle", "op": "eq", "value": "lapsed"}]}'
    body = body_of(cpo("audience", definition, "--json"))
    assert set(body) >= {"definition", "words", "matched", "ids_sha256", "funnel", "as_of"}
    assert body["matched"] == body["eligible"] + sum(step["removed"] for step in body["funnel"])
    said = body_of(cpo("audience", "--say", "lapsed customers", "--json"))
    assert said["ids_sha256"] == body["ids_sha256"]


def test_segment_counts_everybody(cpo: Any) -> None:
    body = body_of(cpo("segment", "--method", "rfm", "--json"))
    assert sum(s["customers"] for s in body["segments"]) + sum(body["left_out"].values()) == 10_000


@pytest.mark.statement("S52")
def test_screen_in_bulk_keeps_order_and_answers_bad_lines(cpo: Any, tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": "1", "text": "Hello, summer is here.", "surface": "chat"}),
        "{broken",
        json.dumps({"id": "3", "text": "Call 4111 1111 1111 1111", "surface": "copy"}),
    ]
    given, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    given.write_text("\n".join(lines) + "\n")
    assert cpo("screen", "--jsonl", str(given), str(out)).exit_code == 0
    found = [json.loads(line) for line in out.read_text().splitlines()]
    assert [f["decision"] for f in found] == ["allow", "block", "block"]
    assert found[2]["findings"][0]["rule"] and "4111" not in out.read_text()


def test_ground_in_bulk(cpo: Any, tmp_path: Path) -> None:
    case = {
        "id": "g1", "as_of": "2026-06-15", "channel": "email",
        "sources": [{"id": "off-1", "text": "Members take 25% off one order of $80 or more through 31 August 2026."}],
    }  # fmt: skip
    good = {**case, "copy": "Members take 25% off one order of $80 or more [off-1]."}
    bad = {**case, "id": "g2", "copy": "Everyone takes 40% off every order [off-1]."}
    given, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    given.write_text(json.dumps(good) + "\n" + json.dumps(bad) + "\n")
    assert cpo("ground", "--jsonl", str(given), str(out)).exit_code == 0
    found = [json.loads(line) for line in out.read_text().splitlines()]
    assert [f["grounded"] for f in found] == [True, False]
    assert found[1]["problems"][0]["reason"]
