"""Drops records whose answer speaks as a model: "As an AI language model, I …", "I am ChatGPT".

Made for English and Chinese; `patterns` adds others.
"""

from __future__ import annotations

import pyarrow as pa

from mixer.screen.rules.own_patterns import PatternStep
from mixer.screen.rules.texts import reasons

_MODEL = (
    r"(?:ai|a\.i\.|artificial intelligence|(?:large |ai )?language model|chat ?bot"
    r"|(?:virtual|digital|ai) assistant|computer program|machine learning model)"
)
_MODEL_ENDS = (
    r"(?: (?:language )?(?:model|assistant|system|chat ?bot|bot|program|agent))?"
    r"(?:[,.;!?)]|$| (?:and|so|that|who|which|but|i|my|designed|developed|trained|created|made"
    r"|built|programmed|without|with no)\b)"
)
_MAKERS = r"(?:openai|anthropic|laion|deepmind|meta ai|mistral ai|alibaba cloud|deepseek)"
_NAMES = r"(?:chat ?gpt|gpt-?[2345]\w*|open ?assistant|vicuna|qwen|deepseek)"
_ENGLISH = (
    r"\b(?:as|being) an? (?:\w+[ -])?(?:ai|artificial intelligence|language model|chat ?bot)"
    r"(?: (?:language )?(?:model|assistant|system|chat ?bot|program|agent))?"
    r"(?:[.;!?]|$|,? (?:i|my)\b|['’]s response| (?:designed|developed|trained|created) by\b)",
    rf"\bi(?:['’]?m| am| was) (?:just |only |actually |simply |merely |still )?"
    rf"an? (?:\w+[ -]){{0,2}}?{_MODEL}{_MODEL_ENDS}",
    rf"\bi(?:['’]m| am| was| have been)\b[^.!?\n]{{0,60}}\b{_MAKERS}\b",
    rf"\b(?:i am|i['’]m|my name is) {_NAMES}\b",
    r"\bmy (?:knowledge cut-?off|training data|programmers)\b",
    r"\bmy programming(?:[,.;!]|$| (?:and|won|does)\b)",
    r"\bi (?:was|am|['’]m) (?:not )?(?:programmed|trained) (?:to|on|by|with|for)\b",
    r"\bi (?:do not|don['’]t) have (?:any )?"
    r"(?:personal (?:opinions|beliefs|experiences|feelings|emotions|preferences)|emotions"
    r"|a physical body)\b",
)
_CHINESE = (
    r"作为(?:一个|一名|一款|一种)?(?:AI|人工智能|大?型?语言模型|聊天机器人|智能助手|虚拟助手)"
    r"[^，。,\n]{0,10}[，,]?\s*我",
    r"我(?:只|仅仅)?是(?:一个|一名|一款|一种|由)?[^，。,\n]{0,12}(?:AI|人工智能|语言模型|聊天机器人)"
    r"(?:语言模型|模型|助手|助理|程序|机器人|，|。|,|$)",
)


class Step(PatternStep, frozen=True, forbid_unknown_fields=True):
    """`patterns`: further regular expressions (RE2; `(?i)` ignores case). `on`: the texts
    judged."""

    def __call__(self, batch: pa.RecordBatch) -> pa.Array:
        found = self.rows_matching(batch, f"(?i){'|'.join(_ENGLISH)}", *_CHINESE)
        return reasons(batch.num_rows, [("speaks as a language model", found)])
