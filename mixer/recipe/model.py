"""What a recipe holds. The fields are its keys; the docstrings are the editor's help."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from mixer.ablation.design import Ablate
from mixer.decontaminate.rules import Rules
from mixer.mixture.goals import Goals, SubsetGoals
from mixer.mixture.share import ShareWords
from mixer.screen.rules.personal_data import Kind as PersonalData

Use = Literal["sft", "preference", "prompts", "unpaired"]
OnBadRow = Literal["quarantine", "stop"]
Unusable = Literal["drop", "keep"]


class LicenseOverride(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A licence in place of what the data card or the rows state, and the reason, which the
    mixture's card shows."""

    id: str
    because: str


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One source: files (`path`) or a data set on the hub (`hub`, `revision`, `split`).

    `rows` (exactly), `max_rows`, `share` (of the mixture), `max_epochs` and `must_include` are its
    goals, `subsets` the same for its subsets by name; `collection` groups sources under one name
    to share by. Records with an empty prompt, an empty answer or equal answers are `unusable`.
    `mask` names the personal data that is replaced in the text. `options` are the format's own
    keys, checked against its `Options`.
    """

    format: str
    path: str | tuple[str, ...] | None = None
    hub: str | None = None
    revision: str | None = None
    split: str = "train"
    config: str | None = None
    data_dir: str | None = None
    license: str | LicenseOverride | None = None
    card: str | None = None
    use: tuple[Use, ...] | None = None
    max_rows_per_subset: int | None = None
    collection: str | None = None
    rows: int | None = None
    max_rows: int | None = None
    share: float | str | ShareWords | None = None
    max_epochs: int | None = None
    must_include: bool = False
    subsets: dict[str, SubsetGoals] = {}
    unusable: Unusable = "drop"
    mask: tuple[PersonalData, ...] = ()
    options: Any = None

    @property
    def paths(self) -> list[str]:
        return [self.path] if isinstance(self.path, str) else list(self.path or ())


class Step(msgspec.Struct, frozen=True):
    """A named step of `annotate`, `screen` or `dedup` with its typed settings."""

    name: str
    settings: Any


class Decontaminate(msgspec.Struct, frozen=True):
    """Evaluation sets that no record may hold, by name; `where` is each one's place in the recipe,
    for errors at reading."""

    against: dict[str, Source]
    rules: Rules
    where: dict[str, str]


class Recipe(msgspec.Struct, frozen=True):
    """A whole recipe, checked; `text` is the file as written, `notes` what a preset gave."""

    name: str
    seed: int
    on_bad_row: OnBadRow
    sources: dict[str, Source]
    annotate: tuple[Step, ...]
    screen: tuple[Step, ...]
    dedup: tuple[Step, ...]
    mix: Goals
    ablate: Ablate
    export: tuple[str, ...]
    text: str
    decontaminate: Decontaminate | None = None
    notes: tuple[str, ...] = ()
