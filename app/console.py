"""The sink for the terminal: what the commands print has passed the gate."""

from __future__ import annotations

import sys
from typing import Any

from rich.console import Console as RichConsole
from rich.markdown import Markdown

from app.domain.errors import CpoError, UserFixable
from app.domain.safety import Surface
from app.gate import Gate, Released, not_recorded

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
        """Print something that was released already; raise ``Unavailable`` when the audit did not take it."""
        text = self._recorded(released)
        if self._out.is_terminal:
            self._out.print(Markdown(text))
        else:
            sys.stdout.write(text + "\n")

    def json(self, value: Any, *, subject: str = "console") -> None:
        """Screen a JSON value and print it on one line; raise ``Unavailable`` when the audit did not take it."""
        passage = self._gate.release_json(value, Surface.CHAT, subject=subject)
        sys.stdout.write(self._recorded(passage.released) + "\n")

    def _recorded(self, released: Released) -> str:
        text = self._gate.egress(released)
        if not released.recorded:
            raise not_recorded()
        return text

    def hand_over(self, credential: str) -> None:
        """Print a credential that this installation has just made to whoever runs the command: it is no text."""
        sys.stdout.write(credential + "\n")


def announce(fixed: str) -> None:
    """Print a fixed line about the process itself (address, port) to stderr."""
    sys.stderr.write(fixed + "\n")


def exit_code(error: CpoError) -> int:
    """Return 2 for what the user can mend, 1 for a failure."""
    return USER_ERROR if isinstance(error, UserFixable) or type(error).__name__ == "Refused" else FAILURE


def complain(error: CpoError, gate: Gate | None) -> int:
    """Print an error to stderr and return the exit status of the command.

    Without a gate (it could not be opened), or where the audit takes no entry, only fixed texts are printed.
    """
    text = _words(error)
    if gate is not None:
        released = gate.release_text(text, Surface.CHAT, subject="error").released
        if not released.recorded:
            error = not_recorded()
        text = gate.egress(released) if released.recorded else _words(error)
    sys.stderr.write(text + "\n")
    return exit_code(error)


def _words(error: CpoError) -> str:
    hint = getattr(error, "hint", "")
    return f"error: {error}" + (f"\nhint: {hint}" if hint else "")
