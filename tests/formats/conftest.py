"""Parses one upstream row as reading does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from mixer import formats
from mixer.schema import Place, Record


@pytest.fixture
def parse() -> Callable[..., list[Record]]:
    """parse(format, row, file=..., header=..., **options) → the records of the row."""

    def run(
        name: str, row: Any, file: str = "folder/file.jsonl", header: Any = None, **options: Any
    ) -> list[Record]:
        module = formats.load(name)
        typed = msgspec.convert(row, module.Row)
        settings = msgspec.convert(options, formats.options_type(name))
        if header is not None:
            header = msgspec.convert(header, module.Header)  # type: ignore[attr-defined]  # only formats with ROWS_AT have one
        parsed = module.parse(typed, Place("s", file, 7, header), settings)
        return [parsed] if isinstance(parsed, Record) else parsed

    return run
