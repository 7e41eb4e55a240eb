"""Merge tags as each sending platform writes them."""

from __future__ import annotations

import pytest

from plugins.experiment.column_maps import PLATFORMS, Platform, convert_tags

LEAVING: dict[Platform, str] = {
    "mailchimp": "*|UNSUB|*",
    "klaviyo": "{% unsubscribe_link %}",
    "braze": "{{${set_user_to_unsubscribed_url}}}",
    "mautic": "{unsubscribe_url}",
    "customer_io": "{% unsubscribe_url %}",
    "dittofeed": "{% unsubscribe_link %}",
}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_address_to_leave_by_is_the_platforms_own(platform: Platform) -> None:
    text = "Unsubscribe: {{ unsubscribe_url | default: 'https://shop.example/unsubscribe' }}"
    assert convert_tags(text, platform) == f"Unsubscribe: {LEAVING[platform]}"


def test_names_keep_their_fallback_where_the_platform_has_one() -> None:
    text = "{{ first_name | default: 'Hello' }}"
    assert convert_tags(text, "mautic") == "{contactfield=firstname|Hello}"
    assert convert_tags(text, "mailchimp") == "*|FNAME|*"
    assert convert_tags(text, "customer_io") == '{{ customer.first_name | default: "Hello" }}'
