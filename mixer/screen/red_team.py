"""Drops records that their source declares to be attacks on a model: no text is judged.

A source declares it by the subset (the folder of HH-RLHF, the name of a task), by a field of the
upstream row, or by saying that its rows are not for training.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any, ClassVar

import msgspec
import numpy as np
import pyarrow as pa

from mixer.screen.rules.texts import reasons
from mixer.steps import ScreenStep


class Step(ScreenStep, frozen=True, forbid_unknown_fields=True):
    """`subsets`: names, with `*`, in any case. `fields`: upstream fields (kept in `meta`) and the
    values that mean an attack, such as `{toxic: true}`. `not_for_training`: whether that counts."""

    subsets: tuple[str, ...] = ("*red-team*", "*red_team*", "harmless-*", "*toxic*", "*jailbreak*")
    fields: dict[str, Any] = {}
    not_for_training: bool = True

    reads: ClassVar[tuple[str, ...]] = ("subset", "meta", "not_for_training")

    def __call__(self, batch: pa.RecordBatch) -> pa.Array:
        found = self._by_subset(batch.column("subset"))
        if self.not_for_training:
            barred = np.asarray(batch.column("not_for_training").fill_null(False))
            found.append(("its source says: not for training", barred))
        found += self._by_field(batch.column("meta"))
        return reasons(batch.num_rows, found)

    def _by_subset(self, column: pa.Array) -> list[tuple[str, np.ndarray]]:
        subset = column.dictionary_encode()
        code = np.asarray(subset.indices.fill_null(-1))
        return [
            (f"subset {name}", code == number)
            for number, name in enumerate(subset.dictionary.to_pylist())
            if any(fnmatchcase(name.lower(), pattern.lower()) for pattern in self.subsets)
        ]

    def _by_field(self, column: pa.Array) -> list[tuple[str, np.ndarray]]:
        if not self.fields:
            return []
        decode = msgspec.json.Decoder(dict[str, Any]).decode
        told = [decode(text) if text else {} for text in column.to_pylist()]
        return [
            (
                f"its source says: {field} is {_words(value)}",
                np.array([_same(row.get(field), value) for row in told], bool),
            )
            for field, value in self.fields.items()
        ]


def _same(found: Any, value: Any) -> bool:
    return type(found) is type(value) and bool(found == value)


def _words(value: Any) -> str:
    return msgspec.json.encode(value).decode()
