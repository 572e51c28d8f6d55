"""The prompt is the signature with its docstring, the answer the function's body, byte for byte."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from mixer.schema import Record

Parse = Callable[..., list[Record]]


def test_code_keeps_its_white_space(parse: Parse) -> None:
    row = {"task_id": "T/0", "prompt": "def f():\n", "canonical_solution": "    return 1\n"}
    (record,) = parse("humaneval", row | {"test": "…", "entry_point": "f"})
    assert record.prompt[0].content == "def f():\n"
    assert record.answers[0].messages[0].content == "    return 1\n"


def test_a_model_s_samples_are_no_tasks(parse: Parse) -> None:
    with pytest.raises(msgspec.ValidationError, match="prompt"):
        parse("humaneval", {"task_id": "T/0", "completion": "    return 1"})
