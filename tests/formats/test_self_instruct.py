"""Seeds and every stage of the pipeline."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mixer.errors import BadRow
from mixer.schema import Record

Parse = Callable[..., list[Record]]


def _texts(record: Record) -> tuple[str, list[str]]:
    return record.prompt[0].content, [a.messages[0].content for a in record.answers]


def test_seed_tasks_give_a_record_an_instance(parse: Parse) -> None:
    instances = [{"input": "", "output": "Assam."}, {"input": "green", "output": "Sencha."}]
    row = {"id": "seed_task_0", "name": "tea", "instruction": "Name a tea.", "instances": instances}
    first, second = parse("self_instruct", row | {"is_classification": False})
    assert _texts(first) == ("Name a tea.", ["Assam."])
    assert _texts(second) == ("Name a tea.\n\ngreen", ["Sencha."])
    assert second.template == "Name a tea."
    assert [record.instruction_bytes for record in (first, second)] == [11, 11]
    assert first.meta == {"id": "seed_task_0", "name": "tea", "is_classification": False}


def test_generated_instances_and_fine_tuning_rows(parse: Parse) -> None:
    (record,) = parse("self_instruct", {"instruction": "Add.", "input": "1 2", "output": "3"})
    assert _texts(record) == ("Add.\n\n1 2", ["3"])
    row = {"prompt": "Add.\nOutput:", "completion": " 3<|endoftext|>"}
    assert _texts(parse("self_instruct", row)[0]) == ("Add.\nOutput:", ["3"])
    assert parse("self_instruct", row)[0].instruction_bytes is None


@pytest.mark.parametrize(("written", "meant"), [(" Yes", True), (" No", False), (" Hm", " Hm")])
def test_stages_without_answers_are_bare_prompts(written: str, meant: object, parse: Parse) -> None:
    row = {"instruction": "Sort these.", "is_classification": written}
    (record,) = parse("self_instruct", row)
    assert _texts(record) == ("Sort these.", [])
    assert record.instruction_bytes == 11
    assert record.meta == {"is_classification": meant}


def test_an_unknown_shape_is_a_bad_row(parse: Parse) -> None:
    with pytest.raises(BadRow, match="needs `instruction`"):
        parse("self_instruct", {"input": "x"})
