"""`mixer formats`: the known formats."""

from __future__ import annotations

import click


@click.command()
@click.argument("name", required=False)
def formats(name: str | None) -> None:
    """List the known formats with their fields, or explain one.

    \b
    Example:
      mixer formats
      mixer formats hh_rlhf
    """
    from mixer import formats as known
    from mixer.report.tables import print_table

    if name:
        click.echo((known.load(name).__doc__ or "").strip())
        return
    rows = []
    for each in known.names():
        fields = ", ".join(known.fields(each)) or "any"
        options = ", ".join(known.options_type(each).__struct_fields__)
        rows.append([each, fields, options])
    print_table(["format", "fields", "options"], rows, "known formats")
