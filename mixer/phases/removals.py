"""What earlier removals mean for a build: which certificates there are, and what they keep out."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from mixer.certificate import FOLDER, kept_out
from mixer.errors import OutputError
from mixer.recipe.model import Recipe
from mixer.sources.opened import sha256_of

_SCREEN = "removed"


def certificates(mixture: Path) -> list[Path]:
    paths = (mixture / FOLDER).glob("*.json")
    return sorted(path for path in paths if path.stem.isdecimal())


def rows_kept_out(recipe: Recipe) -> pa.Array:
    """Ids of quarantined rows whose text no quarantine shall hold again."""
    return kept_out(_named(recipe)).rows


def refuse_to_lose_certificates(out: Path, recipe: Recipe) -> None:
    """OutputError where a build would take the place of a mixture that rows were removed from, and
    the recipe does not name copies of its certificates: the rows would come back unnoticed."""
    inside = out.resolve()
    outside = [path for path in _named(recipe) if not Path(path).resolve().is_relative_to(inside)]
    known = {sha256_of(path) for path in outside}
    for path in certificates(out):
        if sha256_of(str(path)) not in known:
            raise OutputError(
                f"{path} certifies that rows were removed from {out}, and a build would bring them "
                "back and delete it: copy it beside the recipe, name the copy in "
                "`screen: [{removed: {certificates: …}}]`, or choose another --out"
            )


def _named(recipe: Recipe) -> list[str]:
    """The certificates that the recipe's screens name."""
    steps = (step for step in recipe.screen if step.name == _SCREEN)
    return [path for step in steps for path in step.settings.files()]
