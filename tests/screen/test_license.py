"""The screen keeps what a licence allows, and nothing that is not stated."""

from __future__ import annotations

import pyarrow as pa
import pytest

from .screened import step_of

STATED = ["mit", "cc-by-nc-4.0", "cc-by-sa-4.0", "Custom", None, "mit AND cc-by-nc-4.0"]


@pytest.mark.parametrize(
    ("settings", "kept"),
    [
        ({"allow": "commercial"}, ["mit", "cc-by-sa-4.0"]),
        ({"allow": "commercial", "without": ["share_alike"]}, ["mit"]),
        (
            {"allow": "non_commercial"},
            ["mit", "cc-by-nc-4.0", "cc-by-sa-4.0", "mit AND cc-by-nc-4.0"],
        ),
    ],
)
def test_what_stays(settings: dict[str, object], kept: list[str]) -> None:
    batch = pa.RecordBatch.from_pydict({"license": pa.array(STATED, pa.string())})
    reasons = step_of("license", **settings)(batch).to_pylist()
    assert [text for text, why in zip(STATED, reasons, strict=True) if why is None] == kept


def test_the_reason_names_the_licence() -> None:
    batch = pa.RecordBatch.from_pydict({"license": pa.array(["cc-by-nc-4.0"])})
    found = step_of("license", allow="commercial")(batch).to_pylist()
    assert found == ["licence cc-by-nc-4.0: non commercial"]
