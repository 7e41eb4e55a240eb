"""Builders for tests of turns: an agent around a planner, over a store in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, cast

from semantic_kernel.connectors.ai.chat_completion_client_base import ChatCompletionClientBase

from app.agent import Agent, Budgets, Prices, Session
from app.context import Prompt
from app.gate import Gate, Screener
from app.kernel import make_kernel
from app.keys import Keys
from app.llm.screened import ScreenedChat
from app.settings import Settings
from app.store import Store
from app.testing.screeners import allowing
from app.workspace import Workspace

NOW = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
KEYS = Keys(b"test keys for the suite, 32 bytes")


def some_settings(**values: Any) -> Settings:
    """Return settings with these values and the defaults for the rest; no ``.env`` file is read."""
    return cast("Any", Settings)(_env_file=None, **values)


def a_store(url: str = "sqlite://") -> Store:
    """Return a migrated store, in memory by default."""
    store = Store(url, KEYS)
    store.upgrade()
    return store


def a_gate(store: Store, screener: Screener | None = None, *, deadline_seconds: float = 5.0) -> Gate:
    """Return a gate that records into ``store``."""
    return Gate(screener or allowing(), store.record_decisions, KEYS, deadline_seconds=deadline_seconds)


def an_agent(
    planner: ChatCompletionClientBase,
    plugins: Mapping[str, Callable[[Workspace], object]],
    *,
    store: Store | None = None,
    gate: Gate | None = None,
    budgets: Budgets | None = None,
    prices: Prices | None = None,
) -> Agent:
    """Return an agent whose plugins are made by these functions of the turn's workspace."""
    kept = store or a_store()
    guard = gate or a_gate(kept)

    def open_session(conversation_id: str, person: str, now: datetime) -> Session:
        workspace = Workspace(kept, conversation_id, now=now, person=person)
        kernel = make_kernel(guard)
        for name, make in plugins.items():
            kernel.add_plugin(make(workspace), name)
        return Session(workspace, kernel)

    return Agent(
        gate=guard,
        planner=ScreenedChat.around(planner, guard),
        open_session=open_session,
        prompt=Prompt("You are the planner of a test.", "test@1"),
        budgets=budgets or Budgets(),
        prices=prices or Prices(),
        now=lambda: NOW,
    )
