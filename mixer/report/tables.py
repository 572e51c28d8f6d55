"""pandas tables on a terminal (rich), or as plain aligned text where output is not one."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def print_frame(frame: pd.DataFrame, title: str) -> None:
    """The index as first column; shares as percentages, counts with thousands separators."""
    header = [str(frame.index.name or ""), *(str(name) for name in frame.columns)]
    values = frame.to_dict("split")
    rows = [
        [str(index), *(_cell(header[i + 1], value) for i, value in enumerate(line))]
        for index, line in zip(values["index"], values["data"], strict=True)
    ]
    print_table(header, rows, title)


def print_table(header: Sequence[str], rows: Iterable[Sequence[str]], title: str) -> None:
    """A rich table on a terminal, plain columns otherwise; numbers are right-aligned."""
    lines = [list(row) for row in rows]
    if not sys.stdout.isatty():
        print(_plain(header, lines, title))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", title_style="bold")
    for number, name in enumerate(header):
        table.add_column(name, justify="right" if _is_numeric(lines, number) else "left")
    for line in lines:
        table.add_row(*line)
    Console().print(table)


def _plain(header: Sequence[str], lines: list[list[str]], title: str) -> str:
    everything = [list(header), *lines]
    numeric = {number for number in range(len(header)) if _is_numeric(lines, number)}
    widths = [max(len(line[i]) for line in everything) for i in range(len(header))]
    aligned = (
        "  ".join(
            cell.rjust(width) if number in numeric else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in everything
    )
    return "\n".join([title, *(f"  {line}" for line in aligned), ""])


def _is_numeric(lines: list[list[str]], column: int) -> bool:
    return all(line[column][:1].isdigit() for line in lines) and column > 0


def _cell(column: str, value: object) -> str:
    if isinstance(value, float) and column.endswith("share"):
        return f"{value:.1%}"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)
