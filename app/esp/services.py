"""The e-mail services a draft can be made in, behind two verbs: find one by its title, make one.

Mailchimp Marketing API 3.0: ``GET /campaigns``, ``POST /campaigns`` (status ``save`` is a draft), ``PUT
/campaigns/{id}/content``. Mautic REST API: ``GET /api/emails``, ``POST /api/emails/new`` with ``isPublished`` false.
Neither sends: the endpoints that do (``/actions/send``, ``/actions/schedule``, ``/emails/{id}/send``) are not here.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, cast

from app.domain.errors import UserFixable
from app.esp.transport import EspApi, Unanswered
from app.gate import Released

Service = Literal["mailchimp", "mautic"]
NAMES: Mapping[Service, str] = {"mailchimp": "Mailchimp", "mautic": "Mautic"}


@dataclass(frozen=True)
class Message:
    """What a draft holds. ``title`` is for the people in the service and carries the mark it is found by."""

    title: Released
    subject: Released
    preheader: Released | None
    html: Released


@dataclass(frozen=True)
class Sender:
    """What the operator set: the audience or segment, the name and the reply address of the sender."""

    list_id: str | None = None
    from_name: str | None = None
    reply_to: str | None = None


@dataclass(frozen=True)
class Remote:
    """A draft in the service."""

    id: str


class DraftService(Protocol):
    """One e-mail service."""

    def find(self, mark: str) -> Remote | None:
        """Return the draft whose title holds ``mark``, or None."""
        ...

    def make(self, message: Message) -> Remote:
        """Make the draft; sent once. Raises ``Unanswered`` where nobody knows whether it was made."""
        ...

    def fill(self, draft: Remote, message: Message) -> None:
        """Write the content into a draft that was made; may be repeated."""
        ...


class Mailchimp:
    """Drafts as regular campaigns in status ``save``."""

    def __init__(self, api: EspApi, sender: Sender) -> None:
        if not sender.list_id:
            raise UserFixable("Mailchimp needs an audience for a draft.", hint="Set CPO_ESP_LIST to its audience id.")
        self._api, self._sender = api, sender

    def find(self, mark: str) -> Remote | None:
        """Look through the drafts of the audience, newest first."""
        query = {"status": "save", "list_id": self._sender.list_id or "", "count": "1000", "sort_field": "create_time",
                 "sort_dir": "DESC", "fields": "campaigns.id,campaigns.settings.title"}  # fmt: skip
        for row in _rows(self._api.get("campaigns", query), "campaigns", self._api.service):
            if mark in str(_mapping(row.get("settings")).get("title", "")):
                return Remote(_id(row, self._api.service))
        return None

    def make(self, message: Message) -> Remote:
        """Make the campaign without content."""
        settings: dict[str, Any] = {}
        if self._sender.from_name:
            settings["from_name"] = self._sender.from_name
        if self._sender.reply_to:
            settings["reply_to"] = self._sender.reply_to
        fixed = {"type": "regular", "recipients": {"list_id": self._sender.list_id}, "settings": settings}
        released = {"settings.title": message.title, "settings.subject_line": message.subject}
        if message.preheader is not None:
            released["settings.preview_text"] = message.preheader
        return Remote(_id(self._api.post_once("campaigns", fixed, released), self._api.service))

    def fill(self, draft: Remote, message: Message) -> None:
        """Write the page; Mailchimp makes the plain text from it."""
        self._api.put(f"campaigns/{draft.id}/content", {"html": message.html})


class Mautic:
    """Drafts as unpublished segment e-mails."""

    def __init__(self, api: EspApi, sender: Sender) -> None:
        self._api, self._sender = api, sender
        if sender.list_id and not sender.list_id.isdigit():
            raise UserFixable("CPO_ESP_LIST is not a segment of Mautic.", hint="Give the number of the segment.")

    def find(self, mark: str) -> Remote | None:
        """Ask for the e-mails with the mark in their name."""
        query = {"search": mark, "limit": "100", "orderBy": "id", "orderByDir": "desc"}
        for row in _rows(self._api.get("api/emails", query), "emails", self._api.service):
            if mark in str(row.get("name", "")):
                return Remote(_id(row, self._api.service))
        return None

    def make(self, message: Message) -> Remote:
        """Make the e-mail, whole and unpublished."""
        fixed: dict[str, Any] = {"emailType": "list", "isPublished": False}
        if self._sender.list_id:
            fixed["lists"] = [int(self._sender.list_id)]
        if self._sender.from_name:
            fixed["fromName"] = self._sender.from_name
        if self._sender.reply_to:
            fixed["replyToAddress"] = self._sender.reply_to
        released = {"name": message.title, "subject": message.subject, "customHtml": message.html}
        if message.preheader is not None:
            released["preheaderText"] = message.preheader
        made = _mapping(self._api.post_once("api/emails/new", fixed, released)).get("email")
        return Remote(_id(_mapping(made), self._api.service))

    def fill(self, draft: Remote, message: Message) -> None:
        """Do nothing: it was made whole."""


def authorization_of(service: Service, key: str) -> str:
    """Return the header a service takes: Basic for Mailchimp and for ``user:password``, else a bearer token."""
    pair = f"cpo:{key}" if service == "mailchimp" else key if ":" in key else None
    if pair is None:
        return f"Bearer {key}"
    return "Basic " + base64.b64encode(pair.encode()).decode()


def address_of(service: Service, url: str | None, key: str) -> str:
    """Return the address: as set, or for Mailchimp from the data centre that its key ends with."""
    if url:
        return url
    _, dash, centre = key.rpartition("-")
    if service == "mailchimp" and dash and centre.isalnum():
        return f"https://{centre}.api.mailchimp.com/3.0"
    raise UserFixable(
        f"The address of {NAMES[service]} is not known.",
        hint="Set CPO_ESP_URL, e.g. https://us21.api.mailchimp.com/3.0 or https://mautic.example.com.",
    )


def service_over(service: Service, api: EspApi, sender: Sender) -> DraftService:
    """Return the service over a connection."""
    return Mailchimp(api, sender) if service == "mailchimp" else Mautic(api, sender)


def _mapping(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _rows(answer: Any, name: str, service: str) -> list[dict[str, Any]]:
    """Return the rows of a list, which Mautic writes as an object by id; an answer of another shape is no answer."""
    found = _mapping(answer).get(name)
    if isinstance(found, dict):
        found = list(cast("dict[str, Any]", found).values())
    if not isinstance(found, list):
        raise Unanswered(service, f"it answered without a list of {name}", retryable=False)
    return [_mapping(row) for row in cast("list[Any]", found)]


def _id(row: Any, service: str) -> str:
    found = _mapping(row).get("id")
    if not isinstance(found, int | str) or not str(found).replace("-", "").replace("_", "").isalnum():
        raise Unanswered(service, "it answered without the id of the draft", retryable=True)
    return str(found)
