"""Where results are found: the newest observed readout of the campaign a person means."""

from __future__ import annotations

from app.domain.campaign import Campaign
from app.domain.errors import Refused
from app.domain.experiment import Readout
from app.workspace import Workspace

_PREVIOUS = frozenset({"previous", "last", "latest"})
"""Of results, these words mean the newest campaign that has any."""


class StoredResults:
    """Finds readouts; never computes one."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def newest_of(self, campaign: Campaign) -> Readout | None:
        """Return the newest observed readout of a campaign, or None."""
        return stored_readout(self._workspace, campaign)

    def readout(self, campaign_id: str | None) -> tuple[Campaign, Readout]:
        """Return a campaign's newest readout; without a campaign named or open, the newest one there is."""
        if campaign_id is None and not self._workspace.has_campaign():
            return self._newest(None)
        if campaign_id is not None and campaign_id.strip().lower() in _PREVIOUS:
            open_one = self._workspace.campaign() if self._workspace.has_campaign() else None
            return self._newest(open_one)
        campaign = self._workspace.campaign(campaign_id)
        readout = stored_readout(self._workspace, campaign)
        if readout is None:
            raise Refused(
                f"No results are stored for {campaign.name} ({campaign.state.value}). They are loaded with `cpo ingest "
                "results`; simulate_results only on request.",
                code="no_results", allowed=[c.name for c in self._with_results()][:10],
            )  # fmt: skip
        return campaign, readout

    def _with_results(self) -> list[Campaign]:
        return [c for c in self._workspace.campaigns() if stored_readout(self._workspace, c) is not None]

    def _newest(self, besides: Campaign | None) -> tuple[Campaign, Readout]:
        for campaign in self._with_results():
            readout = stored_readout(self._workspace, campaign)
            if readout is not None and (besides is None or campaign.id != besides.id):
                return campaign, readout
        raise Refused("No campaign with results was found.", code="no_results")

    def other_with_results(self, first: Campaign) -> tuple[Campaign, Readout]:
        return self._newest(first)


def stored_readout(workspace: Workspace, campaign: Campaign) -> Readout | None:
    """Return the newest observed readout of a campaign."""
    if campaign.readout_id is not None:
        return workspace.get(Readout, campaign.readout_id)
    found = workspace.find(Readout, campaign_id=campaign.id)
    return found[0] if found else None


def mark_of(readout: Readout) -> str:
    if readout.simulated:
        return "SIMULATED. "
    return "Synthetic example data. " if readout.synthetic else ""


def arm_named(readout: Readout, campaign: Campaign, given: str) -> str:
    """Return the arm a person means: its name in any case, a variant id, or ``variant B``."""
    arms = [str(a["name"]) for a in readout.body["arms"]]
    label_of = {variant_id: label for label, variant_id in campaign.variants.items()}
    wanted = label_of.get(given, given).strip().casefold().removeprefix("variant").removeprefix("version").strip()
    if wanted in ("control", "holdout", "the control", "no message"):
        return str(readout.body["control"])
    found = next((a for a in arms if a.casefold() == wanted), None)
    if found is None:
        raise Refused(f"There is no arm {given!r}.", code="not_found", field="variant", allowed=arms)
    return found
