"""What holds for every format: no row is an error, and no text of a row is lost."""

from __future__ import annotations

import pytest
from checked_reading import check, read_rows
from hostile_rows import hostile_rows
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from plausible_rows import Upstream, upstream_rows

from mixer import formats
from mixer.sources.containers import RawRow


@pytest.mark.parametrize("name", formats.names())
@given(data=st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_every_row_becomes_records_or_is_bad(name: str, data: st.DataObject) -> None:
    upstream = data.draw(hostile_rows(name))
    rows = [RawRow(7, b"raw", upstream.row, upstream.header, member_row=7)]
    outcome = read_rows(name, upstream.options, rows)
    check(outcome, rows)
    # The same again: reading changes nothing in the row, and keeps nothing of it.
    assert read_rows(name, upstream.options, rows) == outcome


@pytest.mark.parametrize("name", formats.names())
def test_plausible_rows_become_records(name: str) -> None:
    """The rows of the test above are not all bad."""

    def becomes_records(upstream: Upstream) -> bool:
        row = RawRow(7, b"raw", upstream.row, upstream.header, member_row=7)
        return not read_rows(name, upstream.options, [row]).quarantined

    generated = settings(max_examples=200, phases=[Phase.generate], derandomize=True)
    assert find(upstream_rows(name), becomes_records, settings=generated)
