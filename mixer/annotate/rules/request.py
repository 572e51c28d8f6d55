"""Reads the layout of a prompt: which words ask, and which are given to work on.

`read_request` splits the last human turn into the *ask* (the instruction or the question) and the
material it is about. Long texts are judged by their head and tail, so that the cost is bounded.
"""

import re
from typing import NamedTuple

HEAD_CHARS = 2_000
TAIL_CHARS = 2_000
ASK_CHARS = 320
LAST_LINE_CHARS = 240
# A text this long beside the ask is something to read, not a word or two to work on.
PASSAGE_CHARS = 100

WORD = re.compile(r"[a-z][a-z'+#]*(?:-[a-z]+)*|[\u4e00-\u9fff]")


def word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


QUESTION_WORDS = word_set(
    "what who whom whose when where which why how what's who's where's how's is are was were do "
    "does did can could should would will has have had am may might"
)
IMPERATIVES = word_set(
    "act add alter analyse analyze answer arrange assign assume brainstorm build calculate "
    "capitalize change channel check choose cite classify combine compare complete compose "
    "compute condense construct continue convert correct count craft create debug decide define "
    "delete describe design detect determine develop devise discuss draft edit elaborate embody "
    "estimate evaluate expand explain express extract fill find fix form formulate generate give "
    "guess highlight identify imagine implement improve infer insert judge label list locate make "
    "match merge modify name offer optimize order organize outline paraphrase pick portray "
    "predict prepare pretend produce proofread propose provide punctuate rank rate rearrange "
    "recommend reformulate remove reorder rephrase replace reply respond retrieve reverse revise "
    "reword rewrite role roleplay say select show simplify simulate solve sort speak split state "
    "suggest sum summarise summarize tell think transform translate turn unscramble use verify "
    "write"
)

# "In this task you are given … Your task is to classify …": the ask starts after these words.
CORE = re.compile(
    r"\b(?:your (?:task|job|goal|aim) is to|the (?:task|goal|exercise) is to|which your task is to|"
    r"you(?:'re| are)? (?:need|have|expected|asked|supposed|required|going) to|you (?:must|should)|"
    r"(?:we|i) (?:ask|want|need|would like) you to)\s+(?:(?:carefully )?read [^.?]{0,60}? and )?"
    r"(?!be |read |carefully read)"
)
# A first sentence that only says what is given: the one after it asks.
SCENE = re.compile(
    r"(?:you(?:'re| are| will be) (?:given|provided|shown|presented)|this task is)[^.?]*\. "
)
POLITE = re.compile(
    r"(?:(?:hi|hey|hello|ok|okay|yes|no|sure|great|thanks|thank you|so|and|also|now|then|well|"
    r"but|oh|please|kindly|just|first|next|finally|alright|all right|cool|nice|"
    r"yeah)\b(?! ?/)[ ,.!-]*|"
    r"(?:can|could|would|will) (?:you|u) (?:please |kindly |also |help me )?|"
    r"(?:i need|i want|i'd like|i would like)(?: you)? to (?:know )?|i(?:'m| am) trying to |"
    r"help me (?:to )?|let's |try to )+"
)
GIVEN = re.compile(r"(?:given|provided(?: with)?|based on|using|in|for|from|with|after|if|when)\b")
MATERIAL_LABEL = re.compile(
    r"\b(?:passage|context|paragraph|article|document|information|sentence ?[1-9a-d]?|facts? ?\d?|"
    r"process|dialogue|conversation|story|abstract|review|table|claim) ?:"
)
OPTION_LINE = re.compile(r"\n\s*(?:options? ?:|[-*] ?\S|\(?[a-e][).] ?\S)")


QUESTION_MARKS = ("?", "\uff1f")


class Request(NamedTuple):
    """One human turn, read once, in lower case: `words` are those of the first sentence asked."""

    text: str
    ask: str
    lead: str
    words: frozenset[str]
    has_passage: bool
    has_input: bool
    option_lines: int

    @property
    def is_question(self) -> bool:
        return self.lead in QUESTION_WORDS or self.ask.endswith(QUESTION_MARKS)


def bounded(text: str) -> str:
    """The text itself, or only its head and tail when it is long."""
    if len(text) <= HEAD_CHARS + TAIL_CHARS:
        return text.strip()
    return f"{text[:HEAD_CHARS].lstrip()}\n{text[-TAIL_CHARS:].rstrip()}"


def read_request(content: str, template: str | None = None) -> Request:
    """Split one human turn into what is asked and what is given."""
    text = bounded(content).lower().replace("\u2019", "'")
    ask = core(bounded(template).lower()) if template else find_ask(text)
    words = WORD.findall(ask.partition(". ")[0])
    labelled = MATERIAL_LABEL.search(text) is not None
    return Request(
        text=text,
        ask=ask,
        lead=words[0] if words else "",
        words=frozenset(words),
        has_passage=labelled or ("\n" in text and len(text) - len(ask) >= PASSAGE_CHARS),
        has_input=bool(template) or labelled or "\n" in text,
        option_lines=len(OPTION_LINE.findall(text)) if "\n" in text else 0,
    )


def find_ask(text: str) -> str:
    """The instruction at the top, unless what stands at the top is material."""
    head, _, rest = text.partition("\n")
    last = rest.rpartition("\n")[2].strip() if rest else last_sentence(head)
    if last == head or asks(head):
        return core(head)
    if asks(last) or last.endswith((":", "?")):
        return core(last[-LAST_LINE_CHARS:])
    return core(head)


def last_sentence(line: str) -> str:
    """The last sentence of a line that is too long to be one request."""
    if len(line) <= ASK_CHARS:
        return line
    end = max(line.rfind(mark, 0, -2) for mark in (". ", "? ", "! "))
    return line[end + 2 :].strip()


def asks(line: str) -> bool:
    """Whether a line is an instruction or a question rather than material."""
    start = line[:HEAD_CHARS]
    if CORE.search(start) or start.startswith(("given ", "you are given", "in this task")):
        return True
    word = WORD.match(start, leading_politeness(start))
    if word is None:
        return False
    return word[0] in IMPERATIVES or (word[0] in QUESTION_WORDS and line.endswith(QUESTION_MARKS))


def leading_politeness(line: str) -> int:
    match = POLITE.match(line)
    return match.end() if match else 0


def core(line: str) -> str:
    """The line from its first asking word on: greetings and scene setting are left out."""
    line = line[:HEAD_CHARS]
    found = CORE.search(line)
    start = found.end() if found else leading_politeness(line)
    if not found and SCENE.match(line, start):
        start = line.find(". ", start) + 2 or start
    if not found and GIVEN.match(line, start):
        comma = line.find(", ", start)
        follower = WORD.match(line, comma + 2) if comma > 0 else None
        if follower and (follower[0] in IMPERATIVES or follower[0] in QUESTION_WORDS):
            start = comma + 2
    return line[start : start + ASK_CHARS].strip()
