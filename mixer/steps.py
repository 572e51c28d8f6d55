"""What a step is, and how a recipe's words become one.

A step is a module of `annotate/`, `screen/` or `dedup/` with a class `Step`: a frozen struct whose
fields are the recipe's keys. The files of a folder are its catalogue; what a step needs inside lies
in subpackages.

    annotate   reads: columns it looks at;  adds: its own columns;  __call__(batch) → those columns
    screen     reads: columns it looks at;  __call__(batch) → a reason a row, null where it stays
    dedup      find(corpus) → the kept record that each record repeats

`paths` names the fields that are paths (or patterns that match some); they are meant from the
recipe's folder.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import ClassVar, cast

import msgspec
import pyarrow as pa

from mixer.corpus import Corpus, Found
from mixer.errors import RecipeError
from mixer.nearest import did_you_mean


class AnnotateStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Adds columns to every record that is still kept. `uses` names columns of earlier steps that
    it looks at where they exist."""

    reads: ClassVar[tuple[str, ...]]
    paths: ClassVar[tuple[str, ...]] = ()
    adds: ClassVar[pa.Schema]
    uses: ClassVar[tuple[str, ...]] = ()

    def files(self) -> list[str]:
        """Files that its result depends on."""
        return []

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        raise NotImplementedError


class ScreenStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rejects records, each with a reason."""

    reads: ClassVar[tuple[str, ...]]
    paths: ClassVar[tuple[str, ...]] = ()

    def files(self) -> list[str]:
        """Files that its verdicts depend on."""
        return []

    def __call__(self, batch: pa.RecordBatch) -> pa.Array:
        raise NotImplementedError


class DedupStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Finds records that repeat others; what it keeps depends on their order alone."""

    paths: ClassVar[tuple[str, ...]] = ()

    def find(self, corpus: Corpus) -> Found:
        raise NotImplementedError


def names(kind: str) -> list[str]:
    """The steps of `annotate`, `screen` or `dedup`."""
    package = import_module(f"mixer.{kind}")
    return sorted(m.name for m in pkgutil.iter_modules(package.__path__) if not m.ispkg)


def step_type(kind: str, name: str) -> type[msgspec.Struct]:
    """The class of a step; RecipeError names the nearest one if there is none."""
    known = names(kind)
    if name not in known:
        raise RecipeError(f"unknown {kind} step {name!r}: {did_you_mean(name, known)}")
    module = import_module(f"mixer.{kind}.{name}")
    return cast("type[msgspec.Struct]", module.Step)
