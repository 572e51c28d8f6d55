"""A disk that is full: one sentence, nothing half-written, and the next run ends as if nothing
had happened. A limit on file sizes stands in for the disk: writing fails with the same OSError."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def _limit(file_bytes: int) -> Callable[[], None]:
    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))

    return limit


@pytest.mark.parametrize("file_bytes", [100, 2_500, 30_000])
def test_nothing_half_written_remains(
    file_bytes: int, tmp_path: Path, write_rows: Callable[[str, list[Any]], Path]
) -> None:
    rows = [{"instruction": f"{n} {n * n}", "input": "", "output": f"{n**3}"} for n in range(5000)]
    write_rows("a.jsonl", rows)
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text("name: t\nsources: {s: {format: alpaca, path: data/a.jsonl}}\n")
    out = tmp_path / "out"
    command = [sys.executable, "-m", "mixer", "build", str(recipe), "--out", str(out)]
    command += ["--workers", "1"]
    full = subprocess.run(
        command, capture_output=True, text=True, preexec_fn=_limit(file_bytes), check=False
    )
    assert full.returncode == 1
    assert "Traceback" not in full.stderr
    assert "mixer: " in full.stderr
    assert not out.exists()
    assert not list(tmp_path.glob(".*.partial"))
    subprocess.run(command, capture_output=True, check=True)
    assert (out / "README.md").is_file()
