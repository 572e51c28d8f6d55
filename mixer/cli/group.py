"""Errors of ours, or of the disk, are one sentence and an exit code."""

from __future__ import annotations

import traceback
from typing import Any

import click

from mixer.errors import GoalMissed, MixerError

GOAL_MISSED = 3


class Group(click.Group):
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
        except ValueError as error:
            if not type(error).__module__.startswith("pyarrow"):
                raise
            # Of a file that was put into a mixture, or damaged there.
            if ctx.params.get("debug"):
                traceback.print_exc()
            said = f"a Parquet file that cannot be read: {_shown(error)}"
            click.echo(f"mixer: {said}; `mixer verify` says which was changed or added", err=True)
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
