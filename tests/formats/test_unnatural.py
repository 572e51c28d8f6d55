"""Instances and paraphrases of a row share a family."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mixer.errors import BadRow
from mixer.schema import Record

Parse = Callable[..., list[Record]]

INSTANCE = {"input": "Peru", "instruction_with_input": "Capital of Peru?", "output": "Lima"}


def test_paraphrases_share_the_family_of_their_row(parse: Parse) -> None:
    row = {
        "instruction": "Name the capital.",
        "instances": [INSTANCE | {"constraints": "None."}],
        "reformulations": [INSTANCE | {"instruction": "Which city governs it?"}],
    }
    first, second = parse("unnatural", row, "full.zip")
    assert first.family == second.family == "s/full.zip:7"
    assert (first.subset, second.subset) == ("instance", "reformulation")
    assert first.prompt[0].content == "Capital of Peru?"
    assert first.meta["constraints"] == "None."
    assert second.meta["instruction"] == "Which city governs it?"
    assert first.instruction_bytes is None


def test_the_instruction_is_known_where_the_text_starts_with_it(parse: Parse) -> None:
    instance = {"input": "Peru", "instruction_with_input": "Nenne sie: Peru", "output": "Lima"}
    (record,) = parse("unnatural", {"instruction": "Nenne sie:", "instances": [instance]})
    assert record.instruction_bytes == 10


def test_a_row_without_instances_is_a_bad_row(parse: Parse) -> None:
    with pytest.raises(BadRow, match="empty list"):
        parse("unnatural", {"instruction": "x", "instances": []})
