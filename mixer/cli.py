"""The command line: one function a verb. Answers go to stdout, progress to stderr.

Exit codes: 0 done · 1 a clear sentence · 2 wrong usage · 3 the records cannot meet the goals.
"""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from mixer import __version__
from mixer.errors import GoalMissed, MixerError

if TYPE_CHECKING:
    from mixer.cards.summary import Summary
    from mixer.phases.inspect import Inspected
    from mixer.recipe.model import Recipe

GOAL_MISSED = 3


class _Share(click.FloatRange):
    """A number in a range; nan is in none."""

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        found = super().convert(value, param, ctx)
        return found if found == found else self.fail(f"{value} is not a number", param, ctx)


class _Group(click.Group):
    """Turns an error of ours, or of the disk, into one sentence and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except GoalMissed as error:
            click.echo(f"mixer: goal missed: {_shown(error)}", err=True)
            ctx.exit(GOAL_MISSED)
        except BrokenPipeError:  # `mixer diff A B | head`: click ends without a word
            raise
        except (MixerError, OSError) as error:
            if ctx.params.get("debug"):
                traceback.print_exc()
            click.echo(f"mixer: {_shown(error)}", err=True)
            ctx.exit(1)
        except KeyboardInterrupt:
            goes_on = ctx.invoked_subcommand in ("build", "plan", "ablate", "push")
            further = "; the next run goes on from here" if goes_on else ""
            click.echo(f"mixer: interrupted{further}", err=True)
            ctx.exit(130)


def _shown(error: BaseException) -> str:
    """Sentences quote names and texts of files, which may hold what moves a terminal's cursor."""
    from mixer.report.pairs import printable

    return printable(str(error))


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mixer")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def main(debug: bool) -> None:
    """Curate and mix data sets for fine-tuning language models.

    \b
    Example:
      mixer build quickstart
    """


def _run_options(command: Any) -> Any:
    command = click.option(
        "--work", type=click.Path(path_type=Path), help="Working folder, kept for the next run."
    )(command)
    return click.option(
        "--workers", type=click.IntRange(1), help="Processes; default: one a processor."
    )(command)


@main.command()
@click.argument("recipe", required=False)
@click.option("--out", type=click.Path(path_type=Path), help="Default: mixtures/NAME.")
@click.option(
    "--locked",
    type=click.Path(exists=True, path_type=Path),
    help="A mixture.lock.json: the same bytes, or what differs first.",
)
@_run_options
def build(
    recipe: str | None,
    out: Path | None,
    locked: Path | None,
    work: Path | None,
    workers: int | None,
) -> None:
    """Build the mixture of RECIPE, a file or the name of a shipped recipe.

    With --locked and no RECIPE, the recipe in the lock is built, as if it lay in this folder.

    \b
    Example:
      mixer build quickstart --out /tmp/quickstart
      mixer build --locked /tmp/quickstart/mixture.lock.json --out /tmp/again
    """
    from mixer.engines.local import local_engine
    from mixer.phases.lock import read_lock
    from mixer.pipeline import Settings, build
    from mixer.recipe.load import read_recipe

    if recipe is None and locked is None:
        raise click.UsageError("give a RECIPE, or --locked with a mixture.lock.json")
    lock = read_lock(locked) if locked else None
    loaded = _load(recipe) if recipe else read_recipe(lock.recipe if lock else "", Path("recipe"))
    out = out or Path("mixtures") / loaded.name
    work = work or out.with_name(f"{out.name}.work")
    with local_engine(workers) as engine:
        summary = build(loaded, out, Settings(work, engine, locked_to=lock))
    _print_summary(summary)
    click.echo(f"written to {out}")


@main.command()
@click.argument("recipe")
@click.option("--json", "as_json", is_flag=True, help="The whole plan as JSON.")
@_run_options
def plan(recipe: str, as_json: bool, work: Path | None, workers: int | None) -> None:
    """Show what RECIPE would read and draw, without writing a mixture.

    Reads and annotates the sources into the working folder, where `build` finds them again.

    \b
    Example:
      mixer plan quickstart
    """
    from mixer.engines.local import local_engine
    from mixer.pipeline import Settings, plan

    loaded = _load(recipe)
    work = work or Path("mixtures") / f"{loaded.name}.work"
    with local_engine(workers) as engine:
        summary = plan(loaded, Settings(work, engine))
    if as_json:
        _print_json(summary)
    else:
        _print_summary(summary)
    if summary.mix.outcome == "short":
        raise GoalMissed("\n".join(summary.mix.short))


@main.command()
@click.argument("path", type=click.Path(exists=True, allow_dash=True, path_type=Path))
@click.option("--by", multiple=True, metavar="COLUMN", help="At most twice: a cross-table.")
@click.option("--unsure", type=click.IntRange(1), help="So many rows with uncertain labels.")
@click.option("--format", "format_name", help="Format of data files, see `mixer formats`.")
@click.option("--language/--no-language", default=True, help="Identify languages of data files.")
@click.option("--workers", type=click.IntRange(1), help="Processes; default: one a processor.")
@click.option("--json", "as_json", is_flag=True, help="Tables as JSON.")
def inspect(  # noqa: PLR0913 - one parameter an option
    path: Path,
    by: tuple[str, ...],
    unsure: int | None,
    format_name: str | None,
    language: bool,
    workers: int | None,
    as_json: bool,
) -> None:
    """Category statistics of PATH: a mixture, a working folder, or data files with --format (`-`:
    what is piped in).

    With --unsure the rows whose task type and form the model is least certain of, least certain
    first, to be judged by reading; alone, or after the tables of --by.

    \b
    Example:
      mixer inspect mixtures/quickstart --by form --by source
      mixer inspect mixtures/quickstart --unsure 20
      mixer inspect my.jsonl --format messages
    """
    if len(by) > 2:
        raise click.UsageError("--by may be given at most twice")
    from mixer.report import inspect as report
    from mixer.report.unsure import print_unsure

    found = _inspected(path, (format_name, language), workers, unsure or 0)
    tables = report.tables(found.frame, by) if by or unsure is None else {}
    if as_json:
        told = report.as_json(tables)
        _print_json(told if unsure is None else {**told, "unsure": found.unsure})
        return
    report.print_tables(tables, found.frame)
    if unsure is not None:
        print_unsure(found.unsure)


@main.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--format", "format_name", help="Format of the files, see `mixer formats`.")
@click.option(
    "--prompt", multiple=True, metavar="COLUMN", help="Column of the prompt; again: more."
)
@click.option("--answer", multiple=True, metavar="COLUMN", help="Column of an answer; again: more.")
@click.option("--on", type=click.Choice(["record", "prompt", "answer"]), default="record")
@click.option("--threshold", type=_Share(0.1, 1), default=0.8, show_default=True)
@click.option("--keep", type=click.Choice(["priority", "longest"]), default="priority")
@click.option("--show", type=click.IntRange(0), default=0, help="So many pairs, least alike first.")
@click.option("--pairs", type=click.Path(path_type=Path), help="Save all pairs, to cut again.")
@click.option("--out", type=click.Path(path_type=Path), help="Rows that stay: a file or folder.")
@click.option("--workers", type=click.IntRange(1), help="Threads; default: one a processor.")
@click.option("--json", "as_json", is_flag=True, help="What was found as JSON.")
def dedup(files: tuple[Path, ...], out: Path | None, as_json: bool, **options: Any) -> None:
    """Near-duplicates in FILES: whose prompts and answers are each alike.

    Earlier files and rows stay (--keep priority), and a row goes only for one that stays. Columns
    are told by their names, by --prompt and --answer, or by --format. Without --out nothing is
    written. With --pairs, a run at a higher --threshold has nothing to compare again.

    \b
    Example:
      mixer dedup my.jsonl more.parquet --show 5 --out clean
      mixer dedup my.jsonl --on prompt --threshold 0.7 --pairs my.pairs.parquet
    """
    from mixer.dedup_verb import dedup_files
    from mixer.report.repeats import as_json_value, print_repeats

    if options["format_name"] and (options["prompt"] or options["answer"]):
        raise click.UsageError("--format says what prompt and answer are: leave --prompt away")
    told = dedup_files(list(files), out, options)
    if as_json:
        _print_json(as_json_value(told))
    else:
        print_repeats(told)
    if out is not None:
        click.echo(f"written to {out}", err=as_json)


@main.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="What was found as JSON.")
def guess(files: tuple[str, ...], as_json: bool) -> None:
    """Find out the format of each FILE (also folders and patterns) from its rows.

    Shows which formats parse how many of the rows, which fields they read and which at most go to
    meta, three rows as they are read, and a recipe to start from. Of formats that fit equally well
    all are named, with what tells them apart. Exit code 1 if none fits half of the rows.

    \b
    Example:
      mixer guess my.jsonl
      mixer guess data/ more/*.parquet
    """
    from mixer.guess_verb import check_fit, guess
    from mixer.report.guess import as_json_value, print_guess

    told = guess(list(files))
    if as_json:
        _print_json(as_json_value(told))
    elif told.groups or len(told.files) > 1:
        print_guess(told)
    check_fit(told)


@main.command()
@click.argument("mixture", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--to", "name", required=True, type=click.Choice(["huggingface", "parquet", "jsonl"]))
@click.argument("out", type=click.Path(path_type=Path))
def export(mixture: Path, name: str, out: Path) -> None:
    """Write MIXTURE for another tool into the folder OUT.

    \b
    huggingface  DatasetDict for datasets.load_from_disk
    parquet      plain Parquet files, a folder a configuration
    jsonl        JSON lines, a file a configuration
    \b
    Example:
      mixer export mixtures/quickstart --to jsonl /tmp/quickstart-jsonl
    """
    from mixer.pipeline import export

    export(mixture, name, out)
    click.echo(f"written to {out}")


@main.command()
@click.argument("mixture", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("identity", metavar="[ID]", required=False)
@click.option("--source", help="Of the upstream row, in place of ID.")
@click.option("--row", type=click.IntRange(1), help="Its number in its file, from 1.")
@click.option("--file", metavar="LABEL", help="Its file, where the source has several.")
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with upstream's files; default: where the recipe finds them.",
)
@click.option("--json", "as_json", is_flag=True, help="The story as JSON; of a row, a list.")
def why(mixture: Path, identity: str | None, data: Path | None, as_json: bool, **row: Any) -> None:
    """Tell the fate and lineage of the record ID of MIXTURE, or of all records made of an upstream
    row, and show that row where its file is at hand and unchanged.

    \b
    Example:
      mixer why mixtures/quickstart my-instructions/alpaca/my_instructions.json:3
      mixer why mixtures/quickstart --source dolly --row 3
    """
    from mixer.phases.why import story, told, with_upstream
    from mixer.phases.why_row import ids_of_row

    by_row = row["source"] is not None and row["row"] is not None
    if by_row == (identity is not None) or (identity and any(row.values())):
        raise click.UsageError("give an ID, or --source and --row (and --file)")
    ids = [identity] if identity else ids_of_row(mixture, row["source"], row["row"], row["file"])
    found = [with_upstream(mixture, story(mixture, each), data) for each in ids]
    if as_json:
        _print_json(found[0] if identity else found)
    else:
        click.echo("\n\n".join(told(each) for each in found))


@main.command()
@click.argument("mixture", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--ids", type=click.File("rb"), help="Records: a file with one id a line, - is stdin."
)
@click.option("--source", help="All records of a source.")
@click.option("--match", metavar="REGEX", help="All whose text it matches (RE2; (?i): any case).")
@click.option("--near", type=_Share(0.1, 1), help="And what is so similar to them.")
@click.option("--out", type=click.Path(path_type=Path), help="A new folder; MIXTURE stays.")
@click.option("--dry-run", is_flag=True, help="Say what would go, write nothing.")
@click.option("--workers", type=click.IntRange(1), help="Processes; default: one a processor.")
def remove(  # noqa: PLR0913 - one parameter an option
    mixture: Path,
    ids: IO[bytes] | None,
    source: str | None,
    match: str | None,
    near: float | None,
    out: Path | None,
    dry_run: bool,
    workers: int | None,
) -> None:
    """Take records out of MIXTURE: data, ledger, quarantine, card, exports and lock follow.

    All other rows stay in their places. removals/0001.json in the mixture certifies what went.

    \b
    Example:
      mixer remove mixtures/quickstart --ids ids.txt --near 0.8
      mixer remove mixtures/quickstart --match '(?i)jane doe' --dry-run
    """
    if sum(each is not None for each in (ids, source, match)) != 1:
        raise click.UsageError("give one of --ids, --source and --match")
    from mixer.engines.local import local_engine
    from mixer.phases.asked import read_ids
    from mixer.phases.removal import Request
    from mixer.remove import plan, remove, told
    from mixer.report.removal import print_removed, print_what_is_left

    named = read_ids(ids.read(), "--ids") if ids else []
    kind: Any = "ids" if ids else "source" if source is not None else "match"
    request = Request(kind, source or match or "", named, near)
    with local_engine(workers) as engine:
        found = plan(mixture, request, engine) if dry_run else remove(mixture, request, out, engine)
    print_removed(told(found), f"would be removed from {mixture}" if dry_run else f"{mixture}")
    if not dry_run:
        print_what_is_left(told(found), out or mixture, found.path)


@main.command()
@click.argument("mixture", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--workers", type=click.IntRange(1), help="Processes; default: one a processor.")
@click.option("--json", "as_json", is_flag=True, help="What was found as JSON.")
def verify(mixture: Path, workers: int | None, as_json: bool) -> None:
    """Check that the files of MIXTURE are those that were written; exit code 1 if not.

    README.md is not checked: people write in it.

    \b
    Example:
      mixer verify mixtures/quickstart
    """
    from mixer.engines.local import local_engine
    from mixer.phases.verify import told, verify

    with local_engine(workers) as engine:
        found = verify(mixture, engine)
    if as_json:
        _print_json(found)
    else:
        click.echo(told(found))
    if not found.is_whole:
        raise MixerError(f"{mixture} is not as it was written: build it again")


@main.command()
@click.argument("mixture", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("repository", metavar="REPO")
@click.option("--private/--public", default=True, show_default=True, help="Who may see it.")
@click.option("--yes-i-may-share", "may_share", is_flag=True, help="Where licences do not say so.")
@click.option("--revision", metavar="BRANCH", help="A branch that is there; default: main.")
@click.option("--message", metavar="TEXT", help="Of the commit.")
@click.option("--with-exports", is_flag=True, help="exports/ too, the same rows again.")
@click.option("--with-quarantine", is_flag=True, help="quarantine.parquet too: raw text.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option(
    "--workers",
    type=click.IntRange(1),
    help="Processes that check files; default: one a processor.",
)
def push(mixture: Path, repository: str, **options: Any) -> None:
    """Upload MIXTURE to the Hugging Face hub as the dataset REPO, in one commit.

    REPO is owner/name; it is made if it is not there, private unless --public. It then holds this
    mixture alone: files of an earlier one are deleted in the same commit. quarantine.parquet (raw
    text of rows that did not parse, with whatever made them fail) and exports/ stay here unless
    asked for. The token is that of `hf auth login` or HF_TOKEN.

    \b
    Example:
      mixer push mixtures/quickstart me/quickstart --dry-run
    """
    from mixer.push_verb import Asked, push

    push(mixture, repository, Asked(**options), click.echo)


@main.command()
@click.argument("recipe", required=False)
@click.option("--out", type=click.Path(path_type=Path), help="Default: ablations/NAME.")
@click.option("--over", help="The column whose values are compared; default: component.")
@click.option("--factorial", is_flag=True, help="Every combination of components, too.")
@click.option("--random", "simplex", type=click.IntRange(1), help="So many random mixtures, too.")
@click.option(
    "--analyse",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Effects from a filled results.csv; design.csv lies beside it.",
)
@_run_options
def ablate(  # noqa: PLR0913 - one parameter an option
    recipe: str | None,
    out: Path | None,
    over: str | None,
    factorial: bool,
    simplex: int | None,
    analyse: Path | None,
    work: Path | None,
    workers: int | None,
) -> None:
    """Build mixtures that differ in one component with all else equal, or analyse results on them.

    \b
    Example:
      mixer ablate ablation --out ablations/mine
      mixer ablate --analyse ablations/mine/results.csv
    """
    if (recipe is None) == (analyse is None):
        raise click.UsageError("give a RECIPE to build from, or --analyse with a results.csv")
    if analyse is not None:
        _analyse(analyse)
        return
    from mixer.ablate import ablate, with_designs
    from mixer.engines.local import local_engine
    from mixer.pipeline import Settings
    from mixer.report.ablation import print_family

    loaded = with_designs(_load(recipe or ""), over, factorial=factorial, simplex=simplex)
    out = out or Path("ablations") / loaded.name
    work = work or out.with_name(f"{out.name}.work")
    with local_engine(workers) as engine:
        summary = ablate(loaded, out, Settings(work, engine))
    print_family(summary)
    click.echo(f"written to {out}")


def _analyse(results: Path) -> None:
    from mixer.ablate import analyse_results
    from mixer.report.ablation import print_analysis

    found, picture = analyse_results(results)
    print_analysis(found)
    click.echo(f"drawn in {picture}")


@main.command()
@click.argument("before", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("after", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="The difference as JSON.")
def diff(before: Path, after: Path, as_json: bool) -> None:
    """Compare two built mixtures: rows that left, came and stayed, shares by column.

    \b
    Example:
      mixer diff mixtures/last-week mixtures/quickstart
    """
    from mixer.phases.diff import difference
    from mixer.report.diff import print_difference

    found = difference(before, after)
    if as_json:
        _print_json(found)
    else:
        print_difference(found)


@main.command()
@click.argument("name", required=False)
def formats(name: str | None) -> None:
    """List the known formats with their fields, or explain one.

    \b
    Example:
      mixer formats
      mixer formats hh_rlhf
    """
    from mixer import formats as known
    from mixer.report.tables import print_table

    if name:
        click.echo((known.load(name).__doc__ or "").strip())
        return
    rows = []
    for each in known.names():
        fields = ", ".join(known.fields(each)) or "any"
        options = ", ".join(known.options_type(each).__struct_fields__)
        rows.append([each, fields, options])
    print_table(["format", "fields", "options"], rows, "known formats")


@main.command()
@click.argument("name", required=False)
@click.option(
    "--from",
    "dataset_info",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="LLaMA-Factory's dataset_info.json: print its entries as a recipe.",
)
@click.option("--only", multiple=True, metavar="ENTRY", help="One of them; again: more.")
def sources(name: str | None, dataset_info: Path | None, only: tuple[str, ...]) -> None:
    """List the known data sets (from data_cards/), show one card, or print those of a
    dataset_info.json as the sources of a recipe.

    \b
    Example:
      mixer sources
      mixer sources hh_rlhf
      mixer sources --from data/dataset_info.json --only identity > mine.yaml
    """
    if (dataset_info is None and only) or (dataset_info is not None and name):
        raise click.UsageError("--only names entries of the file of --from, which takes no NAME")
    if dataset_info is not None:
        from mixer.recipe.dataset_info import recipe_text

        click.echo(recipe_text(dataset_info, only))
        return
    from mixer.cards.source_card import card_names, source_card
    from mixer.report.tables import print_table
    from mixer.resources import folder

    if name:
        source_card(name)
        click.echo((folder("data_cards") / f"{name}.md").read_text(encoding="utf-8").strip())
        return
    cards = [source_card(each) for each in card_names()]
    rows = [
        [card.name, card.license, f"{card.size_rows}", ", ".join(card.formats), card.homepage]
        for card in cards
    ]
    print_table(["name", "licence", "rows", "formats", "homepage"], rows, "known data sets")


@main.command()
def schema() -> None:
    """Print the JSON Schema of recipes, for editors.

    \b
    Example:
      mixer schema > recipe.schema.json
    """
    from mixer.recipe.json_schema import json_schema

    _print_json(json_schema())


def _load(recipe: str) -> Recipe:
    from mixer.recipe.load import find_recipe, load_recipe

    return load_recipe(find_recipe(recipe))


def _inspected(
    path: Path, data: tuple[str | None, bool], workers: int | None, unsure: int
) -> Inspected:
    """`data`: the format of data files, and whether to identify their languages."""
    from mixer.engines.local import local_engine
    from mixer.phases.inspect import inspect_files, inspect_mixture, inspect_work
    from mixer.pipeline import is_mixture

    format_name, language = data
    if format_name:
        with local_engine(workers or 1) as engine:
            return inspect_files(str(path), format_name, engine, language, unsure)
    if is_mixture(path):
        return inspect_mixture(path, unsure)
    if (path / "read").is_dir():
        return inspect_work(path, unsure)
    raise MixerError(
        f"{path} is neither a mixture nor a working folder: for data, add --format; "
        f"try: mixer guess {path}"
    )


def _print_summary(summary: Summary) -> None:
    from mixer.report.summary import print_summary

    print_summary(summary)


def _print_json(value: Any) -> None:
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2))
