r"""Constitutional AI: answers that a model criticised and revised under a principle.

    {"init_prompt": "How do I pick a lock?", "init_response": "With a wire.",
     "critic_prompt": "What is harmful here?", "critic_response": "It may help a thief.",
     "revision_prompt": "Rewrite it.", "revision_response": "Call a locksmith.",
     "prompt": "How do I pick a lock?", "chosen": [turns], "rejected": [turns], "messages": [turns]}

That is a row of https://huggingface.co/datasets/HuggingFaceH4/cai-conversation-harmless (in its
older copy the six are turns): the revision is preferred to the first answer, critique and requests
are kept in `meta`, and `roles` of turns where they are not those of the names. `prompt`, `chosen`,
`rejected` and `messages` repeat that, and are left out where they do. The label is a model's, no
person saw the pair.

The files of https://github.com/anthropics/ConstitutionalHarmlessnessPaper are read, too:

    {"rl_prompt": "\n\nHuman: …\n\nAssistant:", "initial_response": [{"sample": " With …"}],
     "cst": [{"cst_key": "harmful1", "cst_value": {…}, "critique": {"sample": " …"},
              "revision": {"sample": " Call …"}}, …]}
    {"rl_prompt": "…", "sampled_answers": [{"sampled_string": " Ask …\n\nHuman:",
                                            "pm_scores": [{"pm_score": 1.6}]}, …]}
    {"prompt": "…", "corrects": [" (B)"], "incorrects": [" (A)"]}

Of a chain the last revision is preferred to the first answer, those between are in `meta`. Sampled
answers are a ranking by the score of a preference model, best first. Evaluations are rankings
of right before wrong answers with scores 1 and 0, not for training.

Declared treatments: white space around transcripts and sampled texts is trimmed, the `Human:` at
the end of a sample, where it was stopped, is cut. Traps: `comparison_model` is the answer of
another laboratory's model, kept in `meta`; principles and few-shot prompts are no rows.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from mixer.errors import BadRow
from mixer.formats.hh_rlhf import turns
from mixer.schema import Answer, Message, Place, Record, assistant, user
from mixer.upstream_fields import beside

CARD = "constitutional"

_CHAIN = ("critic_prompt", "critic_response", "revision_prompt")
_SAID = ("init_prompt", "init_response", *_CHAIN, "revision_response")
_CRITIQUE = (*_SAID, "prompt", "chosen", "rejected", "messages")
# Where sampling was stopped: the mark of the next turn, whole or begun.
_STOP = re.compile(r"\n\s*Human:?\Z")


class Turn(msgspec.Struct, forbid_unknown_fields=True):
    content: str
    role: str | None = None


class Sample(msgspec.Struct):
    sample: str


class Revision(msgspec.Struct):
    critique: Sample
    revision: Sample
    cst_key: Any = None
    cst_value: Any = None


class Score(msgspec.Struct):
    pm_score: float


class Sampled(msgspec.Struct):
    sampled_string: str
    pm_scores: list[Score]


class Row(msgspec.Struct, omit_defaults=True):
    init_prompt: str | Turn | None = None
    init_response: str | Turn | None = None
    critic_prompt: str | Turn | None = None
    critic_response: str | Turn | None = None
    revision_prompt: str | Turn | None = None
    revision_response: str | Turn | None = None
    prompt: str | None = None
    chosen: Any = None
    rejected: Any = None
    messages: Any = None
    rl_prompt: str | None = None
    initial_response: list[Sample] | None = None
    cst: list[Revision] | None = None
    sampled_answers: list[Sampled] | None = None
    corrects: list[str] | None = None
    incorrects: list[str] | None = None


def parse(row: Row, place: Place, options: object) -> Record:
    record, read = _record(row)
    record.meta |= beside(row, *read)
    return record


def _record(row: Row) -> tuple[Record, tuple[str, ...]]:
    """The record, and the fields that it is read from."""
    if row.init_prompt is not None:
        return _critique(row), _CRITIQUE
    if row.rl_prompt is not None and row.cst is not None:
        read = ("rl_prompt", "initial_response", "cst")
        return _revisions(row.rl_prompt, row.initial_response or [], row.cst), read
    if row.rl_prompt is not None and row.sampled_answers is not None:
        return _sampled(row.rl_prompt, row.sampled_answers), ("rl_prompt", "sampled_answers")
    if row.prompt is not None and row.corrects is not None:
        read = ("prompt", "corrects", "incorrects")
        return _evaluation(row.prompt, row.corrects, row.incorrects or []), read
    raise BadRow(
        "no row of Constitutional AI: needs `init_prompt` to `revision_response`, `rl_prompt` with "
        "`cst` or `sampled_answers`, or `prompt` with `corrects` and `incorrects`"
    )


def _critique(row: Row) -> Record:
    prompt, first = _text(row.init_prompt), _text(row.init_response)
    revised = _text(row.revision_response)
    if prompt is None or first is None or revised is None:
        raise BadRow("needs `init_prompt`, `init_response` and `revision_response`")
    record = Record(prompt=[user(prompt)], answers=[assistant(revised), assistant(first)])
    record.meta = {name: text for name in _CHAIN if (text := _text(getattr(row, name))) is not None}
    if roles := _odd_roles(row):
        record.meta["roles"] = roles
    repeated = {
        "prompt": prompt,
        "chosen": _turns(prompt, revised),
        "rejected": _turns(prompt, first),
        "messages": _turns(prompt, revised),
    }
    for name, same in repeated.items():
        stated = getattr(row, name)
        if stated is not None and stated != same:
            record.meta[name] = stated
    return record


def _odd_roles(row: Row) -> dict[str, str]:
    """Of turns that another says than their field's name does."""
    roles = {}
    for name in _SAID:
        said = getattr(row, name)
        usual = "assistant" if name.endswith("_response") else "user"
        if isinstance(said, Turn) and said.role not in (usual, None):
            roles[name] = said.role
    return roles


def _text(said: str | Turn | None) -> str | None:
    return said.content if isinstance(said, Turn) else said


def _turns(prompt: str, answer: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": prompt}, {"role": "assistant", "content": answer}]


def _revisions(prompt: str, first: list[Sample], chain: list[Revision]) -> Record:
    if len(first) != 1 or not chain:
        raise BadRow("a chain needs one `initial_response` and a revision in `cst`")
    messages, treatments = _asked(prompt)
    return Record(
        prompt=messages,
        answers=[assistant(chain[-1].revision.sample.strip()), assistant(first[0].sample.strip())],
        meta={"cst": [msgspec.to_builtins(each) for each in chain]},
        treatments=treatments,
    )


def _sampled(prompt: str, samples: list[Sampled]) -> Record:
    messages, treatments = _asked(prompt)
    answers = []
    for sample in samples:
        text = sample.sampled_string.strip()
        if stop := _STOP.search(text):
            text = text[: stop.start()].rstrip()
            treatments.append("cut the `Human:` at the end of a sample")
        if not sample.pm_scores:
            raise BadRow("a sampled answer without `pm_scores`")
        answers.append(assistant(text, sample.pm_scores[0].pm_score))
    return Record(
        prompt=messages,
        answers=sorted(answers, key=_rank),
        treatments=list(dict.fromkeys(treatments)),
        drop=None if len(answers) > 1 else "fewer than two answers: nothing to rank",
    )


def _rank(answer: Answer) -> float:
    """Best first; answers with the same score keep upstream's order."""
    assert answer.score is not None
    return -answer.score


def _evaluation(prompt: str, right: list[str], wrong: list[str]) -> Record:
    if not right:
        raise BadRow("`corrects` is an empty list")
    messages, treatments = _asked(prompt)
    scored = [(text, 1.0) for text in right] + [(text, 0.0) for text in wrong]
    return Record(
        prompt=messages,
        answers=[assistant(text.strip(), score) for text, score in scored],
        treatments=treatments,
        not_for_training=True,
    )


def _asked(prompt: str) -> tuple[list[Message], list[str]]:
    """The turns of a transcript that ends where the assistant is to speak; any other text is one
    turn of the user."""
    if not prompt.startswith("\n\nHuman:"):
        return [user(prompt.strip())], []
    messages, joined = turns(prompt)
    if messages[-1].role == "assistant" and not messages[-1].content:
        messages.pop()
    return messages, ["joined turns of one speaker"] if joined else []
