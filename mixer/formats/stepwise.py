r"""Solutions with a label for each step (https://huggingface.co/docs/trl/dataset_formats).

    {"prompt": "How many eggs are in 3 boxes of 6?",
     "completions": ["A box has 6 eggs.", "3 boxes have 3 + 6 = 9 eggs."],
     "labels": [true, false]}

TRL's stepwise supervision, as its copies of PRM800K and Math-Shepherd have it. A record is one
answer, the steps joined by `separator`, with a score of 1 if every step is right, else 0: the same
reading as TRL's own conversion to unpaired feedback. So it is in the configuration `unpaired`, and
in `sft` only if its source says so. Steps and labels are kept in `meta` as upstream has them (a
step may hold the separator, so the answer alone does not give them back); there is no configuration
for trainers of process rewards, who read upstream's own files.

Trap: in PRM800K the labels end at the first wrong step, and so does the answer.
"""

from __future__ import annotations

import msgspec

from mixer.errors import BadRow
from mixer.schema import Place, Record, assistant, user


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    r"""`separator`: what stands between two steps of the answer, "\n" by default."""

    separator: str = "\n"


class Row(msgspec.Struct):
    prompt: str
    completions: list[str]
    labels: list[bool]


def parse(row: Row, place: Place, options: Options) -> Record:
    if not row.completions:
        raise BadRow("`completions` is an empty list")
    if len(row.completions) != len(row.labels):
        steps, labels = len(row.completions), len(row.labels)
        raise BadRow(f"{steps} steps in `completions`, but {labels} in `labels`")
    text = options.separator.join(row.completions)
    return Record(
        prompt=[user(row.prompt)],
        answers=[assistant(text, float(all(row.labels)))],
        meta={"completions": row.completions, "labels": row.labels},
    )


def render(record: Record) -> Row:
    return Row(record.prompt[0].content, record.meta["completions"], record.meta["labels"])
