"""Judges what a record asks for, by named rules: no model, no weights, the same answer every time.

`classify` reads the last human turn (see `request.py`) and takes the first rule that holds: the
layout first, then the table in `task_table.py`, then a default. A turn that only follows up
("anything else?") keeps the task of the turn before it.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from mixer.annotate.rules.form_rules import find_form, is_code, is_verdict
from mixer.annotate.rules.request import IMPERATIVES, Request, bounded, read_request
from mixer.annotate.rules.task_table import RULES

Turn = tuple[str, str]

# A conversation is judged by its last human turns, however long it is.
TURNS_BACK = 4
REMARK_CHARS = 160
GREETING_CHARS = 40
WORD_PROBLEM_CHARS = 700

# "fat32" and "nintendo64" are names.
NUMBER = re.compile(r"(?<![a-z\d])\d[\d.,]*")
TOOL_SIGNATURE = re.compile(r"\n\w+\(\w*\)\s*\n")
YES_NO_OPTIONS = re.compile(r"\n[-*] ?(?:yes|no|true|false)\b")
GREETING = re.compile(r"(?:hi|hello|hey|good (?:morning|evening)|how are you|你好|您好)\b")
PRAISE = re.compile(
    r"\b(?:thanks|thank you|thx|bye|goodbye|see you|appreciate|got it|makes sense|i see|i'll|"
    r"(?:good|great|nice|awesome|interesting|helpful|wonderful|cool) (?:idea|ideas|suggestions?|"
    r"to know|job|info|advice|list|one|ones)|sounds (?:good|great|like|fun)|谢谢)\b"
)
ABOUT_ASSISTANT = re.compile(
    r"(?:(?:are|were) you\b|do you (?:have (?:a |an )|ever|like|love|feel|want|need|enjoy|believe)|"
    r"how (?:do you (?:work|feel|know)|are you|old are you)|"
    r"what(?:'s| is| are) your\b|who (?:are|made|created) you|am i )"
)
MORE = re.compile(
    r"\b(?:any(?:thing)? (?:else|others?|more)\b|what else|some more|more of|go on$|continue$|"
    r"another one|a few more|and\?$)"
)
MORE_IDEAS = re.compile(
    r"\b(?:other|more|else|another|any)\b.*\b(?:ideas?|suggestions?|recommendations?|options)\b"
)
ASKING = re.compile(
    r"\?|\b(?:tell me|can you|could you|please|i need|i want|i'd like|i would like|help me|explain|"
    r"give me|show me|how (?:to|do)|i wanted to|i was wondering|i meant|i'm asking|looking for|"
    r"need help|let's)\b"
)
QUANTITY_ASKED = re.compile(
    r"how (?:many|much|long|far|fast)\b|what (?:is|was|will)\b|find\b|average|per ?cent|%|"
    r"\d ?[-+x*/^=] ?\d"
)
ON_A_TEXT = re.compile(
    r"passage|context|paragraph|article|facts|paper|information|story|movie plot|lyrics|dialogue|"
    r"according to|the text|answer choices|follow-up question|statement|options"
)


class Label(NamedTuple):
    """The two judgements about a record; their values are listed in `taxonomy.py`."""

    task_type: str
    form: str


def classify(turns: Sequence[Turn], answer: str | None, template: str | None = None) -> Label:
    """Label a prompt and its (best) answer; `template` is the part its task repeats, if known."""
    reply = bounded(answer or "")
    request = read_request(turns[-1][1] if turns else "", template)
    recent = turns[-2 * TURNS_BACK :]
    task_type = follow_up(recent, request) or single_turn(request, reply)
    return Label(task_type, find_form(task_type, request, reply))


def component(form: str, is_feedback: bool) -> str:
    """Which of the three parts of alignment a record feeds."""
    if is_feedback:
        return "feedback"
    return "instruction" if form == "short_answer" else "open_ended"


def single_turn(request: Request, reply: str) -> str:
    return by_layout(request, reply) or by_table(request) or by_default(request, reply)


def follow_up(turns: Sequence[Turn], request: Request) -> str | None:
    """The task of a turn that leans on an earlier one; None if the turn stands on its own."""
    earlier = list(turns[:-1])
    answered = earlier[-1][1] if earlier and earlier[-1][0] == "assistant" else ""
    while earlier and earlier[-1][0] != "user":
        earlier.pop()
    if not earlier:
        return None
    if is_remark(request) and PRAISE.search(request.text):
        return "chat"
    tail = request.text[-REMARK_CHARS:]
    if MORE_IDEAS.search(tail):
        return "brainstorming"
    if MORE.search(tail) or (supplies(request) and "?" in answered[-200:]):
        previous = read_request(earlier[-1][1])
        return follow_up(earlier, previous) or single_turn(previous, "")
    return "chat" if supplies(request) else None


def is_remark(request: Request) -> bool:
    return not request.text.endswith("?") and len(request.text) < REMARK_CHARS


def supplies(request: Request) -> bool:
    """Whether a turn only states something: it answers the assistant or comments."""
    asks = request.is_question or request.lead in IMPERATIVES
    return not (asks or ASKING.search(request.text))


def by_layout(request: Request, reply: str) -> str | None:
    """What the shape of prompt and answer gives away before any word is read."""
    if not request.text:
        return "other"
    if "input should" in request.text and TOOL_SIGNATURE.search(request.text):
        return "other"
    if is_code(reply):
        return "code"
    if is_verdict(reply) and (request.has_input or len(request.text) > len(request.ask) + 20):
        return "classification"
    return "classification" if YES_NO_OPTIONS.search(request.text) else None


def by_table(request: Request) -> str | None:
    return next((rule.task_type for rule in RULES if rule.holds(request)), None)


def by_default(request: Request, reply: str) -> str:
    """Questions and statements that no rule claims."""
    if len(request.text) < GREETING_CHARS and GREETING.match(request.text):
        return "chat"
    if ABOUT_ASSISTANT.match(request.ask):
        return "chat"
    if is_word_problem(request, reply):
        return "math"
    if request.has_passage and (request.option_lines or request.is_question):
        return "closed_qa"
    return "closed_qa" if request.has_passage and ON_A_TEXT.search(request.ask) else "open_qa"


def is_word_problem(request: Request, reply: str) -> bool:
    """Several numbers are given, a quantity is asked for, and the answer (if any) is one."""
    return (
        len(request.text) < WORD_PROBLEM_CHARS
        and (not reply or NUMBER.search(reply) is not None)
        and len(NUMBER.findall(request.text)) > 1
        and QUANTITY_ASKED.search(request.text) is not None
    )
