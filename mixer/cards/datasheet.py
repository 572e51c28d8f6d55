"""The questions of Datasheets for Datasets (https://arxiv.org/abs/1803.09010) that data answers.

Why the mixture was made and who paid for it are no questions for mixer: the author adds them in a
section of his own, which stays when the mixture is built again.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from mixer.cards.markdown import escaped
from mixer.cards.source_card import source_card
from mixer.cards.summary import StepSummary, Summary

_INSTANCES = {
    "sft": "a conversation that ends with an answer (`messages`)",
    "preference": "a prompt with a better and a worse answer (`prompt`, `chosen`, `rejected`)",
    "prompts": "a prompt without an answer (`prompt`)",
    "unpaired": "a prompt with an answer judged good or bad (`prompt`, `completion`, `label`)",
}
# What keeps offensive and personal text out, and what is said where it is not on.
_GUARDS = {
    "personal_data": "personal data",
    "red_team": "attacks on a model",
    "refusal": "refusals",
}


def datasheet(summary: Summary) -> str:
    parts = (
        ("What does an instance represent?", _instances(summary)),
        ("Is anything missing?", _missing(summary)),
        ("Are there splits?", _splits(summary)),
        ("Is anything in it confidential or offensive?", "; ".join(_guards(summary))),
        ("How was it preprocessed?", _steps(summary)),
        ("What is it for, and what not?", _uses(summary)),
        ("Under which licence, and is it kept up?", "see Licence and How to rebuild"),
    )
    lines = [f"- **{question}** {answer}." for question, answer in parts if answer]
    return "## Datasheet\n\n" + "\n".join(lines) + "\n"


def how_to_rebuild() -> str:
    return (
        "## How to rebuild\n\n"
        "```sh\nmixer verify .\nmixer build --locked mixture.lock.json\n```\n\n"
        "The first says whether these files are those that were built. The second ends with the "
        "same bytes or says what differs; it reads the sources again, so run it in the folder that "
        "the paths in `recipe.yaml` start from.\n"
    )


def _instances(summary: Summary) -> str:
    known = [f"in `{config}` {_INSTANCES[config]}" for config in summary.configs]
    return ", ".join(known)


def _missing(summary: Summary) -> str:
    dropped = sum(rows for whys in summary.dropped.values() for rows in whys.values())
    return (
        f"of {summary.read:,} records read, {summary.quarantined:,} did not parse, {dropped:,} "
        f"were dropped and {summary.not_drawn:,} not drawn; all are in `ledger.parquet`"
    )


def _splits(summary: Summary) -> str:
    return "; ".join(
        f"`{config}`: " + ", ".join(f"{name} {rows:,}" for name, rows in splits.items())
        for config, splits in summary.splits.items()
    )


def _guards(summary: Summary) -> Iterator[str]:
    screens = {step.name for step in summary.steps if step.kind == "screen"}
    for name, what in _GUARDS.items():
        on = "on" if name in screens else "off"
        yield f"the screen for {what} (`{name}`) was {on}"
    for source in summary.sources:
        if source.masked:
            yield f"in `{source.name}` is masked: {', '.join(source.masked)}"
    yield "nobody has read every row"


def _steps(summary: Summary) -> str:
    return ", ".join(map(_step, summary.steps))


def _step(step: StepSummary) -> str:
    if not step.settings:
        return f"{step.kind} {escaped(step.name)}"
    settings = ", ".join(
        f"{key}: {msgspec.json.encode(value).decode()}" for key, value in step.settings.items()
    )
    return f"{step.kind} {escaped(step.name)} ({escaped(settings)})"


def _uses(summary: Summary) -> str:
    warned: dict[str, list[str]] = {}
    for source in summary.sources:
        for use in source_card(source.card).not_for if source.card and source.drawn_rows else ():
            warned.setdefault(use, []).append(f"`{source.name}`")
    against = [f"; not for `{use}`: {', '.join(names)}" for use, names in warned.items()]
    return "each source's intended use is under Sources" + "".join(against)
