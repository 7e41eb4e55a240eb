"""The master test: a canary in every untrusted place, the gate set to deny, raise or hang, and no canary anywhere.

The loaded dataset and the content index hold the canaries by design (they are what is untrusted); everything else that
the application writes, prints, logs or returns is searched.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import app.gate as gate_module
from app.agent import as_json
from app.api import create_api
from app.console import complain
from app.domain.errors import CpoError
from app.llm.screened import ScreenedChat
from app.testing.builders import some_settings
from app.testing.canaries import CANARY, FAULTS, leaky_steps, load_inputs, traces_of
from app.testing.scripted_planner import ScriptedPlanner
from app.wiring import Application, build_application


@pytest.fixture(params=FAULTS)
def armed(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Application]:
    """An application over data full of canaries, whose gate denies, raises or hangs."""
    settings = some_settings(home=tmp_path / "home", today="2026-06-15")
    open_application = build_application(settings)
    load_inputs(open_application, tmp_path)
    open_application.close()
    screener = FAULTS[request.param]()
    monkeypatch.setattr(Application, "_screening", lambda self: screener)
    monkeypatch.setattr(gate_module, "DEADLINE_SECONDS", 0.05)
    monkeypatch.setattr(gate_module.Gate, "self_check", lambda self: None)
    made = build_application(settings)
    made.gate._deadline = 0.05  # pyright: ignore[reportPrivateUsage] - a short patience for a hanging screener
    yield made
    made.close()


@pytest.mark.statement("S8", "S59", "S62")
async def test_no_canary_leaves_a_turn(armed: Application, capfd: pytest.CaptureFixture[str]) -> None:
    agent = armed._agent(ScriptedPlanner.of(*leaky_steps()))  # pyright: ignore[reportPrivateUsage] - the product has no way to choose a planner
    reply = await agent.reply(f"cnv-{1}", f"Hello {CANARY}", person="ann")
    assert CANARY not in json.dumps(as_json(reply))
    assert CANARY not in reply.turn.model_dump_json()
    assert isinstance(agent._planner, ScreenedChat)  # pyright: ignore[reportPrivateUsage]
    armed.store.checkpoint()
    out, err = capfd.readouterr()
    assert CANARY not in out + err
    assert traces_of(armed.settings.home) == []


@pytest.mark.statement("S60", "S61")
def test_no_canary_leaves_by_http(armed: Application) -> None:
    client = TestClient(create_api(armed), raise_server_exceptions=False)
    for method, path in (("GET", "/health"), ("GET", "/services"), ("GET", f"/{CANARY}"), ("POST", f"/x?y={CANARY}")):
        answer = client.request(method, path, headers={"x-note": CANARY})
        assert CANARY not in answer.text + str(answer.headers)


@pytest.mark.statement("S61")
def test_no_canary_leaves_by_an_error(armed: Application, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    bad = tmp_path / f"{CANARY}.csv"
    bad.write_text(f"{CANARY}\n{CANARY}\n")
    with pytest.raises(CpoError) as caught:
        armed.loading.ingest("customers", str(bad), {})
    complain(caught.value, armed.gate)
    out, err = capfd.readouterr()
    assert CANARY not in out + err
    assert "withheld" in err
