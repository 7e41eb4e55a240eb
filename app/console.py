"""The sink for the terminal: what the commands print has passed the gate."""

from __future__ import annotations

import sys
from typing import Any

from rich.console import Console as RichConsole
from rich.markdown import Markdown

from app.domain.errors import CpoError, UserFixable
from app.domain.safety import Surface
from app.gate import Gate, Released

USER_ERROR = 2
FAILURE = 1


class Console:
    """Prints released text: Markdown on a terminal, as it is into a pipe; errors go to stderr."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._out = RichConsole(soft_wrap=True, highlight=False)

    def say(self, text: str, *, subject: str = "console") -> None:
        """Screen a text and print it."""
        self.emit(self._gate.release_text(text, Surface.CHAT, subject=subject).released)

    def emit(self, released: Released) -> None:
        """Print something that was released already."""
        text = self._gate.egress(released)
        if self._out.is_terminal:
            self._out.print(Markdown(text))
        else:
            sys.stdout.write(text + "\n")

    def json(self, value: Any, *, subject: str = "console") -> None:
        """Screen a JSON value and print it on one line."""
        passage = self._gate.release_json(value, Surface.CHAT, subject=subject)
        sys.stdout.write(self._gate.egress(passage.released) + "\n")

    def hand_over(self, credential: str) -> None:
        """Print a credential that this installation has just made to whoever runs the command: it is no text."""
        sys.stdout.write(credential + "\n")

    def complain(self, error: CpoError) -> None:
        """Print an error and its hint to stderr, screened."""
        complain(error, self._gate)


def announce(fixed: str) -> None:
    """Print a fixed line about the process itself (address, port) to stderr."""
    sys.stderr.write(fixed + "\n")


def exit_code(error: CpoError) -> int:
    """Return 2 for what the user can mend, 1 for a failure."""
    return USER_ERROR if isinstance(error, UserFixable) or type(error).__name__ == "Refused" else FAILURE


def complain(error: CpoError, gate: Gate | None) -> None:
    """Print an error to stderr; without a gate (it could not be opened) only fixed texts are printed."""
    hint = getattr(error, "hint", "")
    text = f"error: {error}" + (f"\nhint: {hint}" if hint else "")
    if gate is not None:
        text = gate.egress(gate.release_text(text, Surface.CHAT, subject="error").released)
    sys.stderr.write(text + "\n")
