"""Ablate: one recipe → a family of mixtures that differ in one component with all else equal.

All members are drawn from the same records by the same queues, so two members that take rows of
the same cell take the same rows: the larger one has all of the smaller one's. Records are read and
annotated once.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from mixer.ablation.analyse import analyse
from mixer.ablation.budget import Limit, budget
from mixer.ablation.chart import chart
from mixer.ablation.comparisons import Comparison, comparisons
from mixer.ablation.design import FEEDBACK, Ablate, Member, members
from mixer.ablation.findings import Analysis
from mixer.ablation.results import read_design, read_results
from mixer.cards.ablation_card import AblationSummary, MemberSummary, ablation_card
from mixer.cards.hand_written import hand_written
from mixer.mixture.goals import Goals, Unit
from mixer.mixture.share import share_of
from mixer.mixture.solve import possible_sizes
from mixer.phases.mix import mix, posed
from mixer.phases.summary import Prepared, Selected
from mixer.pipeline import CARD, Settings, draw, locked, prepare, write_mixture
from mixer.recipe.check_goals import check_column
from mixer.recipe.model import Recipe
from mixer.storage import whole_file, whole_folder, write_json

ABLATION = "ablation.json"
DESIGN_COLUMNS = ("member", "design", "factor", "level", "feedback_as", "rows", "tokens")
RESULT_COLUMNS = ("member", "run", "metric", "value")


class Family(NamedTuple):
    """The members, each with its recipe, at one size for all."""

    members: list[Member]
    recipes: list[Recipe]
    size: tuple[Unit, int]
    notes: list[str]


def ablate(recipe: Recipe, out: Path, settings: Settings) -> AblationSummary:
    """Writes every member into OUT/NAME, and the design, the overlaps and the card beside them."""
    with locked(settings.work), whole_folder(out, is_ablation) as folder:
        prepared = prepare(recipe, settings)
        family = plan_family(recipe, prepared, settings)
        kept = {one.name: hand_written(out / one.name / CARD) for one in family.members}
        selections = []
        for member, own in zip(family.members, family.recipes, strict=True):
            selected = draw(_as_used(prepared, member), own, settings)
            made = _made(folder / member.name)
            write_mixture(selected, made, settings, kept[member.name])
            selections.append(selected)
        summary = _summary(recipe, family, selections)
        _write_tables(folder, summary)
    return summary


def with_designs(
    recipe: Recipe, over: str | None, *, factorial: bool, simplex: int | None
) -> Recipe:
    """The recipe with what is asked for on the command line beside its own."""
    wanted = recipe.ablate
    if over is not None and over != wanted.over:
        wanted = msgspec.structs.replace(wanted, over=over, dose=None)
        check_column(recipe, over, "--over")
    designs = dict.fromkeys([*wanted.designs, *(["factorial"] if factorial else [])])
    asked = msgspec.structs.replace(
        wanted, designs=tuple(designs), simplex=simplex or wanted.simplex
    )
    return msgspec.structs.replace(recipe, ablate=asked)


def analyse_results(results: Path) -> tuple[Analysis, Path]:
    """Effects from a filled results.csv, drawn into effects.png beside it."""
    design = read_design(results.with_name("design.csv"))
    found = analyse(design, read_results(results, design))
    picture = results.with_name("effects.png")
    with whole_file(picture) as temporary:
        chart(found, temporary)
    return found, picture


def is_ablation(path: Path) -> bool:
    return (path / ABLATION).is_file()


def plan_family(recipe: Recipe, prepared: Prepared, settings: Settings) -> Family:
    """Members and their recipes; GoalMissed where a member cannot be had at the size stated."""
    base = _base(recipe, prepared, settings)
    wanted = recipe.ablate
    made = members(wanted, base, recipe.seed)
    recipes = [_member_recipe(recipe, member, wanted) for member in made]
    size, notes = _equal_size(made, recipes, prepared, settings)
    sized = [msgspec.structs.replace(own, mix=_with_size(own.mix, size)) for own in recipes]
    return Family(made, sized, size, notes)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _as_used(prepared: Prepared, member: Member) -> Prepared:
    """Where a member takes only chosen answers, preferences are supervised records."""
    if member.feedback_as == "preference":
        return prepared
    configs = prepared.configs.copy()
    is_pair = configs[:, 1].copy()
    configs[:, 0] |= is_pair
    configs[:, 1] = False
    return prepared._replace(configs=configs)


def _base(recipe: Recipe, prepared: Prepared, settings: Settings) -> dict[str, float]:
    """The shares of the full mixture: as stated if that is all of it, else as it is drawn."""
    column = recipe.ablate.over
    words = recipe.mix.shares.get(column, {})
    if not isinstance(words, str) and "temperature" not in words:
        stated = {value: share_of(share, value) for value, share in words.items()}
        if all(s.is_exact for s in stated.values()):
            shares = {value: share.low for value, share in stated.items()}
            if abs(sum(shares.values()) - 1) < 1e-9:
                return shares
    shown = msgspec.structs.replace(
        recipe.mix, shares={**recipe.mix.shares, column: words or "natural"}
    )
    drawing = mix(prepared.rows, msgspec.structs.replace(recipe, mix=shown), settings.engine)
    axis = next(axis for axis in drawing.mix.axes if axis.column == column)
    shares = {row.value: round(row.share, 4) for row in axis.values if row.share > 0}
    return {value: share / sum(shares.values()) for value, share in shares.items()}


def _member_recipe(recipe: Recipe, member: Member, wanted: Ablate) -> Recipe:
    shares = {**recipe.mix.shares, wanted.over: dict(member.shares)}
    goals = msgspec.structs.replace(recipe.mix, shares=shares)
    return msgspec.structs.replace(recipe, name=f"{recipe.name}-{member.name}", mix=goals)


def _with_size(goals: Goals, size: tuple[Unit, int]) -> Goals:
    unit, amount = size
    sizes = {name: amount if name == unit else None for name in ("rows", "tokens", "answer_tokens")}
    return msgspec.structs.replace(goals, **sizes)


def _equal_size(
    made: list[Member], recipes: list[Recipe], prepared: Prepared, settings: Settings
) -> tuple[tuple[Unit, int], list[str]]:
    """The size stated, or the largest that every member can have."""
    asked = recipes[0].mix.size
    unit: Unit = asked[0] if asked else recipes[0].mix.shares_of
    limits = []
    for member, own in zip(made, recipes, strict=True):
        problem, _ = posed(prepared.rows, own, settings.engine)
        low, high = possible_sizes(problem, unit)
        limits.append((Limit(low, member.name), Limit(high, member.name)))
    amount, notes = budget(asked and asked[1], unit, limits, recipes[0].mix.when_short)
    return (unit, amount), notes


def _summary(recipe: Recipe, family: Family, selections: list[Selected]) -> AblationSummary:
    found, unclean = comparisons(family.members)
    overlap = _overlap(selections)
    return AblationSummary(
        name=recipe.name,
        over=recipe.ablate.over,
        size=f"{family.size[1]:,} {family.size[0].replace('_', ' ')}",
        notes=family.notes,
        members=[
            _member(member, selected)
            for member, selected in zip(family.members, selections, strict=True)
        ],
        overlap=overlap,
        comparisons=[list(_compared(pair, family, overlap)) for pair in found],
        other_pairs=unclean,
    )


def _compared(pair: Comparison, family: Family, overlap: list[list[int]]) -> tuple[str, ...]:
    names = [member.name for member in family.members]
    i, j = names.index(pair.one), names.index(pair.other)
    shared = overlap[i][j] / max(1, min(overlap[i][i], overlap[j][j]))
    return pair.one, pair.other, pair.question, f"{shared:.1%}"


def _member(member: Member, selected: Selected) -> MemberSummary:
    mix = selected.drawing.mix
    repeat = selected.drawing.repeat
    tokens = 0
    for name in ("prompt_tokens", "answer_tokens"):
        column = np.asarray(selected.rows.column(name).fill_null(0))
        tokens += int((column * repeat).sum())
    return MemberSummary(
        name=member.name,
        designs=member.designs or "reference",
        factor=member.factor,
        level=member.level,
        feedback_as=member.feedback_as if member.shares.get(FEEDBACK) else "",
        shares=member.shares,
        rows=int(repeat.sum()),
        tokens=tokens,
        records=int((repeat > 0).sum()),
        outcome=mix.outcome,
    )


def _overlap(selections: list[Selected]) -> list[list[int]]:
    """Records that each two members share; on the diagonal those of each."""
    drawn = np.stack([selected.drawing.repeat > 0 for selected in selections]).astype(np.float32)
    return [[int(count) for count in line] for line in drawn @ drawn.T]


def _write_tables(folder: Path, summary: AblationSummary) -> None:
    values = list(summary.members[0].shares)
    lines = [
        [
            *(one.name, one.designs, one.factor, one.level, one.feedback_as, one.rows, one.tokens),
            *(f"{one.shares[value]:.6g}" for value in values),
        ]
        for one in summary.members
    ]
    header = [*DESIGN_COLUMNS, *(f"share:{value}" for value in values)]
    _write_csv(folder / "design.csv", [header, *lines])
    names = [one.name for one in summary.members]
    shared = [[name, *line] for name, line in zip(names, summary.overlap, strict=True)]
    _write_csv(folder / "overlap.csv", [["member", *names], *shared])
    template = [[name, "1", "", ""] for name in names]
    _write_csv(folder / "results.csv", [list(RESULT_COLUMNS), *template])
    (folder / "README.md").write_text(ablation_card(summary), encoding="utf-8")
    write_json(folder / ABLATION, summary)


def _write_csv(path: Path, lines: Sequence[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)
