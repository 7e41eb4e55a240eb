"""A canary for every untrusted place, and where to look for it afterwards.

The loaded datasets and the content index hold canaries by design (they are what is untrusted); everything else that the
application writes, prints, logs or returns is searched.
"""

from __future__ import annotations

import csv
import threading
from collections.abc import Callable
from pathlib import Path

from app.domain.safety import Draft, Verdict
from app.testing.screeners import ScriptedScreener, allowing, denying, hanging, raising
from app.testing.scripted_planner import Step, calls
from app.wiring import Application

CANARY = "CANARYXYZZY"
INPUTS = ("datasets", "content")

FAULTS: dict[str, Callable[[], ScriptedScreener]] = {
    "deny": denying,
    "raise": raising,
    "hang": lambda: hanging(threading.Event()),
}


class SwitchedScreener:
    """A screener whose judge a test changes while the application runs: ``open`` or one of ``FAULTS``."""

    policy_hash = "test-policy"
    screened_by = "rules"
    remote = False

    def __init__(self) -> None:
        self._judge = allowing()
        self._stuck = threading.Event()

    def switch(self, fault: str) -> None:
        """Judge by this fault from now on; ``open`` allows everything. Screenings that hang are let go."""
        self._stuck.set()
        self._stuck = threading.Event()
        if fault == "hang":
            self._judge = hanging(self._stuck)
        else:
            self._judge = allowing() if fault == "open" else FAULTS[fault]()

    def screen_local(self, draft: Draft) -> Verdict:
        """Ask the judge of the moment."""
        return self._judge.screen_local(draft)

    async def screen(self, draft: Draft) -> Verdict:
        """Do the same."""
        return self.screen_local(draft)

    async def close(self) -> None:
        """Hold nothing."""


def write_inputs(folder: Path) -> None:
    """Write the files of a person, with canaries in cells, headers, names and documents."""
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


def load_inputs(application: Application, folder: Path) -> None:
    """Load the files of ``write_inputs`` and prepare the installation."""
    write_inputs(folder)
    application.loading.ingest("customers", str(folder / f"customers-{CANARY}.csv"), {})
    application.loading.ingest("transactions", str(folder / "orders.csv"), {})
    application.prepare()


def leaky_steps() -> tuple[Step, Step]:
    """Return a planner's two rounds: canaries in every call, then in the answer."""
    return (
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
    """Return every file of the installation outside its inputs that holds the canary, or has it in its name."""
    found: list[str] = []
    for path in home.rglob("*"):
        relative = path.relative_to(home)
        if relative.parts[0] in INPUTS or not path.is_file():
            continue
        if CANARY in str(relative) or CANARY.encode() in path.read_bytes():
            found.append(str(relative))
    return found
