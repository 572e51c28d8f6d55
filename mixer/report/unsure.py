"""What `mixer inspect --unsure` shows: the rows whose labels a model is least sure of."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from mixer.report.pairs import in_one_line, printable, shortened


class Unsure(msgspec.Struct, frozen=True):
    """`prompt` is the last turn of a person (or the last message without one), `answer` the best
    one, None for a bare prompt: both as excerpts."""

    id: str
    task_type: str
    task_type_confidence: float
    form: str
    form_confidence: float
    prompt: str
    answer: str | None


def excerpt(text: str) -> str:
    """The beginning and end of a text in one line that a terminal may show."""
    return in_one_line(shortened(text))


def print_unsure(found: Sequence[Unsure]) -> None:
    if not found:
        print("no row has a task type that a model gave")
        return
    print(f"{len(found):,} rows with the least certain labels, least certain first")
    for one in found:
        print(f"\n{printable(one.id)}")
        print(f"  task_type  {one.task_type} ({one.task_type_confidence:.2f})")
        print(f"  form       {one.form} ({one.form_confidence:.2f})")
        print(f"  prompt     {one.prompt}")
        print(f"  answer     {'(none)' if one.answer is None else one.answer}")
    print()
