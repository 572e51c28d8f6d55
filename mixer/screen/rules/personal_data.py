"""Personal data in text: e-mail addresses, telephone numbers, keys of services, payment cards.

Two steps: an RE2 pattern over whole Arrow arrays finds the few texts that may hold some, then
Python looks at those alone. Repeats are bounded, so that hostile text costs no more than its
length.
What stands for nobody is left out: addresses at example.com, numbers such as 555-0123.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Literal, NamedTuple

Kind = Literal["email", "phone", "key", "payment_card"]
KINDS: tuple[Kind, ...] = ("email", "phone", "key", "payment_card")

# For RE2: texts that may hold one.
CANDIDATES: dict[Kind, str] = {
    "email": r"[A-Za-z0-9]@[A-Za-z0-9-]+\.[A-Za-z]",
    "phone": (
        r"\+[0-9][0-9 .()-]{7}|[0-9]{3}\)? ?[.-]? ?[0-9]{3}[.-][0-9]{4}"
        r"|(?i:phone|tel\b|mobile|cell|fax|call|电话|手机|联系方式)[^0-9+\n]{0,12}[0-9+(]"
    ),
    "key": (
        r"AKIA|ASIA|gh[pousr]_|github_pat_|AIza|xox[abprs]-|\bsk-|[sr]k_live_|PRIVATE KEY-----"
        r"|eyJ[A-Za-z0-9_-]{10}|\bhf_[A-Za-z0-9]{30}"
    ),
    "payment_card": r"\b[2-6][0-9]{3}[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{2}",
}

_RESERVED = re.compile(
    r"(?i)(?:[@.](?:example\d*|test|sample|invalid|localhost|domain|yourdomain|company|yourcompany"
    r"|email|website|site|\w)(?:\.[a-z]{2,4}){1,2}|\.(?:test|example|invalid|png|jpe?g|gif|svg))$"
    r"|^(?:example|test|user\d*|username|your[\w.-]*|name|my_\w+)@"
)


# What every key holds.
_KEY_MARKS = (
    *("AKIA", "ASIA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "AIza", "xox"),
    *("sk-", "k_live_", "PRIVATE KEY-----", "eyJ", "hf_"),
)


_EMAIL = (
    r"(?<![\w.+@/:-])[A-Za-z0-9][\w.+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,6}"
    r"[A-Za-z]{2,24}(?![\w@-]|\.\w)"
)
# With a country's code; as in North America; or after a word that says what it is.
_PHONE = (
    r"(?<![\w+.(-])\+[1-9]\d{0,2}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{1,4}"
    r"(?:[ .-]?\d{2,4}){1,4}(?![\d-])"
    r"|(?<![\w+.(/-])(?:\+?1[ .-])?(?:\(\d{3}\) ?|\d{3}[.-])\d{3}[.-]\d{4}(?![\w-])"
    r"|(?i:(?<=phone: )|(?<=phone )|(?<=tel: )|(?<=tel )|(?<=call )|(?<=fax: )"
    r"|(?<=mobile: )|(?<=cell: )|(?<=number: )|(?<=number is )|(?<=call us at )"
    r"|(?<=电话)|(?<=电话：)|(?<=手机)|(?<=手机：)|(?<=手机号)|(?<=联系方式：))"
    r"\+?\(?\d{1,4}\)?(?:[ .-]?\(?\d{2,4}\)?){2,4}(?![\w-])"
)
_KEY = (
    r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36,255}"
    r"|\bgithub_pat_[A-Za-z0-9_]{22,255}|\bAIza[0-9A-Za-z_-]{35}"
    r"|\bxox[abprs]-[0-9A-Za-z-]{10,255}|\bsk-(?:proj-|ant-)?[A-Za-z0-9_-]{20,255}"
    r"|\b[sr]k_live_[0-9a-zA-Z]{20,255}|\bhf_[A-Za-z0-9]{30,255}"
    r"|-----BEGIN (?:[A-Z]{1,12} ){0,3}PRIVATE KEY-----[A-Za-z0-9+/=\s]{0,20000}"
    r"|\beyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{10,2000}"
)
_CARD = (
    r"(?<![\w.-])(?:[2-6]\d{3}([ -]?)\d{4}\1\d{4}\1\d{4}"
    r"|3[47]\d{2}[ -]?\d{6}[ -]?\d{5})(?![\w-]|\.\d)"
)


class _Rule(NamedTuple):
    pattern: re.Pattern[str]
    holds: Callable[[str], bool]


@cache
def _rules() -> dict[Kind, _Rule]:
    """What each kind looks like, and whether what looks like it is somebody's."""
    return {
        "email": _Rule(re.compile(_EMAIL), lambda found: not _RESERVED.search(found)),
        "phone": _Rule(re.compile(_PHONE), lambda found: _is_number(re.sub(r"\D", "", found))),
        "key": _Rule(re.compile(_KEY), lambda found: len(set(found)) > 8),
        "payment_card": _Rule(re.compile(_CARD), lambda found: _is_card(re.sub(r"\D", "", found))),
    }


def spans(text: str, kinds: tuple[Kind, ...]) -> list[tuple[int, int, Kind]]:
    """Where personal data stands, in order; of what overlaps, the first."""
    found = sorted((start, -end, kind) for kind in kinds for start, end in _found(text, kind))
    result: list[tuple[int, int, Kind]] = []
    for start, end, kind in found:
        if not result or start >= result[-1][1]:
            result.append((start, -end, kind))
    return result


def holds(text: str, kind: Kind) -> bool:
    return any(True for _ in _found(text, kind))


def masked(text: str, kinds: tuple[Kind, ...]) -> tuple[str, set[Kind]]:
    """The text with `[email]`, `[phone]` … in place of each, and which kinds it held."""
    parts: list[str] = []
    last = 0
    held: set[Kind] = set()
    for start, end, kind in spans(text, kinds):
        parts += [text[last:start], f"[{kind}]"]
        held.add(kind)
        last = end
    return ("".join([*parts, text[last:]]) if held else text), held


def _found(text: str, kind: Kind) -> Iterator[tuple[int, int]]:
    if not _may_hold(text, kind):
        return
    rule = _rules()[kind]
    for match in rule.pattern.finditer(text):
        if rule.holds(match[0]):
            yield match.span()


def _may_hold(text: str, kind: Kind) -> bool:
    """Counts and plain searches take a thousandth of the time of the patterns."""
    if kind == "email":
        return "@" in text
    if kind == "key":
        return any(mark in text for mark in _KEY_MARKS)
    return sum(map(text.count, "0123456789")) >= 8


def _is_number(digits: str) -> bool:
    """A telephone number that could be somebody's: not 555, not a run such as 1234567."""
    made_up = "555" in digits[-7:-4] or "1234567" in digits or len(set(digits)) < 4
    return 8 <= len(digits) <= 15 and not made_up


def _is_card(digits: str) -> bool:
    """Luhn's check, and no number that shops print for tests."""
    if len(set(digits)) < 5:
        return False
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
