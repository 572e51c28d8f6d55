"""`mixer verify`: whether a mixture is as it was written."""

from __future__ import annotations

from pathlib import Path

import click

from mixer.cli.json_answer import print_json
from mixer.cli.options import FOLDER, workers_option
from mixer.errors import MixerError


@click.command()
@click.argument("mixture", type=FOLDER)
@workers_option
@click.option("--json", "as_json", is_flag=True, help="What was found as JSON.")
def verify(mixture: Path, workers: int | None, as_json: bool) -> None:
    """Check that the files of MIXTURE are those that were written; exit code 1 if not.

    README.md is not checked: people write in it. Of a download of what `mixer push` uploaded,
    quarantine.parquet and exports/ may be missing.

    \b
    Example:
      mixer verify mixtures/quickstart
    """
    from mixer.engines.local import local_engine
    from mixer.phases.verify import told, verify

    with local_engine(workers) as engine:
        found = verify(mixture, engine)
    if as_json:
        print_json(found)
    else:
        click.echo(told(found))
    if not found.is_unharmed:
        raise MixerError(f"{mixture} is not as it was written: build it again")
