"""Judges what kind of answer a prompt calls for: short, long or creative.

The task type narrows it, the words of the ask decide between invented and informative texts, and
the answer, when there is one, settles what the prompt leaves open.
"""

import re

from mixer.annotate.rules.request import Request, word_set

VERDICT_CHARS = 30
SENTENCE_CHARS = 160
# Thresholds in characters, set on the development rows of the label benchmark.
SHORT_CHARS = 260
REMARK_CHARS = 150
FACT_CHARS = 200
WORD_OR_TWO_CHARS = 60
COUNTED_CHARS = 600

VERDICTS = word_set(
    "yes no true false positive negative neutral entailment contradiction 是 否 正面 负面"
)
CODE_START = re.compile(
    r"#include|<\?php|#!/|<!doctype html|(?:async )?def \w+\(|import java|using \w+;|"
    r"(?:import|from) [\w.]+(?: import [\w, *]+|;)?\n|(?:public|private|static) \w+ \w+|"
    r"function \w*\(|(?:const|let|var) \w+ ?=|class \w+ ?[:({]|select .{0,200}\bfrom\b|"
    r"create table|for \w+ in .{0,40}:\n|document\.\w+\(",
    re.IGNORECASE,
)
CREATIVE_WORDS = word_set(
    "story poem haiku song lyrics ad advert advertisement slogan tweet joke jokes puns pun riddle "
    "caption review metaphor dialogue conversation monologue tale limerick rap fable plot "
    "character campaign bio product compliment novel verse sonnet tagline poetry creative imagine "
    "pretend fictional fun funny humorous roleplay role-play scene narrative ode diary legend "
    "myth ending imaginary fantasy 诗 故 歌"
)
PERSONA_LEADS = word_set("act imagine pretend role roleplay role-play you you're as")
# "Return the capital of …" names what to answer with, so one span is enough.
SPAN_LEADS = word_set("return output answer fill indicate identify determine choose pick select")
ONE_SENTENCE_WORDS = word_set("question questions sentence sentences query question-answer")
SENTENCE_END = re.compile(r"[.!?](?:\s|$)|\n\S|[\u3002\uff01\uff1f]")
FACT_ASKED = re.compile(
    r"(?:who|when|where|which|whose|is|are|was|were|does|do|did|has|have|had|can|could|will|would|"
    r"how (?:many|much|long|old|far|tall|big|often|fast|cold|hot|high)|"
    r"what (?:year|time|day|date|is the|was the|city|country|color|kind|type|percent|name))\b"
)
EXPLANATION_ASKED = re.compile(
    r"(?:how (?:do|can|to|would|should|does|did|is|are)|why|explain|describe|discuss|compare|"
    r"what (?:should|can|are some|are the|do)|i need|tell me|help)\b|\bhow to\b"
)


def find_form(task_type: str, request: Request, reply: str) -> str:
    """The form of answer that a prompt of this task type calls for."""
    if task_type == "brainstorming":
        return "creative"
    if task_type == "generation":
        return form_of_generation(request, reply)
    if task_type == "code":
        return "short_answer" if is_one_line(reply) else "long_form"
    if task_type == "chat":
        return "short_answer" if is_remark(reply) else "long_form"
    if task_type == "open_qa":
        return form_of_open_question(request, reply)
    is_short = len(reply) <= SHORT_CHARS and count_sentences(reply) <= 3
    return "short_answer" if is_short else "long_form"


def form_of_generation(request: Request, reply: str) -> str:
    is_short = 0 < len(reply) < SENTENCE_CHARS and count_sentences(reply) <= 1
    if (is_short or not reply) and not request.words.isdisjoint(ONE_SENTENCE_WORDS):
        return "short_answer"
    if request.lead in PERSONA_LEADS or not request.words.isdisjoint(CREATIVE_WORDS):
        return "creative"
    return "short_answer" if is_short else "long_form"


def form_of_open_question(request: Request, reply: str) -> str:
    asks_fact = FACT_ASKED.match(request.ask) is not None
    if not reply:
        return "short_answer" if asks_fact or request.lead in SPAN_LEADS else "long_form"
    if asks_fact and len(reply) < FACT_CHARS:
        return "short_answer"
    if len(reply) > SHORT_CHARS or EXPLANATION_ASKED.search(request.ask):
        return "long_form"
    is_short = len(reply) < WORD_OR_TWO_CHARS or count_sentences(reply) <= 1
    return "short_answer" if is_short else "long_form"


def count_sentences(reply: str) -> int:
    return len(SENTENCE_END.findall(reply[:COUNTED_CHARS]))


def is_verdict(reply: str) -> bool:
    """Whether the answer is a bare label such as "Yes." or "positive"."""
    return len(reply) < VERDICT_CHARS and reply.strip(" .!\n").lower() in VERDICTS


def is_code(reply: str) -> bool:
    return "```" in reply or CODE_START.match(reply) is not None


def is_one_line(reply: str) -> bool:
    return 0 < len(reply) < SENTENCE_CHARS and "\n" not in reply and not reply.endswith("}")


def is_remark(reply: str) -> bool:
    return len(reply) < REMARK_CHARS and count_sentences(reply) <= 2
