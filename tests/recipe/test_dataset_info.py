"""Entries of LLaMA-Factory's dataset_info.json become sources, or sentences that say why not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.errors import MixerError
from mixer.recipe.dataset_info import NOT_PINNED, NotMapped, recipe_text, source_fields
from mixer.recipe.load import load_recipe

ROLES = {"role_tag": "role", "content_tag": "content", "user_tag": "user"}
OPENAI = ROLES | {"assistant_tag": "assistant"}
FILE = {"file_name": "a.json"}


def _fields(**entry: Any) -> dict[str, Any]:
    found = source_fields(FILE | entry, Path("data"))
    assert found.pop("path") == "data/a.json"
    return found


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({}, {"format": "alpaca"}),
        ({"num_samples": 5}, {"format": "alpaca", "max_rows": 5}),
        (
            {"columns": {"prompt": "instruction", "query": "input", "response": "output"}},
            {"format": "alpaca"},
        ),
        (
            {"columns": {"prompt": "q", "query": "i", "response": "a", "system": "s"}},
            {
                "format": "columns",
                "map": {"prompt": "q", "input": "i", "answer": "a", "system": "s"},
                "optional": ["input", "system"],
            },
        ),
        # Without `query` upstream leaves the column `input` out of the prompt.
        (
            {"columns": {"prompt": "instruction", "response": "output"}},
            {"format": "columns", "map": {"prompt": "instruction", "answer": "output"}},
        ),
        (
            {"ranking": True, "columns": {n: n for n in ("prompt", "chosen", "rejected")}},
            {"format": "preference"},
        ),
        (
            {"ranking": True, "columns": {"prompt": "q", "chosen": "a", "rejected": "b"}},
            {"format": "columns", "map": {"prompt": "q", "chosen": "a", "rejected": "b"}},
        ),
        (
            {"columns": {"prompt": "prompt", "response": "completion", "kto_tag": "label"}},
            {"format": "kto"},
        ),
        ({"formatting": "sharegpt"}, {"format": "sharegpt"}),
        (
            {"formatting": "sharegpt", "columns": {"messages": "conversations", "tools": "x"}},
            {"format": "sharegpt"},
        ),
        (
            {"formatting": "sharegpt", "columns": {"messages": "messages"}, "tags": OPENAI},
            {"format": "messages"},
        ),
        (
            {
                "formatting": "sharegpt",
                "columns": {"messages": "messages", "kto_tag": "label"},
                "tags": OPENAI,
            },
            {"format": "columns", "map": {"messages": "messages", "label": "label"}},
        ),
        (
            {
                "formatting": "sharegpt",
                "columns": {"messages": "chat"},
                "tags": OPENAI | {"user_tag": "guest", "observation_tag": "observation"},
            },
            {
                "format": "columns",
                "map": {"messages": "chat"},
                "turns": {"role": "role", "content": "content", "user": "guest"}
                | {"assistant": "assistant"},
            },
        ),
    ],
)
def test_an_entry_is_a_source(entry: dict[str, Any], expected: dict[str, Any]) -> None:
    assert _fields(**entry) == expected


def test_a_hub_entry_has_to_be_pinned() -> None:
    entry = {"hf_hub_url": "org/set", "subset": "en", "split": "test", "folder": "x"}
    found = source_fields(entry, Path("data"))
    assert found == {"format": "alpaca", "hub": "org/set", "revision": NOT_PINNED} | {
        "split": "test",
        "config": "en",
        "data_dir": "x",
    }


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"columns": {"prompt": "q", "response": "a", "images": "i"}}, "has images"),
        ({"columns": {"prompt": "text"}}, "text for pre-training"),
        ({"ranking": True}, "name no `chosen` and `rejected`"),
        ({"formatting": "chatml"}, "formatting 'chatml'"),
        ({"formatting": "sharegpt", "columns": {"system": "s"}}, "not `messages`"),
        ({"columns": {"response": "a"}}, "not `prompt`"),
        ({"file_name": 3}, "not as documented: Expected `str"),
        ({"file_name": None, "script_url": "x"}, "runs no code of others"),
        ({"file_name": None, "ms_hub_url": "x"}, "ModelScope"),
        ({"file_name": None}, "neither `file_name` nor"),
        ({"formatting": "sharegpt", "tags": {"function_tag": "call"}}, "`function_tag`"),
    ],
)
def test_what_cannot_be_read_is_said(entry: dict[str, Any], words: str) -> None:
    with pytest.raises(NotMapped, match=words):
        source_fields(FILE | entry, Path("data"))


def _written(tmp_path: Path, entries: Any) -> Path:
    path = tmp_path / "dataset_info.json"
    path.write_text(json.dumps(entries), encoding="utf-8")
    return path


def test_what_is_printed_is_a_recipe(tmp_path: Path) -> None:
    columns = {"prompt": "q: {x}", "response": "true"}
    info = _written(tmp_path, {"a": FILE, "b": FILE | {"columns": columns}, "c": {"x": 1}})
    (tmp_path / "r.yaml").write_text(recipe_text(info, ()), encoding="utf-8")
    recipe = load_recipe(tmp_path / "r.yaml")
    assert list(recipe.sources) == ["a", "b"]
    assert recipe.sources["a"].paths == [str(tmp_path / "a.json")]
    assert recipe.sources["b"].options.map.answer == "true"


def test_entries_that_are_asked_for_must_be_there_and_readable(tmp_path: Path) -> None:
    info = _written(tmp_path, {"notes": {"columns": {"prompt": "text"}, **FILE}, "b": FILE})
    with pytest.raises(MixerError, match="no entry 'note': did you mean 'notes'"):
        recipe_text(info, ("note",))
    with pytest.raises(MixerError, match="the entry 'notes' names no answers"):
        recipe_text(info, ("notes",))
    assert "# 'notes' is left out: it names no answers" in recipe_text(info, ())
    with pytest.raises(MixerError, match=r"no dataset_info\.json that can be read"):
        recipe_text(_written(tmp_path, [1]), ())


KEYS = ["hf_hub_url", "file_name", "formatting", "ranking", "columns", "tags", "num_samples"]
WORDS = st.sampled_from(["prompt", "messages", "response", "chosen", "rejected", "sharegpt"])
TEXTS = WORDS | st.text(max_size=8)
VALUES = TEXTS | st.booleans() | st.integers() | st.dictionaries(TEXTS, TEXTS | st.none())


@given(st.dictionaries(TEXTS, st.dictionaries(st.sampled_from(KEYS), VALUES)))
def test_no_file_of_others_writes_more_than_its_own_lines(
    tmp_path_factory: pytest.TempPathFactory, entries: dict[str, Any]
) -> None:
    path = tmp_path_factory.mktemp("info") / "dataset_info.json"
    path.write_bytes(msgspec.json.encode(entries))
    lines = recipe_text(path, ()).split("\n")
    assert len(lines) == 3 + len(entries)
    assert all(line.startswith("  ") for line in lines[3:])
