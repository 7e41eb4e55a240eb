"""The columns and merge tags each sending platform expects.

Sources: the platforms' own import documentation as of 2026; ``ExternalID`` for Klaviyo and ``action`` for Dittofeed
are what their uploads are keyed by.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal

Platform = Literal["mailchimp", "klaviyo", "braze", "mautic", "customer_io", "dittofeed"]
PLATFORMS: tuple[Platform, ...] = ("mailchimp", "klaviyo", "braze", "mautic", "customer_io", "dittofeed")

COLUMNS: Mapping[Platform, Mapping[str, str]] = {
    "mailchimp": {
        "email": "Email Address", "phone": "Phone Number", "customer_id": "CUSTOMERID", "first_name": "First Name",
        "last_name": "Last Name", "arm": "ARM", "variant": "VARIANT",
    },
    "klaviyo": {
        "email": "Email", "phone": "PhoneNumber", "customer_id": "ExternalID", "first_name": "First Name",
        "last_name": "Last Name", "country": "Country", "city": "City", "arm": "cpo_arm", "variant": "cpo_variant",
    },
    "braze": {
        "email": "email", "phone": "phone", "customer_id": "external_id", "first_name": "first_name",
        "last_name": "last_name", "country": "country", "city": "home_city", "language": "language", "arm": "cpo_arm",
        "variant": "cpo_variant",
    },
    "mautic": {
        "email": "email", "phone": "mobile", "customer_id": "customer_id", "first_name": "firstname",
        "last_name": "lastname", "country": "country", "city": "city", "arm": "cpo_arm", "variant": "cpo_variant",
    },
    "customer_io": {
        "email": "email", "phone": "phone", "customer_id": "id", "first_name": "first_name", "last_name": "last_name",
        "arm": "cpo_arm", "variant": "cpo_variant",
    },
    "dittofeed": {
        "email": "email", "phone": "phone", "customer_id": "id", "first_name": "firstName", "last_name": "lastName",
        "arm": "cpoArm", "variant": "cpoVariant",
    },
}  # fmt: skip
EXTRA: Mapping[Platform, Mapping[str, str]] = {"dittofeed": {"action": "subscribe"}}
"""Columns with a fixed value."""

_TAG = re.compile(r"\{\{\s*([a-z_]+)\s*(?:\|\s*default\s*:\s*(['\"])(.*?)\2\s*)?\}\}")


def column_name(platform: Platform | None, field: str) -> str:
    """Return what a field is called in a platform's upload; its own name where nothing else is known."""
    return field if platform is None else COLUMNS[platform].get(field, field)


def merge_fields(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the merge tags used in a message with their fallbacks ('' where there is none), in order."""
    found: dict[str, str] = {}
    for text in texts.values():
        for match in _TAG.finditer(text):
            found.setdefault(match.group(1), match.group(3) or "")
    return found


def convert_tags(text: str, platform: Platform) -> str:
    """Rewrite Liquid merge tags for a platform, fallbacks kept.

    Mailchimp has no fallback inside a tag: it comes from the audience's default, which the column map names.
    """
    return _TAG.sub(
        lambda m: (
            _UNSUBSCRIBE[platform] if m.group(1) == "unsubscribe_url" else _WRITERS[platform](m.group(1), m.group(3))
        ),
        text,
    )


_UNSUBSCRIBE: Mapping[Platform, str] = {
    "mailchimp": "*|UNSUB|*", "klaviyo": "{% unsubscribe_link %}", "braze": "{{${set_user_to_unsubscribed_url}}}",
    "mautic": "{unsubscribe_url}", "customer_io": "{% unsubscribe_url %}", "dittofeed": "{% unsubscribe_link %}",
}  # fmt: skip
"""Each platform's own address to leave by; a column of that name does not exist there."""


def _mailchimp(field: str, _fallback: str | None) -> str:
    usual = {"first_name": "FNAME", "last_name": "LNAME", "email": "EMAIL", "phone": "PHONE"}
    return f"*|{usual.get(field, field.replace('_', '').upper()[:10])}|*"


def _liquid(prefix: str, rename: Mapping[str, str]) -> Callable[[str, str | None], str]:
    def write(field: str, fallback: str | None) -> str:
        tail = f' | default: "{fallback}"' if fallback else ""
        return f"{{{{ {prefix}{rename.get(field, field)}{tail} }}}}"

    return write


def _klaviyo(field: str, fallback: str | None) -> str:
    tail = f"|default:'{fallback}'" if fallback else ""
    return f"{{{{ person.{field}{tail} }}}}" if field not in ("first_name", "last_name") else f"{{{{ {field}{tail} }}}}"


def _braze(field: str, fallback: str | None) -> str:
    tail = f" | default: '{fallback}'" if fallback else ""
    return f"{{{{${{{field}}}{tail}}}}}"


def _mautic(field: str, fallback: str | None) -> str:
    name = COLUMNS["mautic"].get(field, field)
    return f"{{contactfield={name}|{fallback}}}" if fallback else f"{{contactfield={name}}}"


_WRITERS: Mapping[Platform, Callable[[str, str | None], str]] = {
    "mailchimp": _mailchimp,
    "klaviyo": _klaviyo,
    "braze": _braze,
    "mautic": _mautic,
    "customer_io": _liquid("customer.", {}),
    "dittofeed": _liquid("user.", {"first_name": "firstName", "last_name": "lastName"}),
}
