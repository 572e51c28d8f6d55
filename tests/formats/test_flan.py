"""Both spellings of the task fields are read."""

from __future__ import annotations

from collections.abc import Callable

from mixer.schema import Record

Parse = Callable[..., list[Record]]


def test_dumps_with_and_without_underscores(parse: Parse) -> None:
    row = {"inputs": "Is it wet?", "targets": "yes"}
    for mark in ("", "_"):
        fields = {f"{mark}task_source": "CoT", f"{mark}task_name": "t", f"{mark}template_type": "z"}
        (record,) = parse("flan", row | fields)
        assert record.prompt[0].content == "Is it wet?"
        assert record.answers[0].messages[0].content == "yes"
        assert record.subset == "t"
        assert record.meta == {"task_source": "CoT", "template_type": "z"}
