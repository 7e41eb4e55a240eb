"""``cpo export draft``: give an approved message to an e-mail service as a draft. It never sends."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from app.console import Console
    from app.domain.people import Person
    from app.wiring import Application


def export_commands(
    opened: Callable[[], AbstractContextManager[tuple[Application, Console]]],
    print_result: Callable[[Console, dict[str, Any], bool, Callable[[dict[str, Any]], str]], None],
    at_the_keyboard: Callable[[Application, str], Person],
) -> typer.Typer:
    """Return the commands, over what every command opens, prints with, and is given by."""
    export_app = typer.Typer(no_args_is_help=True, help="What may be done with an approved export.")

    @export_app.callback()
    def export_main() -> None:
        """Keep ``draft`` a command of its own: with one command alone typer would drop its name."""

    @export_app.command("draft")
    def export_draft(
        approval_id: Annotated[str, typer.Argument(metavar="ID", help="Id of the approved export.")],
        variant: Annotated[str, typer.Option(help="Label of the message, e.g. A.")],
        person: Annotated[str, typer.Option("--as", help="Your name; it is recorded.")],
        as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    ) -> None:
        """Make a draft of one message in the e-mail service that is set (CPO_ESP). Nothing is sent to customers."""
        with opened() as (application, console):
            made = application.esp_drafts.make(approval_id, variant, at_the_keyboard(application, person))
            print_result(console, made.as_json(), as_json, lambda _: made.words)

    return export_app
