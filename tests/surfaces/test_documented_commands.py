"""Every command that the documentation shows: run as it stands, or on the list of those that are not, with a reason."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Generator
from pathlib import Path

import pytest

from app.settings import PROJECT_ROOT

PAGES = ("README.md", *sorted(str(page.relative_to(PROJECT_ROOT)) for page in (PROJECT_ROOT / "docs").glob("*.md")))
SHOWN = re.compile(r"^```(?:sh|bash|console|shell)\n(.*?)^```", re.MULTILINE | re.DOTALL)
DRAFT = "CPO_ESP=mailchimp CPO_ESP_KEY=... CPO_ESP_LIST=a1b2c3d4e5 cpo export draft ID --variant A --as NAME"
NOT_RUN = {
    "make run": "sets up and serves until it is stopped; the browser tests serve the same",
    "make test": "is this suite",
    "cpo mcp": "serves until its client leaves; tests/surfaces/test_mcp.py talks to it",
    "cpo mcp --http 8001": "serves until it is stopped; tests/surfaces/test_mcp.py talks to it",
    DRAFT: "needs an account; tests/wire/esp makes drafts in a local server that speaks the format",
}
DOCUMENTED_ADDRESS = "http://127.0.0.1:8000"
CUSTOMERS = "customer_id,email,country,consent_email\nC1,a@example.com,GB,yes\nC2,b@example.com,FR,no\n"
ORDERS = "order_id,customer_id,order_date,amount\nO1,C1,2026-05-01,19.90\nO2,C2,2026-05-02,5.00\n"


def commands_of(page: str) -> list[str]:
    """Return the commands of a page in their order; a line that ends in a backslash goes on."""
    blocks = SHOWN.findall((PROJECT_ROOT / page).read_text(encoding="utf-8"))
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    commands = [re.sub(r"\s+#\s.*$", "", line).strip().removeprefix("$ ") for line in lines]
    return [command for command in commands if command and not command.startswith("#")]


def test_the_list_of_commands_that_are_not_run_holds_no_other() -> None:
    shown = {command for page in PAGES for command in commands_of(page)}
    assert set(NOT_RUN) <= shown, "listed, but no longer documented"
    assert len(shown) > len(NOT_RUN) + 15


@pytest.fixture
def workplace(sample_home: Path, tmp_path: Path) -> Path:
    """A folder as a reader has it: the commands under .venv/bin, an installation, files of their own."""
    shutil.copytree(sample_home, tmp_path / "var")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    (tmp_path / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
    (tmp_path / "content").mkdir()
    for document in (PROJECT_ROOT / "data" / "sample" / "content" / "perks").glob("*.md"):
        dated = re.sub(
            r"^approved_at: .*$", "approved_at: 2026-05-01T09:00:00Z", document.read_text("utf-8"), flags=re.MULTILINE
        )
        (tmp_path / "content" / document.name).write_text(dated, encoding="utf-8")
    return tmp_path


def settings_of(workplace: Path) -> dict[str, str]:
    """Return the environment of a reader's shell."""
    own = {"CPO_HOME": str(workplace / "var"), "CPO_TODAY": "2026-06-15", "PYTHONPATH": str(PROJECT_ROOT)}
    path = f"{workplace / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"  # noqa: TID251 - a child's settings
    return {**os.environ, "PATH": path, **own}  # noqa: TID251 - a child's settings


@pytest.fixture
def address(workplace: Path, request: pytest.FixtureRequest) -> Generator[str]:
    """Where the installation is served, for pages that ask it; nowhere for the others."""
    if not any(DOCUMENTED_ADDRESS in command for command in commands_of(request.node.callspec.params["page"])):
        yield DOCUMENTED_ADDRESS
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = [str(workplace / ".venv" / "bin" / "cpo"), "serve", "--port", port]
    served = subprocess.Popen(command, env=settings_of(workplace), cwd=workplace)
    found = f"http://127.0.0.1:{port}"
    while True:
        assert served.poll() is None, "the server ended at once"
        try:
            with urllib.request.urlopen(f"{found}/api/v1/health", timeout=5):
                break
        except OSError:
            continue
    yield found
    served.terminate()
    served.wait(30)


@pytest.mark.timeout(600)  # up to a dozen commands, each a process of its own
@pytest.mark.parametrize("page", [page for page in PAGES if commands_of(page)])
def test_every_command_works_as_it_is_shown(page: str, workplace: Path, address: str) -> None:
    wanted = [command for command in commands_of(page) if command not in NOT_RUN]
    script = "\n".join(["set -euo pipefail", "trap 'echo \"failed: $BASH_COMMAND\" >&2' ERR", *wanted])
    settings = settings_of(workplace)
    if any("users add" in command for command in wanted):
        settings["CPO_USERS_FILE"] = str(workplace / "users.yaml")
    done = subprocess.run(
        ["bash", "-c", script.replace(DOCUMENTED_ADDRESS, address)],
        cwd=workplace, env=settings, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:] + done.stdout[-1000:]
    assert "Traceback" not in done.stderr
