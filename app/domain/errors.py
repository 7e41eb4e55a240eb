"""The errors of the product, one class for each decision a caller can take.

    CpoError
    ├── UserFixable      a setting, a file or a command is wrong: the person can mend it   (CLI exit 2)
    ├── Refused          a call of the planner is wrong: the planner can mend it           (shown to the planner)
    ├── Unavailable      an outside system did not answer, or not properly                 (CLI exit 1)
    └── ScreeningFailed  the gate could not reach a verdict: nothing leaves

Anything else that is raised is a bug. A text that was blocked is not an error but a ``Verdict``.
"""

from __future__ import annotations

from collections.abc import Sequence


class CpoError(Exception):
    """Base of every error this product raises on purpose."""


class UserFixable(CpoError):
    """Say what is wrong, what was expected and how to mend it; shown to the person after screening."""

    def __init__(self, problem: str, *, hint: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint


class ColumnsUnclear(UserFixable):
    """The columns of a file do not tell what they hold; a person can say it."""


class Refused(CpoError):
    """Tell the planner how to correct its call; the only exception whose text reaches a model.

    ``allowed`` lists legal values, ``field`` names the argument at fault, where there is one.
    """

    def __init__(
        self, instruction: str, *, code: str = "refused", field: str | None = None, allowed: Sequence[str] = ()
    ) -> None:
        super().__init__(instruction)
        self.instruction = instruction
        self.code = code
        self.field = field
        self.allowed = tuple(allowed)


class Unavailable(CpoError):
    """An outside service failed. ``service`` is its plain name; ``retryable`` says whether trying again can help."""

    def __init__(self, service: str, problem: str, *, retryable: bool = False, hint: str = "") -> None:
        super().__init__(f"{service}: {problem}")
        self.service = service
        self.problem = problem
        self.retryable = retryable
        self.hint = hint


class ScreeningFailed(CpoError):
    """No verdict, a partial verdict or a late one. The gate turns it into a block; nobody else catches it."""
