"""Launch and export as the approval machinery wants them: say what is covered, then make the files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.domain.audience import Shop
from app.domain.campaign import Campaign
from app.domain.content import ContentLibrary
from app.workspace import Workspace
from plugins.experiment.export import HOLDS_COPY, execute_export, export_content, released_variants
from plugins.experiment.launch import Parcel, RenderHtml, execute_launch, launch_content, parts_of, sending_day
from plugins.experiment.sources import require_sources


class LaunchEffector:
    """``request`` is the content stored with the pending approval: its send date is kept, all else is recomputed."""

    def __init__(
        self, shop: Callable[[], Shop], render_html: RenderHtml, library: Callable[[], ContentLibrary]
    ) -> None:
        self._shop, self._render, self._library = shop, render_html, library

    def content(self, workspace: Workspace, campaign: Campaign, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what the launch covers now; ``UserFixable`` when a document behind a message no longer stands."""
        variants = parts_of(workspace, campaign).variants.values()
        require_sources(variants, self._library(), sending_day(request.get("send_on"), workspace.today))
        return launch_content(
            workspace, self._shop(), campaign, send_on=request.get("send_on"),
            ramp_share=float(request.get("ramp_share", 1.0)),
        )  # fmt: skip

    def package(self, workspace: Workspace, campaign: Campaign, content: Mapping[str, Any]) -> Parcel:
        """Return files and assignment rows of the approved launch."""
        return execute_launch(workspace, self._shop(), campaign, content, render_html=self._render)


class ExportEffector:
    """The same for exports: what, in which format, of which content."""

    def __init__(
        self, shop: Callable[[], Shop], render_html: RenderHtml, library: Callable[[], ContentLibrary]
    ) -> None:
        self._shop, self._render, self._library = shop, render_html, library

    def content(self, workspace: Workspace, campaign: Campaign, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what the export covers now; ``UserFixable`` when it holds copy whose sources no longer stand."""
        if request["what"] in HOLDS_COPY:
            require_sources(released_variants(workspace, campaign), self._library(), workspace.today)
        return export_content(
            workspace, self._shop(), campaign, what=str(request["what"]), form=str(request["format"]),
            trace=request.get("trace"), ramp_share=request.get("ramp_share"),
        )  # fmt: skip

    def package(self, workspace: Workspace, campaign: Campaign, content: Mapping[str, Any]) -> Parcel:
        """Return the files of the approved export."""
        return execute_export(workspace, self._shop(), campaign, content, render_html=self._render)
