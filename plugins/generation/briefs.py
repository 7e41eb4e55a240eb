"""The brief: what a campaign is for. What is critical and missing is asked once; the rest is assumed, and said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from app.domain.audience import Audience, Channel, Shop
from app.domain.campaign import Campaign, CampaignState
from app.domain.content import Brief, ContentDocument, ContentFilter, ContentLibrary, Tone
from app.domain.errors import Refused
from app.workspace import Workspace
from plugins.generation.eligibility import EligibilityCheck
from plugins.generation.material import CopyRequest, choose_offer
from plugins.generation.offline_writer import spoken_day

DEFAULT_TONES: tuple[Tone, ...] = ("urgent", "informational", "friendly")
CALENDAR_THEMES = frozenset({
    "black_friday", "christmas", "new_year", "valentines", "mothers_day", "fathers_day", "easter", "halloween",
    "back_to_school",
})  # fmt: skip
THEME_NAMES = {
    "winback": "Win-back", "black_friday": "Black Friday", "new_year": "New Year", "valentines": "Valentine's Day",
    "mothers_day": "Mother's Day", "fathers_day": "Father's Day", "back_to_school": "Back to school",
    "new_arrivals": "New arrivals", "product_launch": "Product launch", "flash_sale": "Flash sale",
    "cart_abandonment": "Abandoned baskets", "post_purchase": "After the order", "review_request": "Review request",
    "vip_preview": "VIP preview",
}  # fmt: skip
CHANNEL_NAMES = {"email": "e-mail", "sms": "SMS", "push": "push"}
NO_OFFER = re.compile(r"\b(?:no|without(?: any| a)?) (?:discounts?|offers?|money off|promo\w*|code)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Wish:
    """What the person said about the campaign; None and empty where they said nothing."""

    goal: str
    theme: str | None = None
    channels: tuple[Channel, ...] = ()
    tone: Tone | None = None
    offer: str | None = None
    discount_percent: float | None = None
    send_on: str | None = None
    metric: str | None = None
    constraints: tuple[str, ...] = ()
    audience_id: str | None = None


@dataclass(frozen=True)
class Written:
    """The brief, its campaign, and the one question there is to ask."""

    brief: Brief
    campaign: Campaign
    question: str | None
    is_new: bool


def write_brief(
    workspace: Workspace, library: ContentLibrary, shop: Shop | None, wish: Wish, *, locale: str = "en-US"
) -> Written:
    """Store a brief, and a campaign for it unless the open draft is about the same; return both."""
    found = _target(workspace, wish)
    audience = _audience(workspace, wish, found)
    channels = wish.channels or ((found.channels if found else None) or ("email",))
    assumptions: list[str] = []
    missing: list[str] = []
    send_on = _send_day(workspace.today, wish, library, channels[0], locale, assumptions)
    offer = _offer(library, EligibilityCheck(shop, audience), wish, channels[0], send_on, locale, assumptions)
    if audience is None:
        missing.append("audience")
    _list_assumptions(wish, channels, send_on, offer, assumptions)
    campaign_id = found.id if found else workspace.new_id("cmp")
    brief = Brief(
        id=workspace.new_id("brf"), campaign_id=campaign_id, goal=wish.goal,
        theme=wish.theme or (found.theme if found else None),
        audience_words=audience.words if audience else "", offer=offer.say["np"][0] if offer else None,
        offer_until=offer.valid_until if offer else None, channels=cast("tuple[Channel, ...]", tuple(channels)),
        primary_metric=wish.metric or "conversion_rate", tones=(wish.tone,) if wish.tone else DEFAULT_TONES,
        send_on=send_on, constraints=wish.constraints, assumptions=tuple(assumptions), missing=tuple(missing),
        offer_id=offer.id if offer else None, discount_percent=wish.discount_percent, no_offer=_wants_no_offer(wish),
    )  # fmt: skip
    campaign = _campaign(workspace, found, brief, audience)
    workspace.put(brief)
    asked = workspace.noted("brief_question_asked")
    question = None
    if missing and not asked:
        question = "Who is it for? For example: customers who have not ordered for 120 days, or Gold members in the UK."
        workspace.note("brief_question_asked", campaign_id)
    saved = workspace.save_campaign(campaign, "brief written" if found is None else "brief changed")
    return Written(brief, saved, question, found is None)


def _target(workspace: Workspace, wish: Wish) -> Campaign | None:
    """Return the open draft when the wish is about it: it has no brief yet, or the theme is not another one."""
    if not workspace.has_campaign():
        return None
    campaign = workspace.campaign()
    if campaign.state is not CampaignState.DRAFT:
        return None
    same = campaign.brief_id is None or wish.theme is None or campaign.theme in (None, wish.theme)
    return campaign if same else None


def _audience(workspace: Workspace, wish: Wish, campaign: Campaign | None) -> Audience | None:
    noted = workspace.noted("audience_id")
    found = (
        wish.audience_id or (campaign.audience_id if campaign else None) or (noted if isinstance(noted, str) else None)
    )
    return workspace.get(Audience, found) if found else None


def _send_day(
    today: date, wish: Wish, library: ContentLibrary, channel: str, locale: str, assumptions: list[str]
) -> date:
    if wish.send_on:
        try:
            day = date.fromisoformat(wish.send_on)
        except ValueError:
            raise Refused(f"send_on {wish.send_on!r} is not a date; use YYYY-MM-DD.", field="send_on") from None
        if day < today:
            raise Refused(f"send_on {wish.send_on} is in the past (today is {today}).", field="send_on")
        return day
    where = ContentFilter(on=today, locale=locale, channel=cast("Channel", channel))
    theme = wish.theme
    if theme in CALENDAR_THEMES and not library.usable(where, ("offer",), theme=theme, limit=1):
        later = library.upcoming(where, theme=theme)
        if later and later[0].valid_from:
            day = later[0].valid_from
            assumptions.append(f"Planned for {spoken_day(day)}, when the approved {theme_name(theme)} offer starts.")
            return day
    assumptions.append(f"Planned for today, {spoken_day(today)}; sending waits for your approval.")
    return today


def _wants_no_offer(wish: Wish) -> bool:
    said = " ".join((wish.goal, wish.offer or "", *wish.constraints))
    return wish.discount_percent == 0 or (wish.discount_percent is None and bool(NO_OFFER.search(said)))


def _offer(
    library: ContentLibrary, check: EligibilityCheck, wish: Wish, channel: str, day: date, locale: str,
    assumptions: list[str],
) -> ContentDocument | None:  # fmt: skip
    if _wants_no_offer(wish):
        return None
    where = ContentFilter(on=day, locale=locale, channel=cast("Channel", channel))
    usable = [d for d in library.usable(where, ("offer",), limit=200) if check.entitled(d)]
    request = CopyRequest(
        channel=cast("Channel", channel), on=day, campaign="", theme=wish.theme, discount_percent=wish.discount_percent
    )
    named = _by_words(library, where, wish.offer)
    offer = named or choose_offer(usable, request)
    asked = wish.discount_percent
    if asked and (offer is None or offer.facts.get("percent") != asked):
        have = f"; the approved offer is used instead: {offer.say['np'][0]}" if offer else "; none is mentioned"
        assumptions.append(
            f"No approved offer of {asked:g}% fits this campaign{have}. A new offer has to be approved first."
        )
    elif wish.offer and named is None:
        have = f"; {offer.say['np'][0]} is used instead" if offer else "; none is mentioned"
        assumptions.append(f"Nothing approved was found for the offer you named{have}.")
    elif offer is not None:
        assumptions.append(f"Offer: {offer.say['np'][0]} ({offer.id}), approved by {offer.approved_by}.")
    else:
        assumptions.append("No offer: none is approved for this day and audience, so none is mentioned.")
    return offer


def _by_words(library: ContentLibrary, where: ContentFilter, words: str | None) -> ContentDocument | None:
    hits = library.search(words, where, types=("offer",), limit=1) if words else []
    return library.get(hits[0].document_id) if hits else None


def _list_assumptions(
    wish: Wish, channels: tuple[str, ...], send_on: date, offer: ContentDocument | None, assumptions: list[str]
) -> None:
    if not wish.channels:
        assumptions.append(f"Channel: {', '.join(CHANNEL_NAMES[c] for c in channels)}.")
    if wish.tone is None:
        assumptions.append("Tones: urgent, informational and friendly, tested against each other.")
    elif wish.tone == "urgent" and (offer is None or offer.valid_until is None):
        assumptions.append("No dated offer, so nothing is urgent: the copy is confident instead.")
    if wish.metric is None:
        assumptions.append("Primary metric: conversion rate, which a control group can have as well.")


def _campaign(workspace: Workspace, found: Campaign | None, brief: Brief, audience: Audience | None) -> Campaign:
    name = campaign_name(brief, audience)
    if found is not None:
        return found.model_copy(
            update={
                "name": name if found.brief_id is None else found.name,
                "theme": brief.theme, "channels": brief.channels, "brief_id": brief.id,
                "audience_id": audience.id if audience else found.audience_id,
            }
        )  # fmt: skip
    return Campaign(
        id=str(brief.campaign_id), campaign_id=brief.campaign_id, name=_unused(workspace, name), theme=brief.theme,
        channels=brief.channels, brief_id=brief.id, audience_id=audience.id if audience else None,
        created_at=workspace.now, changed_at=workspace.now,
    )  # fmt: skip


def _unused(workspace: Workspace, name: str) -> str:
    taken = {c.name for c in workspace.campaigns()}
    number = 2
    candidate = name
    while candidate in taken:
        candidate, number = f"{name} ({number})", number + 1
    return candidate


def theme_name(theme: str | None) -> str:
    """Return a theme as people write it."""
    return THEME_NAMES.get(theme or "", (theme or "").replace("_", " ").capitalize())


def campaign_name(brief: Brief, audience: Audience | None) -> str:
    """Return a name a person would give: the occasion, whom it is for, and the month it goes out."""
    occasion = theme_name(brief.theme) if brief.theme else _from_goal(brief.goal)
    given = audience.name if audience and audience.name != audience.words else ""
    whom = (given or people_of(audience.definition)).strip() if audience else ""
    month = spoken_day(brief.send_on or date.min).split(" ", 1)[1] if brief.send_on else ""
    parts = f"{occasion}: {whom}" if whom and len(whom) <= 48 else occasion
    return f"{parts}, {month}" if month else parts


NAMED = {
    "lifecycle": "{}", "value_tier": "{}-value", "loyalty_tier": "{}", "favourite_category": "{}-loving",
}  # fmt: skip


def people_of(definition: Mapping[str, Any]) -> str:
    """Return the audience as people would call it, ``lapsed high-value customers``; empty when it is not simple."""
    words: list[str] = []
    place = ""
    for leaf in definition.get("all_of", ()):
        name, value = leaf.get("field"), leaf.get("value")
        if leaf.get("op", "eq") not in ("eq", "in") or name not in (*NAMED, "country"):
            continue
        said = [str(v).replace("_", " ") for v in (cast("list[Any]", value) if isinstance(value, list) else [value])]
        if name == "country":
            place = f" in {' and '.join(said)}"
        else:
            shown = [v.capitalize() if name == "loyalty_tier" else v for v in said]
            words.append(" and ".join(NAMED[name].format(v) for v in shown))
    return f"{' '.join(words)} customers{place}".strip() if words or place else ""


def _from_goal(goal: str) -> str:
    words = re.sub(r"\b(?:please|can you|build|create|make|write|set up|me|a|an|the|campaign)\b", " ", goal, flags=re.I)
    matter = re.split(r"\b(?:for|aimed at)\b", words, maxsplit=1, flags=re.I)[0].strip() or words
    short = re.sub(r"\bsms\b", "SMS", " ".join(matter.split()[:6]))
    return (short[:1].upper() + short[1:]) if short else "Campaign"
