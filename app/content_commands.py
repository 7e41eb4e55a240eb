"""``cpo content``: look at documents, approve a draft, retire a document."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from app.console import Console
    from app.domain.people import Person
    from app.wiring import Application

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
DecidedBy = Annotated[str, typer.Option("--as", help="Your name; it is recorded.")]
DocumentId = Annotated[str, typer.Argument(metavar="ID")]


def content_commands(
    opened: Callable[[], AbstractContextManager[tuple[Application, Console]]],
    print_result: Callable[[Console, dict[str, Any], bool, Callable[[dict[str, Any]], str]], None],
    at_the_keyboard: Callable[[Application, str], Person],
) -> typer.Typer:
    """Return the commands, over what every command opens, prints with, and is given by."""
    content_app = typer.Typer(no_args_is_help=True, help="Look at content; approve a draft or retire a document.")

    @content_app.command("list")
    def content_list(
        status: Annotated[str | None, typer.Option(help="draft, approved, expired or retired")] = None,
        as_json: AsJson = False,
    ) -> None:
        """List the documents, whatever their status."""
        with opened() as (application, console):
            from app.content_desk import list_body, list_words, parse_status

            found = application.content_desk.documents(parse_status(status))
            print_result(console, list_body(found), as_json, lambda _: list_words(found, application.today))

    @content_app.command("show")
    def content_show(document_id: DocumentId, as_json: AsJson = False) -> None:
        """Show one document: text, facts, approved phrasings, validity, who approved it."""
        with opened() as (application, console):
            shown = application.content_desk.show(document_id)
            print_result(
                console, shown.model_dump(mode="json"), as_json, lambda _: application.content_desk.words(shown)
            )

    @content_app.command("approve")
    def content_approve(document_id: DocumentId, person: DecidedBy, as_json: AsJson = False) -> None:
        """Approve a draft: it is shown first, and can be used at once."""
        with opened() as (application, console):
            desk = application.content_desk
            if not as_json:
                console.say(desk.words(desk.show(document_id)))
            done = desk.approve(document_id, at_the_keyboard(application, person))
            print_result(console, done.as_json(), as_json, lambda _: done.words)

    @content_app.command("retire")
    def content_retire(document_id: DocumentId, person: DecidedBy, as_json: AsJson = False) -> None:
        """Take a document out of use at once; campaigns that cite it can no longer be launched."""
        with opened() as (application, console):
            done = application.content_desk.retire(document_id, at_the_keyboard(application, person))
            print_result(console, done.as_json(), as_json, lambda _: done.words)

    return content_app
