"""Which customers are loaded: the current dataset of an installation, opened once and shared by all turns."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

from app.domain.errors import UserFixable
from plugins.segmentation.dataset import open_dataset
from plugins.segmentation.engine import Engine
from plugins.segmentation.sample_shop import ensure_sample_shop
from plugins.segmentation.shop import LoadedShop

CURRENT = "CURRENT"
SHOP_ID = "shop"
"""Folder of the data that a person loads; the sample shop has its own."""


class Datasets:
    """The datasets under ``<home>/datasets``. ``CURRENT`` names the one in use; the sample shop until one is loaded."""

    def __init__(self, home: Path, make_engine: Callable[[], Engine], today: date) -> None:
        self._folder = home / "datasets"
        self._make_engine = make_engine
        self._today = today
        self._lock = threading.RLock()
        self._engine: Engine | None = None
        self._shop: LoadedShop | None = None

    @property
    def folder(self) -> Path:
        """The folder that holds the datasets."""
        return self._folder

    @property
    def loading_folder(self) -> Path:
        """The folder into which a person's files are loaded."""
        return self._folder / SHOP_ID

    def engine(self) -> Engine:
        """Return the engine, started at first use."""
        with self._lock:
            if self._engine is None:
                self._engine = self._make_engine()
            return self._engine

    def shop(self) -> LoadedShop:
        """Return the current shop; the sample is made at first use."""
        with self._lock:
            if self._shop is None:
                self._shop = self._open()
            return self._shop

    def version(self) -> str:
        """Return what names the content of the current dataset; empty before the first start."""
        with self._lock:
            if self._shop is None and not self._folder.is_dir():
                return ""
            manifest = self.shop().dataset.manifest
            return f"{manifest.dataset_id}@{manifest.created_at.isoformat()}"

    def use(self, dataset_id: str) -> None:
        """Make another dataset the current one, from the next turn on."""
        with self._lock:
            open_dataset(self._folder / dataset_id)
            pointer = self._folder / CURRENT
            fresh = pointer.with_name(f".{CURRENT}.new")
            fresh.write_text(dataset_id, encoding="utf-8")
            fresh.replace(pointer)
            self._shop = None

    def reopen(self) -> None:
        """Read the current dataset anew: its files were replaced."""
        with self._lock:
            self.close()

    def close(self) -> None:
        """Stop the engine."""
        with self._lock:
            if self._engine is not None:
                self._engine.close()
            self._engine, self._shop = None, None

    def _open(self) -> LoadedShop:
        pointer = self._folder / CURRENT
        if pointer.is_file():
            name = pointer.read_text(encoding="utf-8").strip()
            if not name or "/" in name or name.startswith("."):
                raise UserFixable(f"{pointer.name} names no dataset.", hint="Remove it to go back to the sample shop.")
            return LoadedShop(self.engine(), open_dataset(self._folder / name))
        return LoadedShop(self.engine(), ensure_sample_shop(self._folder, self._today))
