"""The answer of a verb's `--json`."""

from __future__ import annotations

from typing import Any

import click


def print_json(value: Any) -> None:
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2))
