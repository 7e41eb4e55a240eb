"""Launch and export as the approval machinery wants them: say what is covered, then make the files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.domain.audience import Shop
from app.domain.campaign import Campaign
from app.workspace import Workspace
from plugins.experiment.export import execute_export, export_content
from plugins.experiment.launch import Parcel, RenderHtml, execute_launch, launch_content


class LaunchEffector:
    """``request`` is the content stored with the pending approval: its send date is kept, all else is recomputed."""

    def __init__(self, shop: Callable[[], Shop], render_html: RenderHtml) -> None:
        self._shop, self._render = shop, render_html

    def content(self, workspace: Workspace, campaign: Campaign, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what the launch covers now."""
        return launch_content(workspace, self._shop(), campaign, send_on=request.get("send_on"))

    def package(self, workspace: Workspace, campaign: Campaign, content: Mapping[str, Any]) -> Parcel:
        """Return files and assignment rows of the approved launch."""
        return execute_launch(workspace, self._shop(), campaign, content, render_html=self._render)


class ExportEffector:
    """The same for exports: what, in which format, of which content."""

    def __init__(self, shop: Callable[[], Shop], render_html: RenderHtml) -> None:
        self._shop, self._render = shop, render_html

    def content(self, workspace: Workspace, campaign: Campaign, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what the export covers now."""
        return export_content(
            workspace, self._shop(), campaign, what=str(request["what"]), form=str(request["format"]),
            trace=request.get("trace"),
        )  # fmt: skip

    def package(self, workspace: Workspace, campaign: Campaign, content: Mapping[str, Any]) -> Parcel:
        """Return the files of the approved export."""
        return execute_export(workspace, self._shop(), campaign, content, render_html=self._render)
