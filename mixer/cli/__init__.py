"""The command line: one file a verb. Answers go to stdout, progress to stderr.

Exit codes: 0 done · 1 a clear sentence · 2 wrong usage · 3 the records cannot meet the goals.
What a verb needs is imported when it runs: `mixer --help` waits for nothing.
"""

from __future__ import annotations

import click

from mixer import __version__
from mixer.cli import (
    ablate,
    build,
    dedup,
    diff,
    export,
    formats,
    guess,
    inspect,
    plan,
    push,
    remove,
    schema,
    sources,
    verify,
    why,
)
from mixer.cli.group import Group


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mixer")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def main(debug: bool) -> None:
    """Curate and mix data sets for fine-tuning language models.

    \b
    Example:
      mixer build quickstart
    """


_VERBS = (
    *(build.build, plan.plan, ablate.ablate, guess.guess, formats.formats, sources.sources),
    *(schema.schema, inspect.inspect, dedup.dedup, why.why, diff.diff, verify.verify),
    *(remove.remove, export.export, push.push),
)
for _verb in _VERBS:
    main.add_command(_verb)
