"""Masking at reading: text, fields and quarantine of the sources that ask for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from mixer.errors import RecipeError
from mixer.phases.mask import Masking
from mixer.schema import Answer, Message, Record, assistant, user
from mixer.tool_calls import tool_call

MAIL = "ada.lovelace@engine.org"
RECIPE = """
name: masked
sources:
  open: {format: alpaca, path: data/open.jsonl}
  closed: {format: alpaca, path: data/closed.jsonl, mask: [email]}
dedup: [exact]
"""


@pytest.fixture
def sources(write_rows: Callable[[str, list[Any]], Path]) -> None:
    rows = [
        {"instruction": f"Write to {MAIL}", "input": "Hm", "output": f"Dear {MAIL},", "by": MAIL},
        {"instruction": 7, "output": MAIL},
    ]
    write_rows("open.jsonl", rows)
    write_rows("closed.jsonl", [*rows, {**rows[0], "output": "Dear bob.byte@engine.org,"}])


@pytest.mark.usefixtures("sources")
def test_no_file_of_a_mixture_holds_what_was_masked(build_recipe: Callable[..., Any]) -> None:
    out, summary = build_recipe(RECIPE)
    data = pq.read_table(out / "data" / "sft").to_pylist()
    assert MAIL in json.dumps([row for row in data if row["source"] == "open"])
    assert MAIL not in json.dumps([row for row in data if row["source"] == "closed"])
    quarantine = pq.read_table(out / "quarantine.parquet").to_pylist()
    assert [MAIL in row["raw"] for row in quarantine] == [True, False]
    closed = next(source for source in summary.sources if source.name == "closed")
    assert closed.treatments == {"masked: email": 2}
    assert "- treatment: masked: email (2)" in (out / "README.md").read_text(encoding="utf-8")
    # Both rows say the same once they are masked: what comes later sees the masked text alone.
    assert summary.dropped["dedup.exact"] == {"repeats a kept record": 1}


def test_the_instruction_ends_where_it_ended() -> None:
    given = f"é {MAIL} is my é"
    record = Record(
        [Message("system", MAIL), user(f"Write to {MAIL} é\n\n{given}")],
        [assistant(MAIL)],
        instruction_bytes=len(f"Write to {MAIL} é".encode()),
        template=f"Write to {MAIL}",
        meta={"by": [{"mail": MAIL}], "n": 1},
    )
    Masking(("email",)).record(record)
    assert record.prompt[0].content == "[email]"
    instruction = record.prompt[1].content.encode()[: record.instruction_bytes]
    assert instruction.decode() == "Write to [email] é"
    assert record.prompt[1].content == "Write to [email] é\n\né [email] is my é"
    assert (record.template, record.meta) == (
        "Write to [email]",
        {"by": [{"mail": "[email]"}], "n": 1},
    )
    assert record.treatments == ["masked: email"]


@pytest.mark.usefixtures("sources")
def test_a_kind_that_is_not_known_is_an_error_with_its_line(
    build_recipe: Callable[..., Any],
) -> None:
    with pytest.raises(RecipeError, match=r":5: .*'emial'.*email"):
        build_recipe(RECIPE.replace("[email]", "[emial]"))


def test_a_call_stays_a_call_when_its_arguments_are_masked() -> None:
    arguments = {"to": [f"Write {MAIL}"], "card": 4012888888881881, "copies": 2, "urgent": True}
    call = tool_call("send", arguments, "c1")
    other = Message("tool_call", '{"name": "send", "arguments": {"copies":2}}')
    record = Record([user("Send it")], [Answer((call, other, Message("tool", MAIL)))])
    Masking(("email", "payment_card")).record(record)
    masked, untouched, result = record.answers[0].messages
    assert json.loads(masked.content) == {
        "name": "send",
        "arguments": {
            "to": ["Write [email]"],
            "card": "[payment_card]",
            "copies": 2,
            "urgent": True,
        },
        "id": "c1",
    }
    assert untouched == other
    assert result.content == "[email]"
