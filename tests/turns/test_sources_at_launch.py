"""S40: what a message cites is looked at again when a launch is asked for, and again when a person approves it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.domain.campaign import CampaignState
from app.domain.content import ContentDocument, Variant
from app.domain.conversation import PendingApproval
from app.domain.errors import UserFixable
from app.domain.people import Person, Role
from app.testing.builders import some_settings
from app.wiring import Application, build_application
from plugins.retrieval.documents import with_hash
from plugins.retrieval.index import ContentIndex
from plugins.retrieval.ingest import retire

CONVERSATION = "cnv-1"
ADA = Person("Ada", frozenset({Role.APPROVER}))
Change = Callable[[ContentIndex, ContentDocument], object]


async def built(application: Application) -> None:
    """Build a campaign that is ready to be launched."""
    await application.agent.reply(CONVERSATION, "Build a summer campaign for lapsed high-value customers")


async def asked(application: Application) -> PendingApproval:
    """Ask for the launch; return the approval that waits."""
    reply = await application.agent.reply(CONVERSATION, "launch it")
    (pending,) = reply.turn.pending_approvals
    return pending


def offer_of(application: Application) -> ContentDocument:
    """The offer that the messages cite."""
    workspace = application.open_workspace(CONVERSATION, "ann", application.now())
    cited = {c.document_id for variant in workspace.find(Variant) for c in variant.citations}
    (offer,) = [d for d in (application.content.get(i) for i in cited) if d is not None and d.type == "offer"]
    return offer


def edit(index: ContentIndex, document: ContentDocument) -> object:
    """Change a word of the document, as a new upload would."""
    return index.ingest([with_hash(document.model_copy(update={"body": document.body + " Not on Sundays."}))])


def withdraw(index: ContentIndex, document: ContentDocument) -> object:
    """Load the content without the document."""
    kept = [d for d in (index.get(i) for i in index.ids()) if d is not None and d.id != document.id]
    return index.ingest(kept, replace=True)


CHANGES: dict[str, tuple[Change, str]] = {
    "retired": (lambda index, document: retire(index, document.id), "retired"),
    "edited": (edit, "changed"),
    "removed": (withdraw, "removed"),
}


@pytest.mark.parametrize("name", sorted(CHANGES))
async def test_s40_a_source_that_changed_after_drafting_refuses_the_approval(
    application: Application, name: str
) -> None:
    await built(application)
    pending = await asked(application)
    offer = offer_of(application)
    change, says = CHANGES[name]
    change(application.content, offer)
    with pytest.raises(UserFixable, match=says) as refused:
        application.effects.approve(pending.id, ADA, pending.digest)
    assert offer.id in str(refused.value) and offer.title in str(refused.value)
    nothing_happened(application)


async def test_s40_a_source_that_ran_out_between_asking_and_approving_refuses_it(application: Application) -> None:
    await built(application)
    pending = await asked(application)
    offer = offer_of(application)
    assert offer.valid_until is not None
    later = build_application(
        some_settings(home=application.settings.home, today=(offer.valid_until + timedelta(days=1)).isoformat())
    )
    try:
        with pytest.raises(UserFixable, match=f"{offer.id}.*ended"):
            later.effects.approve(pending.id, ADA, pending.digest)
        nothing_happened(later)
    finally:
        later.close()


async def test_s40_a_launch_is_not_even_asked_for_on_a_retired_source(application: Application) -> None:
    await built(application)
    offer = offer_of(application)
    retire(application.content, offer.id)
    reply = await application.agent.reply(CONVERSATION, "launch it")
    assert reply.turn.pending_approvals == ()
    assert offer.title in reply.text


async def test_an_unchanged_source_lets_the_launch_through(application: Application) -> None:
    await built(application)
    pending = await asked(application)
    assert application.effects.approve(pending.id, ADA, pending.digest).kind == "launch"


def nothing_happened(application: Application) -> None:
    """No campaign of the conversation runs, and no file was written."""
    workspace = application.open_workspace(CONVERSATION, "ann", application.now())
    assert workspace.campaign().state is CampaignState.DRAFT
    exports = application.settings.home / "exports"
    assert not exports.exists() or not any(exports.iterdir())
