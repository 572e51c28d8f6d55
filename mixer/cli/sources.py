"""`mixer sources`: the known data sets."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("name", required=False)
@click.option(
    "--from",
    "dataset_info",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="LLaMA-Factory's dataset_info.json: print its entries as a recipe.",
)
@click.option("--only", multiple=True, metavar="ENTRY", help="One of them; again: more.")
def sources(name: str | None, dataset_info: Path | None, only: tuple[str, ...]) -> None:
    """List the known data sets (from data_cards/), show one card, or print those of a
    dataset_info.json as the sources of a recipe.

    \b
    Example:
      mixer sources
      mixer sources hh_rlhf
      mixer sources --from data/dataset_info.json --only identity > mine.yaml
    """
    if (dataset_info is None and only) or (dataset_info is not None and name):
        raise click.UsageError("--only names entries of the file of --from, which takes no NAME")
    if dataset_info is not None:
        from mixer.recipe.dataset_info import recipe_text

        click.echo(recipe_text(dataset_info, only))
        return
    from mixer.cards.source_card import card_names, source_card
    from mixer.report.tables import print_table
    from mixer.resources import folder

    if name:
        source_card(name)
        click.echo((folder("data_cards") / f"{name}.md").read_text(encoding="utf-8").strip())
        return
    cards = [source_card(each) for each in card_names()]
    rows = [
        [card.name, card.license, f"{card.size_rows}", ", ".join(card.formats), card.homepage]
        for card in cards
    ]
    print_table(["name", "licence", "rows", "formats", "homepage"], rows, "known data sets")
