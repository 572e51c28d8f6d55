"""Drops records with text that was decoded wrongly: "donâ€™t", "cafÃ©", replacement characters.

UTF-8 read as Latin-1 or Windows-1252 leaves a lead byte's letter followed by the characters that
its continuation bytes stand for; these sequences do not occur in any language.
"""

from __future__ import annotations

from typing import ClassVar

import pyarrow as pa

from mixer.screen.rules.texts import On, reasons, texts
from mixer.steps import ScreenStep

# What the bytes 0x80-0xBF are in Latin-1 and in Windows-1252.
_CONTINUES = r"[\x{80}-\x{BF}€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_WRONGLY_DECODED = (
    rf"[ÂÃ]{_CONTINUES}"
    rf"|â[€‚ƒ„†‡ˆ‰Š‹ŒŽ\x{{80}}-\x{{9F}}]{_CONTINUES}"
    rf"|ï[»¿¼]{_CONTINUES}"
    rf"|ð[Ÿ\x{{9F}}]{_CONTINUES}"
    rf"|(?:[ÐÑ]{_CONTINUES}){{3}}|(?:[äåæçèé]{_CONTINUES}{{2}}){{2}}"
    r"|锟斤拷|烫烫烫"
)


class Step(ScreenStep, frozen=True, forbid_unknown_fields=True):
    """`replacement_character`: whether U+FFFD counts. `on`: the texts judged."""

    replacement_character: bool = True
    on: On = "record"

    reads: ClassVar[tuple[str, ...]] = ("prompt", "answers")

    def __call__(self, batch: pa.RecordBatch) -> pa.Array:
        said = texts(batch, self.on, calls=True)
        found = [("text decoded wrongly", said.rows_where(said.matching(_WRONGLY_DECODED)))]
        if self.replacement_character:
            lost = said.matching("\ufffd")
            found.append(("replacement characters", said.rows_where(lost)))
        return reasons(batch.num_rows, found)
