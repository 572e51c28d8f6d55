"""Drops records with personal data: e-mail addresses, telephone numbers, keys, payment cards.

To keep such records with `[email]` in place of the address, let their source say
`mask: [email, …]` instead: text is changed at reading, before anything is judged or compared.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pyarrow as pa

from mixer.screen.rules.personal_data import CANDIDATES, KINDS, Kind, holds
from mixer.screen.rules.texts import On, Texts, reasons, texts
from mixer.steps import ScreenStep

_NAMES: dict[Kind, str] = {
    "email": "an e-mail address",
    "phone": "a telephone number",
    "key": "a key",
    "payment_card": "the number of a payment card",
}


class Step(ScreenStep, frozen=True, forbid_unknown_fields=True):
    """`kinds`: what counts as personal. `on`: the texts judged."""

    kinds: tuple[Kind, ...] = KINDS
    on: On = "record"

    reads: ClassVar[tuple[str, ...]] = ("prompt", "answers")

    def __call__(self, batch: pa.RecordBatch) -> pa.Array:
        said = texts(batch, self.on, calls=True)
        found = [(f"holds {_NAMES[kind]}", _rows_with(said, kind)) for kind in self.kinds]
        return reasons(batch.num_rows, found)


def _rows_with(said: Texts, kind: Kind) -> np.ndarray:
    some = said.where(said.matching(CANDIDATES[kind]))
    held = np.array([holds(text, kind) for text in some.content.to_pylist()], bool)
    return some.rows_where(held)
