"""What a fresh installation is given: the sample shop's finished, synthetic experiment."""

from __future__ import annotations

from datetime import datetime

from app.datasets import Datasets
from app.store import SHARED_OWNER, Store
from plugins.experiment.finished import finished_example


def install_finished_example(store: Store, datasets: Datasets, now: datetime) -> None:
    """Store the example campaign of the current dataset once, for everybody; does nothing when it has none."""
    folder = datasets.shop().dataset.path
    if any(campaign.synthetic for campaign in store.all_campaigns()):
        return
    example = finished_example(folder, now=now)
    if example is None:
        return
    with store.writing() as connection:
        store.save_records(connection, [example.experiment, example.readout], now)
        store.save_campaigns(connection, [example.campaign], SHARED_OWNER)
