"""Plain Parquet files, one folder a configuration: sft/, preference/, prompts/, unpaired/."""

from __future__ import annotations

import shutil
from pathlib import Path


def export(mixture: Path, out: Path) -> None:
    """Copies the data files of `mixture` into the empty folder `out`."""
    for folder in configs(mixture):
        shutil.copytree(folder, out / folder.name)


def configs(mixture: Path) -> list[Path]:
    """The data folders of the configurations that have rows."""
    return sorted(path for path in (mixture / "data").iterdir() if path.is_dir())


def split_of(path: Path) -> str:
    """`train-00000-of-00002.parquet` → `train`."""
    return path.name.rsplit("-", 3)[0]


def splits(folder: Path) -> dict[str, list[Path]]:
    """The files of each split of a configuration, `train` first, each in the mixture's order."""
    found: dict[str, list[Path]] = {}
    for path in sorted(
        folder.glob("*.parquet"), key=lambda path: (split_of(path) != "train", path)
    ):
        found.setdefault(split_of(path), []).append(path)
    return found
