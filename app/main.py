"""The chat's callbacks: events go to the agent, replies to the view. Loaded by Chainlit, imported by nobody."""

# pyright: basic

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import Any

import chainlit as cl
from chainlit.server import sio

from app.chat_history import ChatHistory
from app.chat_login import allowed, install_login, person_here
from app.chat_sink import ChatSink
from app.chat_uploads import ChatUploads, only_about_the_file
from app.chat_view import STARTERS, ChatView
from app.domain.errors import CpoError
from app.domain.people import Right
from app.wiring import running_application

application = running_application()
sink = ChatSink(application.gate)
sink.install(sio)
view = ChatView(application, sink)
uploads = ChatUploads(application.proposals, application.loading, view)
history = ChatHistory(application, sink)
install_login(application.people)


def told(act: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """Let a callback say in the chat what went wrong in it. Chainlit passes what it gives by name."""

    @functools.wraps(act)
    async def acting(*given: Any, **named: Any) -> None:
        try:
            await act(*given, **named)
        except CpoError as error:
            await view.explain(error)
        except Exception as failure:
            await view.apologise(failure)

    return acting


@cl.data_layer
def data_layer() -> ChatHistory:
    """Give Chainlit its threads out of our store."""
    return history


@cl.on_chat_resume
async def on_chat_resume(_thread: Any) -> None:
    """Let conversations be opened again; the history screens them and the store knows what they stand on."""


@cl.on_shared_thread_view
async def may_read_shared(thread: Any, user: Any) -> bool:
    """Let whoever is logged in read a conversation that its owner shares; nobody else."""
    return user is not None and await history.is_shared(thread["id"])


@cl.set_starters
async def starters(_user: Any = None) -> list[cl.Starter]:
    """Offer the four first sentences."""
    return [cl.Starter(label=label, message=message) for label, message in STARTERS]


@cl.on_message
@told
async def on_message(message: cl.Message) -> None:
    """Answer one message; a file is offered for loading first, and words about its columns are no request."""
    person = allowed(application, Right.WORK).name
    if message.elements:
        await uploads.offer(message.elements[0], person)
        if only_about_the_file(message.content):
            return
    elif await uploads.corrected(message.content):
        return
    await view.answer(cl.context.session.thread_id, message.content, person)


@cl.action_callback("decide")
@told
async def on_decision(action: cl.Action) -> None:
    """Carry out a person's decision on a pending approval."""
    await view.decide(action.payload, person_here(application))


@cl.action_callback("report")
@told
async def on_report(action: cl.Action) -> None:
    """Hand over the campaign sheet or the result report."""
    await view.hand_over_report(action.payload, allowed(application, Right.SEE_APPROVALS).name)


@cl.action_callback("trace")
async def on_trace(action: cl.Action) -> dict[str, Any]:
    """Give the browser the trace of a turn to save: released JSON, or the words of what went wrong."""
    try:
        return {"trace": await view.trace_of(action.payload, person_here(application))}
    except CpoError as error:
        return {"problem": await view.words_of(error)}


@cl.action_callback("load")
@told
async def on_load(action: cl.Action) -> None:
    """Load an uploaded file after its column mapping was confirmed."""
    allowed(application, Right.WORK)
    await action.remove()
    await uploads.load(action.payload)
