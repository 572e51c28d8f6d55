"""What a build did, in numbers: the contents of mixture.json, and all that the card tells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from mixer.errors import InputError
from mixer.licenses.verdict import Verdict


class SourceSummary(msgspec.Struct, frozen=True):
    """One source; every count is of records but `drawn_rows`, which counts repeats. `revision` is
    the hub's, `masked` the personal data that was replaced in the text."""

    name: str
    format: str
    card: str | None
    license: str
    license_because: str | None
    use: list[str] | None
    origin: str
    read: int
    quarantined: dict[str, int]
    treatments: dict[str, int]
    dropped: dict[str, int]
    not_drawn: int
    drawn: int
    drawn_rows: int
    revision: str | None = None
    masked: list[str] = []


class StepSummary(msgspec.Struct, frozen=True):
    """A step that ran: its `kind` (annotate, screen, dedup) and its settings, without paths."""

    kind: str
    name: str
    settings: dict[str, Any]


class ShareRow(msgspec.Struct, frozen=True):
    """One value of a column in the mixture; `unsure_share` (of a label): of its rows, those that
    the model is not sure of."""

    value: str
    rows: int
    row_share: float
    tokens: int
    token_share: float
    unsure_share: float | None = None


class ByModel(msgspec.Struct, frozen=True):
    """Labels of one column: the shares of rows (0-1) that the model gave and that it gave with a
    confidence below `unsure_below`; the others are upstream's word."""

    row_share: float
    unsure_share: float
    unsure_below: float


class GoalRow(msgspec.Struct, frozen=True):
    """One value of a column with goals. `records` are those one may draw; `wanted` is the goal in
    words, with what it comes to; `share` is of the axis's unit; `epochs` rows by record; `binds`
    says what keeps it from natural proportion."""

    value: str
    records: int
    wanted: str
    wanted_amount: str
    rows: int
    amount: int
    share: float
    epochs: float
    binds: str


class Axis(msgspec.Struct, frozen=True):
    """A column with goals; `unit` is what its shares are of."""

    column: str
    unit: str
    values: list[GoalRow]


class Mix(msgspec.Struct, frozen=True):
    """What was asked of the mixture and what came of it. `outcome` is met, shrunk, relaxed or
    short; `short` says why it is not met; `notes` what a preset or a stage had to give."""

    size: str
    outcome: str
    short: list[str]
    notes: list[str]
    cells: int
    axes: list[Axis]
    records: int
    epochs: float
    repeated_rows: int


class JudgedParts(msgspec.Struct, frozen=True):
    """Questions, or answers, of an evaluation set. `too_short` are those with too few words to be
    judged, `common` those that share nothing with records but text that many of them have."""

    judged: int
    too_short: int
    leaked: int
    common: int


class EvaluationSummary(msgspec.Struct, frozen=True):
    """One evaluation set; `leaked_items` are items of which a record holds the question or an
    answer, `share` (0-1) their part of `items`, `records` how many records hold one."""

    name: str
    format: str
    card: str | None
    origin: str
    items: int
    quarantined: dict[str, int]
    questions: JudgedParts
    answers: JudgedParts
    leaked_items: int
    share: float
    records: int


class Decontamination(msgspec.Struct, frozen=True):
    """`rules` in a sentence; `on_hit` is drop or report; `ignored_grams`: n-grams of items that so
    many records hold that they are taken for common text."""

    rules: str
    on_hit: str
    ignored_grams: int
    sets: list[EvaluationSummary]


class Overlap(msgspec.Struct, frozen=True):
    """So many records of `source` went because they repeat one of `repeats`, a source or the folder
    of a mixture; `share` (0-1) of the records that were read of `source`."""

    source: str
    repeats: str
    records: int
    share: float


class Licensing(msgspec.Struct, frozen=True):
    """The licences of a configuration's rows, and what holds for them together; `model_terms` are
    the sources with rows whose answers a model wrote under terms of its maker, by maker."""

    rows: dict[str, int]
    verdict: Verdict
    model_terms: dict[str, list[str]]


class Summary(msgspec.Struct, frozen=True):
    """`dropped` is {step: {why: records}} in the flow's order; `splits` {config: {split: rows}};
    `composition` {column: rows}; `by_model` {column: whose labels}; `licensing` {config: …};
    `found` what steps of dedup report, in sentences."""

    name: str
    mixer: str
    seed: int
    configs: dict[str, int]
    read: int
    quarantined: int
    dropped: dict[str, dict[str, int]]
    not_drawn: int
    drawn: int
    drawn_rows: int
    sources: list[SourceSummary]
    mix: Mix
    splits: dict[str, dict[str, int]]
    composition: dict[str, list[ShareRow]]
    languages: list[str]
    licenses: list[str]
    annotated: list[str]
    by_model: dict[str, ByModel] = {}
    overlaps: list[Overlap] = []
    found: list[str] = []
    decontamination: Decontamination | None = None
    licensing: dict[str, Licensing] = {}
    steps: list[StepSummary] = []


def read_summary(mixture: Path) -> Summary:
    """Of a built mixture; InputError where it has none that can be read."""
    path = mixture / "mixture.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=Summary)
    except (OSError, msgspec.DecodeError) as error:
        sentence = "was it built by another version of mixer? build it again"
        raise InputError(f"{path} cannot be read ({error}): {sentence}") from error
