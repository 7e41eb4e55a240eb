"""A message as one person gets it: merged fields, the HTML and the text twin of an e-mail."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from plugins.generation.merge_tags import merge

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>{subject}</title>
<style>
body{{margin:0;background:#f4f4f2;color:#1c1c1a;font:16px/1.5 Georgia,serif}}
main{{max-width:600px;margin:0 auto;padding:24px;background:#ffffff}}
a.button{{display:inline-block;
padding:12px 22px;background:#1f4d3a;color:#ffffff;text-decoration:none;border-radius:4px}}
footer{{max-width:600px;margin:0 auto;padding:16px 24px;
font-size:13px;color:#55554f}}
@media (prefers-color-scheme:dark){{
body{{background:#161614;color:#ecece8}}main{{background:#20201d}}footer{{color:#b5b5ad}}}}
</style></head>
<body><div style="display:none;max-height:0;overflow:hidden">{preheader}</div>
<main>{figure}{paragraphs}<p><a class="button" href="{link}">{cta}</a></p></main>
<footer>{footer}</footer></body></html>
"""


def render_fields(fields: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields merged for one person, as plain text."""
    return {name: merge(text, values) for name, text in fields.items()}


def render_html(fields: Mapping[str, str], values: Mapping[str, Any] | None = None) -> str:
    """Return the e-mail as one HTML page; without ``values`` the merge tags stay for the sender to fill.

    Everything is escaped, so that a name can never become markup. The image is a box with its alternative text: the
    shop's own picture goes there.
    """
    done = render_fields(fields, values) if values is not None else dict(fields)
    safe = {name: html.escape(text, quote=name in ("link", "alt")) for name, text in done.items()}
    paragraphs = "".join(
        f"<p>{p.strip().replace(chr(10), '<br>')}</p>" for p in safe["body"].split("\n\n") if p.strip()
    )
    figure = f'<div role="img" aria-label="{safe["alt"]}"></div>' if safe.get("alt") else ""
    return PAGE.format(
        subject=safe["subject"], preheader=safe["preheader"], figure=figure, paragraphs=paragraphs,
        link=safe["link"], cta=safe["cta"], footer=safe["footer"].replace("\n", "<br>"),
    )  # fmt: skip


def render_text(fields: Mapping[str, str], values: Mapping[str, Any] | None = None) -> str:
    """Return the text twin of an e-mail: the same words, the link written out."""
    done = render_fields(fields, values) if values is not None else dict(fields)
    return f"{done['body']}\n\n{done['cta']}: {done['link']}\n\n--\n{done['footer']}\n"
