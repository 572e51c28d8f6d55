r"""Preferences as TRL's trainers read them (https://huggingface.co/docs/trl/dataset_formats).

    {"prompt": [{"role": "user", "content": "Is the ford open?"}],
     "chosen": [{"role": "assistant", "content": "From May on."}],
     "rejected": [{"role": "assistant", "content": "Fords are shallow."}],
     "score_chosen": 8.0, "score_rejected": 3.0}
    {"prompt": "The ford is", "chosen": " open from May on.", "rejected": " shallow."}

Each of the three is a text or a list of turns, read as the format `messages` reads them (a single
turn will do for an answer). A text is taken as it stands, white space too: TRL joins them. Without
`prompt`, the leading turns that both answers share are the prompt. The scores are those of the
answers. LLaMA-Factory's `chosen_messages` and `rejected_messages` are the same without a prompt.

Traps: many dumps write the whole conversation into `chosen` and `rejected`, beside `prompt` as a
text. It is taken once (declared), whatever else `prompt` says is kept in `meta`. Two texts without
a prompt cannot be parted: transcripts are for the format hh_rlhf. Answers with turns of the user in
them are bad rows. Which answer is chosen is upstream's word, whatever the scores say.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from mixer.errors import BadRow
from mixer.formats import messages
from mixer.schema import Message, Place, Record
from mixer.tool_calls import ROLE
from mixer.turns import Chat, fields_of, keep_tools, refuse_media
from mixer.upstream_fields import beside

Said = str | messages.Turn | list[messages.Turn]

_ASKING_ROLES = ("user", "system")
_ANSWERING_ROLES = ("assistant", ROLE)
_REPEATED = "took the prompt once that the answers repeat"
_DIFFERS = "kept a prompt in meta that the conversation does not hold"


class Row(msgspec.Struct, omit_defaults=True):
    prompt: Said | None = None
    chosen: Said | None = None
    rejected: Said | None = None
    score_chosen: float | None = None
    score_rejected: float | None = None
    chosen_messages: list[messages.Turn] | None = None
    rejected_messages: list[messages.Turn] | None = None
    tools: str | list[Any] | None = None
    images: Any = None


def parse(row: Row, place: Place, options: object) -> Record:
    refuse_media(images=row.images)
    chosen = row.chosen_messages if row.chosen is None else row.chosen
    rejected = row.rejected_messages if row.rejected is None else row.rejected
    if chosen is None or rejected is None:
        raise BadRow("a preference needs `chosen` and `rejected`")
    if row.prompt is None and (isinstance(chosen, str) or isinstance(rejected, str)):
        raise BadRow(
            "`chosen` and `rejected` are texts and there is no `prompt`: name one with the format "
            "columns, or read transcripts ('\\n\\nHuman: …') with the format hh_rlhf"
        )
    record = conversation(row.prompt, {"chosen": chosen, "rejected": rejected})
    scores = (row.score_chosen, row.score_rejected)
    pairs = zip(record.answers, scores, strict=True)
    record.answers = [answer._replace(score=score) for answer, score in pairs]
    if row.chosen is not None or row.rejected is not None:
        record.meta |= _unread(row)
    return keep_tools(record, row.tools)


def _unread(row: Row) -> dict[str, Any]:
    """What the other names hold where both are there."""
    fields = tuple(name for name in row.__struct_fields__ if not name.endswith("_messages"))
    stated = beside(row, *fields)
    return {name: turns for name, turns in stated.items() if getattr(row, name[:-9]) is not None}


def render(record: Record) -> Row:
    """The upstream row, its prompt and answers as lists of turns; of a ranking, best and last."""
    asked = len(record.prompt)
    best, last = record.answers[0], record.answers[-1]
    between = sum(len(answer.messages) for answer in record.answers[:-1])
    return Row(
        prompt=messages.turns_of(record, record.prompt),
        chosen=messages.turns_of(record, list(best.messages), asked),
        rejected=messages.turns_of(record, list(last.messages), asked + between),
        score_chosen=best.score,
        score_rejected=last.score,
        tools=record.meta.get("tools"),
    )


def conversation(prompt: Said | None, answers: dict[str, Said]) -> Record:
    """A prompt and the answers to it, by the names of their columns."""
    chat = _Conversation()
    asked = chat.spoken("prompt", "" if prompt is None else prompt, "user")
    spoken = [chat.spoken(name, said, "assistant") for name, said in answers.items()]
    if prompt is None or (isinstance(prompt, str) and all(_asks(said) for said in spoken)):
        shared = _shared(spoken)
        if prompt is not None:
            chat.treat_text(prompt, shared)
        asked, spoken = shared, [said[len(shared) :] for said in spoken]
    else:
        spoken = [chat.once(asked, said) for said in spoken]
    for name, said in zip(answers, spoken, strict=True):
        _check(name, said)
    return chat.record(asked, spoken)


class _Turn(NamedTuple):
    """A message, and what its turn says beside its text."""

    message: Message
    fields: dict[str, Any]


class _Conversation:
    """Prompt and answers as they are put together, and what was done to them."""

    def __init__(self) -> None:
        self.chat = Chat()
        self.meta: dict[str, Any] = {}

    def spoken(self, name: str, said: Said, speaker: str) -> list[_Turn]:
        """The turns of a column; a text is one turn of `speaker`."""
        if isinstance(said, str):
            return [_Turn(Message(speaker, said), {})]
        turns = said if isinstance(said, list) else [said]
        if not turns:
            raise BadRow(f"`{name}` is an empty list")
        record = messages.said(turns, name).record(answers_at=[])
        for treatment in record.treatments:
            self.chat.treat(treatment)
        fields = fields_of(record)
        return [_Turn(message, fields.get(n, {})) for n, message in enumerate(record.prompt)]

    def once(self, asked: list[_Turn], said: list[_Turn]) -> list[_Turn]:
        """An answer without the prompt that it begins with."""
        if len(said) <= len(asked) or said[: len(asked)] != asked:
            return said
        self.chat.treat(_REPEATED)
        return said[len(asked) :]

    def treat_text(self, prompt: Said, shared: list[_Turn]) -> None:
        """What becomes of a prompt that is a text beside answers that hold the conversation."""
        if prompt in [turn.message.content for turn in shared]:
            self.chat.treat(_REPEATED)
        else:
            self.chat.treat(_DIFFERS)
            self.meta["prompt"] = prompt

    def record(self, asked: list[_Turn], spoken: list[list[_Turn]]) -> Record:
        starts = []
        self._add(asked)
        for said in spoken:
            starts.append(len(self.chat.messages))
            self._add(said)
        record = self.chat.record(starts)
        record.meta |= self.meta
        return record

    def _add(self, turns: list[_Turn]) -> None:
        for turn in turns:
            self.chat.add((turn.message,), turn.fields)


def _asks(said: list[_Turn]) -> bool:
    return any(turn.message.role == "user" for turn in said)


def _shared(spoken: list[list[_Turn]]) -> list[_Turn]:
    """The leading turns that all answers share, or of one answer those up to its last question."""
    first = spoken[0]
    if len(spoken) == 1:
        asking = [n for n, turn in enumerate(first) if turn.message.role in _ASKING_ROLES]
        return first[: asking[-1] + 1] if asking else []
    length = 0
    longest = min(len(said) for said in spoken) - 1
    while length < longest and all(said[length] == first[length] for said in spoken):
        length += 1
    return first[:length]


def _check(name: str, said: list[_Turn]) -> None:
    if any(turn.message.role in _ASKING_ROLES for turn in said):
        raise BadRow(f"`{name}` has turns of the user that are not in the prompt of all answers")
    if not said or said[-1].message.role not in _ANSWERING_ROLES:
        raise BadRow(f"`{name}` does not end with a turn of the assistant")
