"""When a record counts as holding an evaluation item: the recipe's keys under `decontaminate`."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from mixer.errors import RecipeError

COVERAGE = 0.5
# An n-gram that more questions or answers of a set have tells none of them from the others.
COMMON_PARTS = 10
_WORDS = {"ngram": 8, "any_13gram": 13}
# GPT-3 (arXiv:2005.14165, appendix C) takes 13-grams of more than ten documents for common text.
_COMMON_ROWS = 10


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`method: ngram`: an item is hit by a record that holds at least `coverage` (0-1) of the
    distinct `n`-grams of its question or of an answer; `any_13gram`: by a record that shares any
    13-gram with one, but for those that more than `common_rows` records hold. A question shorter
    than that is looked for whole if it has `min_units`. `on_hit: report` keeps the records."""

    method: Literal["ngram", "any_13gram"] = "ngram"
    n: Annotated[int, msgspec.Meta(ge=1, le=64)] | None = None
    coverage: Annotated[float, msgspec.Meta(gt=0, le=1)] | None = None
    min_units: Annotated[int, msgspec.Meta(ge=1, le=64)] = 5
    common_rows: Annotated[int, msgspec.Meta(ge=1)] | None = None
    on_hit: Literal["drop", "report"] = "drop"

    def check(self) -> None:
        if self.method == "ngram":
            if self.common_rows is not None:
                sentence = "only `method: any_13gram` leaves common n-grams out: leave it away"
                raise RecipeError(f"decontaminate.common_rows is {self.common_rows}; {sentence}")
            return
        if self.n not in (None, _WORDS["any_13gram"]):
            sentence = "`method: any_13gram` looks for 13-grams: leave it away, or use `ngram`"
            raise RecipeError(f"decontaminate.n is {self.n}; {sentence}")
        if self.coverage is not None:
            sentence = "one 13-gram is enough to `any_13gram`: leave it away, or use `ngram`"
            raise RecipeError(f"decontaminate.coverage is {self.coverage:g}; {sentence}")

    @property
    def units(self) -> int:
        """The length of an n-gram."""
        return self.n or _WORDS[self.method]

    @property
    def least_units(self) -> int:
        """The length of the shortest question that is judged."""
        return min(self.min_units, self.units)

    @property
    def common(self) -> int | None:
        """N-grams that more records hold are left out; None where none is."""
        return None if self.method == "ngram" else self.common_rows or _COMMON_ROWS

    @property
    def needed(self) -> float:
        """The share of an item's n-grams that makes a hit; 0 where one is enough."""
        return 0.0 if self.method == "any_13gram" else self.coverage or COVERAGE

    def words(self) -> str:
        """The rules in a sentence."""
        n, least = self.units, self.least_units
        short = f" A question of fewer words, but at least {least}, is looked for whole."
        if self.method == "ngram":
            said = f"at least {self.needed:.0%} of its distinct {n}-grams of words are in it"
        else:
            said = f"they share a {n}-gram of words that at most {self.common} records hold"
        own = f" What more than {COMMON_PARTS} of a set have in common counts only if it is all."
        return f"A record holds a question or an answer if {said}.{short if least < n else ''}{own}"
