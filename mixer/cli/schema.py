"""`mixer schema`: the JSON Schema of recipes."""

from __future__ import annotations

import click

from mixer.cli.json_answer import print_json


@click.command()
def schema() -> None:
    """Print the JSON Schema of recipes, for editors.

    \b
    Example:
      mixer schema > recipe.schema.json
    """
    from mixer.recipe.json_schema import json_schema

    print_json(json_schema())
