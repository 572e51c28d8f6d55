"""A row as it stands in its file, cut out but not understood."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

MAX_ROW_BYTES = 64 << 20
EXCERPT_BYTES = 1000
# Levels of lists and objects in a row. What walks over values does so by recursion.
MAX_DEPTH = 100


class RawRow(msgspec.Struct, frozen=True, gc=False):
    """`row` counts from 1 in its file (the line, or the place in the array), through all members
    of an archive; `member_row` in its member. `raw` holds the upstream bytes, None where a table
    has none of its own; `value` the decoded row; with a `reason`, the row is unreadable."""

    row: int
    raw: bytes | None
    value: Any = None
    header: Any = None
    reason: str | None = None
    member: str = ""
    member_row: int = 0

    def text(self) -> bytes:
        """What quarantine shows of it."""
        return msgspec.json.encode(self.value) if self.raw is None else self.raw


class Layout(NamedTuple):
    """What a format says about its files: where rows stand in a JSON object; the columns of a TSV
    or CSV without a header line."""

    rows_at: str | None = None
    columns: tuple[str, ...] | None = None


def too_long(raw: bytes) -> tuple[bytes, str]:
    """The excerpt and the reason of a row above MAX_ROW_BYTES."""
    return raw[:EXCERPT_BYTES], f"the row is longer than {MAX_ROW_BYTES >> 20} MiB"
