"""The mixture that the tests push, built as a user builds it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from mixer.cli import main

RECIPE = """
name: small
sources:
  rivers: {format: alpaca, path: rivers.jsonl, license: LICENSE}
  pairs: {format: hh_rlhf, path: pairs.jsonl, license: mit}
export: [jsonl]
"""
NAME = "me/small"
Push = Callable[..., Result]


def build(folder: Path, rivers: list[str], license: str = "mit") -> Path:
    """A mixture of supervised records and preferences, with an export and a quarantined row."""
    folder.mkdir(parents=True)
    rows = [{"instruction": f"Where does the {r} rise?", "output": "In hills."} for r in rivers]
    lines = "".join(json.dumps(row) + "\n" for row in [*rows, {"instruction": 7}])
    (folder / "rivers.jsonl").write_text(lines)
    start = "\n\nHuman: Is the river deep?\n\nAssistant: "
    pair = {"chosen": f"{start}Yes, in spring.", "rejected": f"{start}No idea."}
    (folder / "pairs.jsonl").write_text(json.dumps(pair) + "\n")
    (folder / "recipe.yaml").write_text(RECIPE.replace("LICENSE", license))
    told = run("build", folder / "recipe.yaml", "--out", folder / "out", "--workers", 1)
    assert told.exit_code == 0, told.output
    return folder / "out"


def run(*arguments: Any) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])
