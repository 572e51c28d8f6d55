"""Drops records in which something was to be filled in, or that hold the marks of a format.

no_value        <noinput>, <nooutput>, <no input>
template        {{name}}, {{ user.name }}
special_token   <|endoftext|>, <|im_start|>, [INST], <s>
fill_in         [Your Name], [insert date], <insert link>
"""

from __future__ import annotations

from typing import ClassVar, Literal

import pyarrow as pa

from mixer.screen.rules.texts import On, reasons, texts
from mixer.steps import ScreenStep

Kind = Literal["no_value", "template", "special_token", "fill_in"]
_PATTERNS: dict[Kind, tuple[str, str]] = {
    "no_value": (r"(?i)<(?:no|empty)[ _-]?(?:input|output|response|answer)>", "<noinput>"),
    "template": (r"\{\{ ?[A-Za-z_][A-Za-z0-9_.]{0,40} ?\}\}", "{{name}}"),
    "special_token": (
        r"<\|[a-z_]{2,30}\|>|\[/?INST\]|</s>|<<SYS>>|<(?:bos|eos|pad)>|<(?:start|end)_of_turn>",
        "<|endoftext|>",
    ),
    "fill_in": (
        r"(?i)[\[<](?:your|insert|enter|add|recipient|sender|company|customer|client|employer)"
        r"(?:['’]s)?[ _][a-z0-9 _/'’-]{2,40}[\]>]",
        "[Your Name]",
    ),
}


class Step(ScreenStep, frozen=True, forbid_unknown_fields=True):
    """`kinds`: what counts as a placeholder. `on`: the texts judged."""

    kinds: tuple[Kind, ...] = ("no_value", "template", "special_token")
    on: On = "record"

    reads: ClassVar[tuple[str, ...]] = ("prompt", "answers")

    def __call__(self, batch: pa.RecordBatch) -> pa.Array:
        said = texts(batch, self.on, calls=True)
        found = []
        for kind in self.kinds:
            pattern, like = _PATTERNS[kind]
            found.append((f"placeholder like {like}", said.rows_where(said.matching(pattern))))
        return reasons(batch.num_rows, found)
