"""What a recipe may say of one value's share, and what it means: a target and its bounds.

0.4                                 exactly, to the row
0.4 ± 0.02   (or 0.4 +- 0.02)       a target that may be missed by that much
{share: 0.4, tolerance: 0.02}       the same
{at_least: 0.1, at_most: 0.3}       bounds without a target; either may be left out
"""

from __future__ import annotations

import re
from typing import NamedTuple

import msgspec

from mixer.errors import RecipeError

_STATED = re.compile(r"\s*([0-9.eE-]+)\s*(?:±|\+/?-)\s*([0-9.eE-]+)\s*")


class ShareWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The long way to state a share; all numbers lie in 0-1."""

    share: float | None = None
    tolerance: float | None = None
    at_least: float | None = None
    at_most: float | None = None


class Share(NamedTuple):
    """Bounds in 0-1; `target` is None where only bounds were stated."""

    low: float
    high: float
    target: float | None = None

    @property
    def is_exact(self) -> bool:
        return self.low == self.high

    def __str__(self) -> str:
        if self.target is not None and self.is_exact:
            return f"{self.target:.6g}"
        if self.target is not None:
            tolerance = max(self.high - self.target, self.target - self.low)
            return f"{self.target:.6g} ± {round(tolerance, 9):.6g}"
        bounds = []
        if self.low > 0:
            bounds.append(f"at least {self.low:.6g}")
        if self.high < 1:
            bounds.append(f"at most {self.high:.6g}")
        return " and ".join(bounds) or "any"


def share_of(words: float | str | ShareWords, where: str) -> Share:
    """The meaning of a recipe's words; RecipeError names `where` they stand."""
    if isinstance(words, str):
        words = _read(words, where)
    if not isinstance(words, ShareWords):
        words = ShareWords(share=float(words))
    for name in words.__struct_fields__:
        number = getattr(words, name)
        if number is not None and not 0 <= number <= 1:
            what = where if name == "share" else f"{where}.{name}"
            raise RecipeError(f"{what} is {number:g}; a share lies in 0-1{_percent(number)}")
    return _bounds(words, where)


def _percent(number: float) -> str:
    return f": did you mean {number / 100:g}?" if 1 < number <= 100 else ""


def _read(text: str, where: str) -> ShareWords:
    found = _STATED.fullmatch(text)
    try:
        if found:
            return ShareWords(share=float(found[1]), tolerance=float(found[2]))
        return ShareWords(share=float(text))
    except ValueError:
        sentence = f"{where} is {text!r}; write 0.4, 0.4 ± 0.02, or {{at_least: 0.1, at_most: 0.3}}"
        raise RecipeError(sentence) from None


def _bounds(words: ShareWords, where: str) -> Share:
    if words.share is None:
        if words.tolerance is not None:
            raise RecipeError(f"{where} has a tolerance but no share: add `share`")
        low = 0.0 if words.at_least is None else words.at_least
        high = 1.0 if words.at_most is None else words.at_most
        if words.at_least is None and words.at_most is None:
            raise RecipeError(f"{where} says nothing: state share, at_least or at_most")
        if low > high:
            raise RecipeError(f"{where}: at_least {low:g} is above at_most {high:g}")
        return Share(low, high)
    if words.at_least is not None or words.at_most is not None:
        raise RecipeError(f"{where} has a share and bounds: state the share with a tolerance")
    tolerance = words.tolerance or 0.0
    # Decimal arithmetic as a reader does it: 0.4 - 0.02 is 0.38.
    low = max(0.0, round(words.share - tolerance, 12))
    return Share(low, min(1.0, round(words.share + tolerance, 12)), words.share)
