"""Runs an emulator of the OpenAI API that is not ours (the npm package aimock), on a free port of this machine."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class Emulator:
    """A running emulator; it answers as its fixtures say and refuses everything else."""

    def __init__(self, url: str) -> None:
        self.url = url

    def requests(self) -> list[dict[str, Any]]:
        """Return the bodies of the requests so far, oldest first."""
        with urllib.request.urlopen(f"{self.url}/__aimock/journal", timeout=5) as answer:
            entries: list[dict[str, Any]] = json.load(answer)
        return [entry.get("body") or {} for entry in entries]


def why_missing(folder: Path) -> str:
    """Say why the emulator of ``folder`` cannot run here; empty when it can."""
    if shutil.which("node") is None:
        return "Node is not installed"
    installed = _command(folder).exists()
    return "" if installed else "the emulator is not installed: make test installs it where npm is there"


@contextmanager
def emulator_of(folder: Path, *options: str) -> Generator[Emulator]:
    """Run the emulator installed in ``folder`` over its ``fixtures.json`` until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    fixtures = ["-f", str(folder / "fixtures.json"), "--strict", "--validate-on-load"]
    command = [str(_command(folder)), "-p", str(port), *fixtures, *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        try:
            _wait_for(process, port)
            yield Emulator(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()


def _command(folder: Path) -> Path:
    return folder / "node_modules" / ".bin" / "llmock"


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if process.poll() is not None:
            said = process.stderr.read().decode() if process.stderr else ""
            raise RuntimeError(f"The emulator did not start: {said}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("The emulator did not listen within 20 seconds.")
