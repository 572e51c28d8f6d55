"""Options that several verbs have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)

workers_option = click.option(
    "--workers", type=click.IntRange(1), help="Processes; default: one a processor."
)
work_option = click.option(
    "--work", type=click.Path(path_type=Path), help="Working folder, kept for the next run."
)


class Share(click.FloatRange):
    """A number in a range; nan is in none."""

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        found = super().convert(value, param, ctx)
        return found if found == found else self.fail(f"{value} is not a number", param, ctx)
