"""The master test: a canary in every untrusted place, the gate set to deny, raise or hang, and no canary anywhere.

The loaded dataset and the content index hold the canaries by design (they are what is untrusted); everything else that
the application writes, prints, logs or returns is searched.
"""

from __future__ import annotations

import csv
import json
import threading
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import app.gate as gate_module
from app.agent import as_json
from app.api import create_api
from app.console import Console
from app.domain.errors import CpoError
from app.llm.screened import ScreenedChat
from app.testing.builders import some_settings
from app.testing.screeners import ScriptedScreener, denying, hanging, raising
from app.testing.scripted_planner import ScriptedPlanner, calls
from app.wiring import Application, build_application

CANARY = "CANARYXYZZY"
INPUTS = ("datasets", "content")


def write_inputs(folder: Path) -> None:
    """Files of a person, with canaries in cells, headers, names and documents."""
    with (folder / f"customers-{CANARY}.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["customer_id", "first_name", "last_name", "email", "country", "city", "consent_email"])
        writer.writerows(
            [f"C{n}", CANARY, f"{CANARY}son", f"{CANARY}{n}@example.com", "GB", CANARY, 1] for n in range(40)
        )
    with (folder / "orders.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["order_id", "customer_id", "ordered_at", "amount", "category", "product"])
        writer.writerows([f"O{n}", f"C{n % 40}", "2026-01-05", 10 + n, CANARY, CANARY] for n in range(120))


SCREENERS: dict[str, Callable[[], ScriptedScreener]] = {
    "deny": denying,
    "raise": raising,
    "hang": lambda: hanging(threading.Event()),
}


@pytest.fixture(params=SCREENERS)
def armed(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Application]:
    """An application over data full of canaries, whose gate denies, raises or hangs."""
    settings = some_settings(home=tmp_path / "home", today="2026-06-15")
    open_application = build_application(settings)
    write_inputs(tmp_path)
    open_application.loading.ingest("customers", str(tmp_path / f"customers-{CANARY}.csv"), {})
    open_application.loading.ingest("transactions", str(tmp_path / "orders.csv"), {})
    open_application.prepare()
    open_application.close()
    screener = SCREENERS[request.param]()
    monkeypatch.setattr(Application, "_screening", lambda self: screener)
    monkeypatch.setattr(gate_module, "DEADLINE_SECONDS", 0.05)
    monkeypatch.setattr(gate_module.Gate, "self_check", lambda self: None)
    made = build_application(settings)
    made.gate._deadline = 0.05  # pyright: ignore[reportPrivateUsage] - a short patience for a hanging screener
    yield made
    made.close()


def planner() -> ScriptedPlanner:
    """A planner that puts canaries into every call and into its answer."""
    return ScriptedPlanner.of(
        calls(
            ("segmentation-describe_customers", {}),
            ("segmentation-find_audience", {"conditions": [{"field": "city", "op": "eq", "value": CANARY}]}),
            ("retrieval-search_content", {"query": CANARY}),
            ("generation-write_brief", {"goal": CANARY}),
            ("experiment-list_campaigns", {"query": CANARY}),
            (f"x-{CANARY}", {CANARY: CANARY}),
            ("safety-check_copy", f"{{broken {CANARY}"),
            text=f"Let me look {CANARY}",
        ),
        f"Here you are: {CANARY}",
    )


def traces_of(home: Path) -> list[str]:
    """Every file of the installation outside its inputs that holds the canary."""
    found: list[str] = []
    for path in home.rglob("*"):
        inside = path.relative_to(home).parts[0]
        if path.is_file() and inside not in INPUTS and CANARY.encode() in path.read_bytes():
            found.append(str(path.relative_to(home)))
    return found


async def test_no_canary_leaves_a_turn(armed: Application, capfd: pytest.CaptureFixture[str]) -> None:
    agent = armed._agent(planner())  # pyright: ignore[reportPrivateUsage] - the product has no way to choose a planner
    reply = await agent.reply(f"cnv-{1}", f"Hello {CANARY}", person="ann")
    assert CANARY not in json.dumps(as_json(reply))
    assert CANARY not in reply.turn.model_dump_json()
    assert isinstance(agent._planner, ScreenedChat)  # pyright: ignore[reportPrivateUsage]
    armed.store.checkpoint()
    out, err = capfd.readouterr()
    assert CANARY not in out + err
    assert traces_of(armed.settings.home) == []


def test_no_canary_leaves_by_http(armed: Application) -> None:
    client = TestClient(create_api(armed), raise_server_exceptions=False)
    for method, path in (("GET", "/health"), ("GET", "/services"), ("GET", f"/{CANARY}"), ("POST", f"/x?y={CANARY}")):
        answer = client.request(method, path, headers={"x-note": CANARY})
        assert CANARY not in answer.text + str(answer.headers)


def test_no_canary_leaves_by_an_error(armed: Application, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    bad = tmp_path / f"{CANARY}.csv"
    bad.write_text(f"{CANARY}\n{CANARY}\n")
    with pytest.raises(CpoError) as caught:
        armed.loading.ingest("customers", str(bad), {})
    Console(armed.gate).complain(caught.value)
    out, err = capfd.readouterr()
    assert CANARY not in out + err
    assert "withheld" in err
