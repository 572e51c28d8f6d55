"""`mixer ablate`: mixtures that differ in one component, and what they tell."""

from __future__ import annotations

from pathlib import Path

import click

from mixer.cli.options import work_option, workers_option


@click.command()
@click.argument("recipe", required=False)
@click.option("--out", type=click.Path(path_type=Path), help="Default: ablations/NAME.")
@click.option("--over", help="The column whose values are compared; default: component.")
@click.option("--factorial", is_flag=True, help="Every combination of components, too.")
@click.option("--random", "simplex", type=click.IntRange(1), help="So many random mixtures, too.")
@click.option(
    "--analyse",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Effects from a filled results.csv; design.csv lies beside it.",
)
@work_option
@workers_option
def ablate(  # noqa: PLR0913 - one parameter an option
    recipe: str | None,
    out: Path | None,
    over: str | None,
    factorial: bool,
    simplex: int | None,
    analyse: Path | None,
    work: Path | None,
    workers: int | None,
) -> None:
    """Build mixtures that differ in one component with all else equal, or analyse results on them.

    \b
    Example:
      mixer ablate ablation --out ablations/mine
      mixer ablate --analyse ablations/mine/results.csv
    """
    if (recipe is None) == (analyse is None):
        raise click.UsageError("give a RECIPE to build from, or --analyse with a results.csv")
    if analyse is not None:
        _analyse(analyse)
        return
    from mixer.ablate import ablate, with_designs
    from mixer.engines.local import local_engine
    from mixer.pipeline import Settings
    from mixer.recipe.load import find_recipe, load_recipe
    from mixer.report.ablation import print_family

    loaded = load_recipe(find_recipe(recipe or ""))
    loaded = with_designs(loaded, over, factorial=factorial, simplex=simplex)
    out = out or Path("ablations") / loaded.name
    work = work or out.with_name(f"{out.name}.work")
    with local_engine(workers) as engine:
        summary = ablate(loaded, out, Settings(work, engine))
    print_family(summary)
    click.echo(f"written to {out}")


def _analyse(results: Path) -> None:
    from mixer.ablate import analyse_results
    from mixer.report.ablation import print_analysis

    found, picture = analyse_results(results)
    print_analysis(found)
    click.echo(f"drawn in {picture}")
