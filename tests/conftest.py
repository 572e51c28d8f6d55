"""Fixtures: a recipe written to a file, and a build of it in a temporary folder."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from mixer.cards.summary import Summary
from mixer.engines.local import LocalEngine
from mixer.pipeline import Settings, build
from mixer.recipe.load import load_recipe
from mixer.report.progress import Progress

# No test is timed; in CI the examples are the same in every run.
hypothesis.settings.register_profile(
    "mixer", deadline=None, derandomize=os.environ.get("CI") == "true"
)
hypothesis.settings.load_profile("mixer")

PACKAGE = Path(__file__).parents[1] / "mixer"


def pytest_configure() -> None:
    """Compiled kernels hold copies of what they call in other files: those of old source go."""
    newest = max(path.stat().st_mtime for path in PACKAGE.rglob("*.py"))
    for path in PACKAGE.rglob("*.nb[ic]"):
        if path.stat().st_mtime < newest:
            path.unlink(missing_ok=True)


Build = Callable[..., tuple[Path, Summary]]


@pytest.fixture
def write_rows(tmp_path: Path) -> Callable[[str, list[Any]], Path]:
    """Writes JSON lines under tmp_path/data."""

    def write(name: str, rows: list[Any]) -> Path:
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path

    return write


@pytest.fixture
def build_recipe(tmp_path: Path) -> Build:
    """Builds a recipe text; paths in it are relative to tmp_path."""

    def run(text: str, out: str = "out", **settings: Any) -> tuple[Path, Summary]:
        path = tmp_path / "recipe.yaml"
        path.write_text(text, encoding="utf-8")
        work = tmp_path / settings.pop("work", f"{out}.work")
        workers = settings.pop("workers", 1)
        engine = LocalEngine(workers)
        try:
            progress = Progress(io.StringIO())
            summary = build(
                load_recipe(path), tmp_path / out, Settings(work, engine, progress, **settings)
            )
        finally:
            engine.close()
        return tmp_path / out, summary

    return run
