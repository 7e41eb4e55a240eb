"""A served installation and a browser to look at it; skipped with the reason where there is no Chromium."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

STARTS_WITHIN_SECONDS = 90
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


class Served:
    """``cpo serve`` in a process of its own, over one home folder; it can be started again."""

    def __init__(self, home: Path, port: int) -> None:
        self.home = home
        self.port = port
        self.address = f"http://127.0.0.1:{port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it answers."""
        settings = {"CPO_HOME": str(self.home), "CPO_TODAY": "2026-06-15", "CPO_PORT": str(self.port)}
        command = [sys.executable, "-c", "from app.cli import main; main()", "serve"]
        self._process = subprocess.Popen(command, env={**os.environ, **settings})  # noqa: TID251 - a child's settings
        deadline = time.monotonic() + STARTS_WITHIN_SECONDS
        while not self._answers():
            assert self._process.poll() is None, "the server ended at once; see its message above"
            assert time.monotonic() < deadline, f"the server did not answer in {STARTS_WITHIN_SECONDS} seconds"
            time.sleep(0.2)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/health", timeout=5):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    def stop(self) -> None:
        """End this process."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=30)
            self._process = None


class Watched:
    """A page, and what went wrong on it: errors of the console and of scripts, and requests to other hosts."""

    def __init__(self, page: Page, served: Served) -> None:
        self.page = page
        self._served = served
        self.errors: list[str] = []
        self.foreign: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        # The chat asks who is logged in before it logs the local person in: the browser reports that first "nobody".
        if message.type == "error" and "401" not in message.text and "Unauthorized" not in message.text:
            self.errors.append(message.text)

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self._served.address, "data:", "blob:")):
            self.foreign.append(request.url)

    def open(self, path: str = "/chat") -> None:
        """Open a page of the chat and wait until one can write."""
        self.page.goto(self._served.address + path)
        self.page.wait_for_selector("#chat-input", timeout=60_000)

    def say(self, text: str) -> None:
        """Write a message with the keyboard and wait for the end of its turn."""
        turns = self.page.locator(".desk-turn").count()
        self.page.locator("#chat-input").focus()
        self.page.keyboard.insert_text(text)
        expect(self.page.locator("#chat-submit")).to_be_enabled(timeout=30_000)  # the socket is connected
        self.page.keyboard.press("Enter")
        self.page.locator(".desk-turn").nth(turns).wait_for(timeout=60_000)

    def scrolls_sideways(self) -> bool:
        """Whether the page is wider than the screen."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


@pytest.fixture(scope="module")
def browser() -> Generator[Browser]:
    """Chromium as installed on the machine; closed with the module, because an event loop runs beside it."""
    found = next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium on the path (apt-get install chromium)")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def served(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    """An installation with the sample shop, served on a free port of this machine."""
    home = tmp_path_factory.mktemp("served") / "home"
    shutil.copytree(sample_home, home)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Served(home, port)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def watched(browser: Browser, served: Served) -> Generator[Watched]:
    """A page at desk width; at the end nothing may have gone wrong on it."""
    yield from _watched(browser, served, 1280, "light")


@pytest.fixture
def phone(browser: Browser, served: Served) -> Generator[Watched]:
    """A page as wide as a small phone, with the dark theme."""
    yield from _watched(browser, served, 360, "dark")


def _watched(browser: Browser, served: Served, width: int, theme: str) -> Generator[Watched]:
    context = browser.new_context(viewport={"width": width, "height": 800})
    context.add_init_script(f"if (location.host) localStorage.setItem('vite-ui-theme', '{theme}')")
    seen = Watched(context.new_page(), served)
    yield seen
    context.close()
    assert (seen.errors, seen.foreign) == ([], [])
