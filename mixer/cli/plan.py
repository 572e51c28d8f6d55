"""`mixer plan`: what a recipe would read and draw."""

from __future__ import annotations

from pathlib import Path

import click

from mixer.cli.json_answer import print_json
from mixer.cli.options import work_option, workers_option
from mixer.errors import GoalMissed


@click.command()
@click.argument("recipe")
@click.option("--json", "as_json", is_flag=True, help="The whole plan as JSON.")
@work_option
@workers_option
def plan(recipe: str, as_json: bool, work: Path | None, workers: int | None) -> None:
    """Show what RECIPE would read and draw, without writing a mixture.

    Reads and annotates the sources into the working folder, where `build` finds them again.

    \b
    Example:
      mixer plan quickstart
    """
    from mixer.engines.local import local_engine
    from mixer.pipeline import Settings, plan
    from mixer.recipe.load import find_recipe, load_recipe
    from mixer.report.summary import print_summary

    loaded = load_recipe(find_recipe(recipe))
    work = work or Path("mixtures") / f"{loaded.name}.work"
    with local_engine(workers) as engine:
        summary = plan(loaded, Settings(work, engine))
    if as_json:
        print_json(summary)
    else:
        print_summary(summary)
    if summary.mix.outcome == "short":
        raise GoalMissed("\n".join(summary.mix.short))
