"""Plain Parquet files, one folder a configuration: sft/, preference/, prompts/."""

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
