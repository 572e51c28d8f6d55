"""The one place that knows the order of things:

read → cap → annotate and screen → use → dedup → decontaminate → mix → arrange → write → export
"""

from __future__ import annotations

import importlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from mixer.cards.hand_written import HandWritten, hand_written, with_hand_written
from mixer.cards.mixture_card import mixture_card
from mixer.cards.summary import Mix, Summary
from mixer.engines.local import LocalEngine
from mixer.errors import GoalMissed, InputError
from mixer.phases import annotate, arrange, cap, decontaminate, dedup, ledger, use, write
from mixer.phases import mix as mixing
from mixer.phases.contamination import write_contamination
from mixer.phases.croissant import CROISSANT, croissant_of
from mixer.phases.evaluations import Evaluations, read_evaluations
from mixer.phases.lock import HashTask, Lock, inputs, outputs, resolved, write_lock
from mixer.phases.lock_difference import check_buildable, check_inputs, check_recipe, check_result
from mixer.phases.read import FileFacts, ReadResult, ReadTask, nothing_read
from mixer.phases.read_tasks import read_tasks
from mixer.phases.removals import refuse_to_lose_certificates, rows_kept_out
from mixer.phases.rows import CURRENT, Rows, Shard
from mixer.phases.summary import Prepared, Selected, summarise
from mixer.recipe.license import license_of
from mixer.recipe.model import Recipe
from mixer.report.progress import Progress
from mixer.storage import remove_stale_partials, whole_folder, write_json

SHARD_ROWS = 50_000
MIXTURE = "mixture.json"
CARD = "README.md"


@dataclass
class Settings:
    """How a build runs; none of it changes a byte of the result. A build that is `locked_to` a lock
    ends with its bytes or with an error."""

    work: Path
    engine: LocalEngine
    progress: Progress = field(default_factory=Progress)
    shard_rows: int = SHARD_ROWS
    locked_to: Lock | None = None


def build(recipe: Recipe, out: Path, settings: Settings) -> Summary:
    """Builds the mixture into `out`, whole or not at all; what people wrote into its card stays."""
    refuse_to_lose_certificates(out, recipe)
    if settings.locked_to is not None:
        check_buildable(settings.locked_to)
        check_recipe(settings.locked_to, resolved(recipe))
    with locked(settings.work), whole_folder(out, is_mixture) as folder:
        kept = hand_written(out / CARD)
        selected = draw(prepare(recipe, settings), recipe, settings)
        _refuse_if_short(selected.drawing.mix)
        return write_mixture(selected, folder, settings, kept)


def plan(recipe: Recipe, settings: Settings) -> Summary:
    """What `build` would draw, without writing it."""
    with locked(settings.work):
        return summarise(draw(prepare(recipe, settings), recipe, settings))


def prepare(recipe: Recipe, settings: Settings) -> Prepared:
    """Everything up to the drawing; what was done before is taken from the working folder."""
    remove_stale_partials(settings.work)
    licenses = {name: license_of(source) for name, source in recipe.sources.items()}
    read, rows = _read(recipe, licenses, settings)
    if settings.locked_to is not None:
        check_inputs(settings.locked_to, inputs(recipe, _facts(read)), frozenset(recipe.sources))
    evaluations = _read_evaluations(recipe, settings)
    _cap(rows, recipe, settings)
    _annotate(rows, recipe, settings)
    with settings.progress.phase("use") as phase:
        phase.rows_before = int(rows.kept.sum())
        configs = use.assign(rows, recipe)
        phase.rows_after = int(rows.kept.sum())
    _dedup(rows, recipe, settings)
    contamination = _decontaminate(rows, recipe, evaluations, settings)
    return Prepared(licenses, read, rows, configs, contamination)


def draw(prepared: Prepared, recipe: Recipe, settings: Settings) -> Selected:
    """Which rows, and where each of them goes."""
    rows = prepared.rows
    with settings.progress.phase("mix") as phase:
        drawing = mixing.mix(rows, recipe, settings.engine)
        phase.note = f"{int(rows.kept.sum()):,} records → {int(drawing.repeat.sum()):,} rows drawn"
    with settings.progress.phase("arrange") as phase:
        how = (recipe, settings.engine)
        planned = arrange.arrange(rows, drawing.repeat, prepared.configs, how)
        phase.note = f"{len(planned.files)} files"
    read = (prepared.licenses, prepared.read)
    return Selected(recipe, *read, rows, drawing, planned, prepared.contamination)


def write_mixture(
    selected: Selected, folder: Path, settings: Settings, kept: HandWritten
) -> Summary:
    """Data, card, ledger and exports into an empty folder; `kept` is of the card before."""
    _write(selected, folder, settings)
    summary = summarise(selected)
    card = with_hand_written(mixture_card(summary), kept)
    (folder / CARD).write_text(card, encoding="utf-8")
    _write_records(selected, folder, summary)
    _export(selected.recipe, folder, settings)
    written = outputs(folder, settings.engine)
    write_json(folder / CROISSANT, croissant_of(summary, folder, written))
    written.append(HashTask(str(folder), CROISSANT).run())
    facts = _facts([*selected.read, *selected.evaluations_read])
    lock = write_lock(folder, selected.recipe, (selected.rows, facts), written)
    if settings.locked_to is not None:
        check_result(settings.locked_to, lock)
    return summary


def _refuse_if_short(mix: Mix) -> None:
    if mix.outcome == "short":
        raise GoalMissed("\n".join(mix.short))


@contextmanager
def locked(work: Path) -> Iterator[None]:
    """Two builds in one working folder would clear away each other's unfinished files."""
    from filelock import FileLock, Timeout

    work.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(work / ".lock", timeout=0):
            yield
    except Timeout as error:
        raise InputError(f"another build is using {work}: wait for it, or give --work") from error


def is_mixture(path: Path) -> bool:
    return (path / MIXTURE).is_file()


def _read(
    recipe: Recipe, licenses: dict[str, str], settings: Settings
) -> tuple[list[tuple[ReadTask, ReadResult]], Rows]:
    with settings.progress.phase("read") as phase:
        tasks = read_tasks(recipe, licenses, settings.work, settings.shard_rows)
        phase.expect(len(tasks))
        results = settings.engine.map(tasks, phase.advance)
        read = list(zip(tasks, results, strict=True))
        shards: list[Shard] = [shard for task, result in read for shard in task.shards(result)]
        rows = Rows(shards)
        quarantined = sum(sum(result.quarantined.values()) for result in results)
        phase.rows_before = rows.count + quarantined
        phase.rows_after = int(rows.kept.sum())
        phase.note = f"of them {quarantined:,} quarantined" if quarantined else ""
    if rows.count == 0:
        raise InputError(nothing_read(results))
    return read, rows


def _read_evaluations(recipe: Recipe, settings: Settings) -> Evaluations | None:
    """Before anything that takes long, so that a file that is not there is told at once."""
    if recipe.decontaminate is None:
        return None
    with settings.progress.phase("read.evaluations") as phase:
        how = (settings.work, settings.shard_rows)
        evaluations = read_evaluations(recipe, how, settings.engine)
        phase.rows_before = evaluations.items + evaluations.quarantined
        phase.rows_after = evaluations.items
        phase.note = f"{len(evaluations.read)} sets"
    return evaluations


def _cap(rows: Rows, recipe: Recipe, settings: Settings) -> None:
    if not cap.is_needed(recipe):
        return
    with settings.progress.phase("cap") as phase:
        phase.rows_before = int(rows.kept.sum())
        cap.cap(rows, recipe)
        phase.rows_after = int(rows.kept.sum())


def _annotate(rows: Rows, recipe: Recipe, settings: Settings) -> None:
    with settings.progress.phase("annotate") as phase:
        phase.rows_before = int(rows.kept.sum())
        tasks = annotate.annotate_tasks(rows, recipe, settings.work)
        phase.expect(len(tasks))
        settings.engine.map(tasks, phase.advance)
        annotate.finish(rows, tasks)
        rows.save(settings.work / CURRENT)
        phase.rows_after = int(rows.kept.sum())


def _dedup(rows: Rows, recipe: Recipe, settings: Settings) -> None:
    for step in recipe.dedup:
        with settings.progress.phase(f"dedup.{step.name}") as phase:
            phase.rows_before = int(rows.kept.sum())
            dedup.dedup(rows, step, (settings.engine.workers, settings.work))
            phase.rows_after = int(rows.kept.sum())


def _decontaminate(
    rows: Rows, recipe: Recipe, evaluations: Evaluations | None, settings: Settings
) -> decontaminate.Contamination | None:
    if recipe.decontaminate is None or evaluations is None:
        return None
    with settings.progress.phase("decontaminate") as phase:
        phase.rows_before = int(rows.kept.sum())
        how = (settings.engine.workers, settings.work)
        found = decontaminate.decontaminate(rows, recipe.decontaminate.rules, evaluations, how)
        phase.rows_after = int(rows.kept.sum())
        phase.note = f"{found.leaked_items:,} of {evaluations.items:,} evaluation items found"
    return found


def _write(selected: Selected, folder: Path, settings: Settings) -> None:
    scatter = settings.work / "scatter"
    shutil.rmtree(scatter, ignore_errors=True)
    with settings.progress.phase("write") as phase:
        cuts = write.scatter_tasks(selected.rows, selected.plan, settings.work)
        phase.expect(len(cuts) + len(selected.plan.files))
        groups = settings.engine.map(cuts, phase.advance)
        pieces = [(cut.path, found) for cut, found in zip(cuts, groups, strict=True)]
        gathers = write.gather_tasks(selected.plan, pieces, folder)
        settings.engine.map(gathers, phase.advance)
        rows = sum(file.rows for file in selected.plan.files)
        phase.note = f"{rows:,} rows in {len(selected.plan.files)} files"
    shutil.rmtree(scatter, ignore_errors=True)


def _write_records(selected: Selected, folder: Path, summary: Summary) -> None:
    """The ledger, the quarantine and what each file said, beside the data."""
    everything = [*selected.read, *selected.evaluations_read]
    quarantines = [Path(task.folder) / "quarantine.parquet" for task, _ in everything]
    fates = (selected.drawing.repeat, selected.plan.split_names())
    own = quarantines[: len(selected.read)]
    ledger.write_ledger(folder / "ledger.parquet", selected.rows, fates, own)
    withheld = rows_kept_out(selected.recipe)
    ledger.write_quarantine(folder / "quarantine.parquet", quarantines, withheld)
    if selected.contamination is not None:
        write_contamination(folder, selected.rows, fates[0], selected.contamination)
    lines = b"".join(msgspec.json.encode(fact) + b"\n" for fact in _facts(everything))
    (folder / "files.jsonl").write_bytes(lines)
    (folder / "recipe.yaml").write_text(selected.recipe.text, encoding="utf-8")
    write_json(folder / MIXTURE, summary)


def _facts(read: list[tuple[ReadTask, ReadResult]]) -> list[FileFacts]:
    return [file for _, result in read for file in result.files]


def _export(recipe: Recipe, folder: Path, settings: Settings) -> None:
    for name in recipe.export:
        with settings.progress.phase(f"export.{name}") as phase:
            export(folder, name, folder / "exports" / name)
            phase.note = f"exports/{name}"


def export(mixture: Path, name: str, out: Path) -> None:
    """Writes a built mixture for another tool into `out`, whole or not at all."""
    if not is_mixture(mixture) and not (mixture / "data").is_dir():
        raise InputError(f"{mixture} is not a mixture: build one with `mixer build`")
    module = importlib.import_module(f"mixer.export.{name}")
    with whole_folder(out, lambda path: False) as folder:
        module.export(mixture, folder)
