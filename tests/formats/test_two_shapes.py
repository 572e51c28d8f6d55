"""A row that has the fields of two shapes of its format, or more in its objects than the format
names: one shape is read, all texts are kept."""

from __future__ import annotations

from typing import Any

import pytest
from checked_reading import check, read_rows

from mixer import formats
from mixer.sources.containers import RawRow

TURNS = [{"role": "user", "content": "mark6"}, {"role": "assistant", "content": "mark7"}]
SAID = [{"from": "human", "value": "mark1"}, {"from": "gpt", "value": "mark2"}]
TREE = {"text": "mark1", "role": "prompter", "replies": []}
TRANSCRIPT = "\n\nHuman: a\n\nAssistant: b"
CHAIN = [{"critique": {"sample": "mark1"}, "revision": {"sample": "mark2", "seen": "mark3"}}]
ANSWERS = [{"sampled_string": "mark4", "pm_scores": [{"pm_score": 1, "by": "mark5"}]}] * 2
RATED = [{"response": f"mark{n}", "overall_score": n, "fine-grained_score": n} for n in (4, 5)]
OWN = {"instruction_with_input": "mark1", "output": "mark2", "instruction": "mark3"}

ROWS: list[tuple[str, Any]] = [
    (
        "constitutional",
        {"rl_prompt": "mark0", "initial_response": [{"sample": "mark6"}], "cst": CHAIN}
        | {"sampled_answers": ANSWERS, "prompt": "mark7", "corrects": ["mark8"]},
    ),
    (
        "flan",
        {"inputs": "mark0", "targets": "mark1", "task_name": "mark2", "_task_name": "mark3"}
        | {"_task_source": "mark4", "template_type": "mark5", "_template_type": "mark6"},
    ),
    ("hh_rlhf", {"transcript": TRANSCRIPT, "chosen": "mark0", "rejected": "mark1"}),
    ("mmlu", {"question": "mark0", "choices": ["mark1"], "answer": 0, "A": "mark2"}),
    (
        "mt_bench",
        {"turns": ["mark0", "mark1"], "prompt": ["mark2"], "reference": ["mark3"]}
        | {"question_id": "mark4", "prompt_id": "mark5"},
    ),
    ("oasst", {"message_tree_id": "mark0", "prompt": TREE, "text": "mark2", "user_id": "mark3"}),
    (
        "p3",
        {"prompt": "mark0", "completion": "mark1", "inputs_pretokenized": "mark2"}
        | {"targets_pretokenized": "mark3"},
    ),
    (
        "preference",
        {"prompt": "mark0", "chosen": "mark1", "rejected": "mark2", "rejected_messages": TURNS},
    ),
    (
        "self_instruct",
        {"instruction": "mark0", "input": "mark4", "prompt": "mark5", "completion": "mark6"}
        | {"instances": [{"input": "mark1", "output": "mark2", "note": "mark3"}]},
    ),
    ("sharegpt", {"conversations": SAID, "items": TURNS}),
    (
        "summarize_feedback",
        {"info": {"post": "mark0", "title": "mark1", "page": "mark2"}, "choice": 1}
        | {"summary": {"text": "mark3", "axes": {"overall": 3}}, "summaries": [{"text": "mark4"}]},
    ),
    (
        "truthfulqa",
        {"question": "mark0", "best_answer": "mark1", "category": "mark2", "Question": "mark3"}
        | {"Best Answer": "mark4", "Category": "mark5"}
        | {"mc1_targets": {"choices": ["mark6"], "labels": [1], "by": "mark7"}},
    ),
    (
        "ultrafeedback",
        {"instruction": "mark0", "completions": RATED, "chosen": "mark6", "rejected": TURNS},
    ),
    (
        "ultrafeedback",
        {"prompt": "mark0", "chosen": "mark1", "rejected": "mark2", "instruction": "mark3"},
    ),
    ("unnatural", {"instruction": "mark0", "instances": [OWN], "input": "mark4"}),
]


@pytest.mark.parametrize(("name", "row"), ROWS)
def test_keeps_all_texts(name: str, row: Any) -> None:
    rows = [RawRow(7, b"raw", row, member_row=7)]
    outcome = read_rows(name, formats.options_type(name)(), rows)
    assert outcome.quarantined == []
    check(outcome, rows)
