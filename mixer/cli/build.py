"""`mixer build`: a mixture from a recipe."""

from __future__ import annotations

from pathlib import Path

import click

from mixer.cli.options import work_option, workers_option


@click.command()
@click.argument("recipe", required=False)
@click.option("--out", type=click.Path(path_type=Path), help="Default: mixtures/NAME.")
@click.option(
    "--locked",
    type=click.Path(exists=True, path_type=Path),
    help="A mixture.lock.json: the same bytes, or what differs first.",
)
@work_option
@workers_option
def build(
    recipe: str | None,
    out: Path | None,
    locked: Path | None,
    work: Path | None,
    workers: int | None,
) -> None:
    """Build the mixture of RECIPE, a file or the name of a shipped recipe.

    With --locked and no RECIPE, the recipe in the lock is built, as if it lay in this folder.

    \b
    Example:
      mixer build quickstart --out /tmp/quickstart
      mixer build --locked /tmp/quickstart/mixture.lock.json --out /tmp/again
    """
    from mixer.engines.local import local_engine
    from mixer.phases.lock import read_lock
    from mixer.pipeline import Settings, build
    from mixer.recipe.load import find_recipe, load_recipe, read_recipe
    from mixer.report.summary import print_summary

    if recipe is None and locked is None:
        raise click.UsageError("give a RECIPE, or --locked with a mixture.lock.json")
    lock = read_lock(locked) if locked else None
    if recipe is not None:
        loaded = load_recipe(find_recipe(recipe))
    else:
        loaded = read_recipe(lock.recipe if lock else "", Path("recipe"))
    out = out or Path("mixtures") / loaded.name
    work = work or out.with_name(f"{out.name}.work")
    with local_engine(workers) as engine:
        summary = build(loaded, out, Settings(work, engine, locked_to=lock))
    print_summary(summary)
    click.echo(f"written to {out}")
