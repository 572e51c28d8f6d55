"""The first thing in which a build differs from a lock, in a sentence."""

from __future__ import annotations

import json
from collections import Counter
from itertools import zip_longest
from typing import Any

from mixer.errors import InputError
from mixer.phases.lock import Input, Lock, Output
from mixer.report.pairs import in_one_line, shortened


def check_buildable(lock: Lock) -> None:
    """InputError where rows were removed after the build: no build gives such bytes."""
    if lock.removed:
        raise InputError(
            "rows were removed from the locked mixture after it was built, as certified in its "
            f"{', '.join(lock.removed)}, so no build gives its bytes: build without --locked, with "
            "`screen: [{removed: {certificates: …}}]`"
        )


def check_recipe(lock: Lock, resolved: Any) -> None:
    """InputError with the first key of the recipe that says something else."""
    if found := _first(lock.resolved, resolved, ()):
        where, was, now = found
        told = f"{_shown(was)} there, {_shown(now)} here"
        raise InputError(f"the recipe differs from the lock at {where or 'the top'}: {told}")


def check_inputs(lock: Lock, inputs: list[Input], sources: frozenset[str]) -> None:
    """InputError with the first input of these sources that is gone, new or not the same."""
    there, here = _named(lock.inputs, sources), _named(inputs, sources)
    for key in sorted(there.keys() | here.keys()):
        name = "/".join(key)
        if key not in here:
            raise InputError(f"the input {name} of the lock is not there")
        if key not in there:
            raise InputError(f"the input {name} is not in the lock")
        if there[key] != here[key]:
            raise InputError(f"the input {name} has changed: {_told(there[key], here[key])}")


def check_result(lock: Lock, made: Lock) -> None:
    """InputError where the bytes are not those of the lock, with what may have caused it. The
    recipe's own text may differ: paths and comments are no part of the result."""
    if _outputs(lock) == _outputs(made):
        return
    check_inputs(lock, made.inputs, frozenset(each.source for each in [*lock.inputs, *made.inputs]))
    raise InputError(
        f"the result differs from the lock: {_first_output(lock, made)}"
        f"{_first_step(lock, made)}; {_versions(lock, made)}"
    )


def _named(inputs: list[Input], sources: frozenset[str]) -> dict[tuple[str, ...], Input]:
    """By source and label; files of a step that have one label are told apart by their number."""
    seen: Counter[tuple[str, ...]] = Counter()
    found: dict[tuple[str, ...], Input] = {}
    for each in sorted(inputs, key=lambda each: (each.source, each.file, each.sha256 or "")):
        key: tuple[str, ...] = (each.source, each.file)
        if each.source in sources:
            seen[key] += 1
            found[key if seen[key] == 1 else (*key, f"{seen[key]}")] = each
    return found


def _told(was: Input, now: Input) -> str:
    if was.revision != now.revision:
        return f"revision {was.revision} in the lock, {now.revision} here"
    return (
        f"{was.size_bytes:,} bytes with SHA-256 {was.sha256} in the lock, "
        f"{now.size_bytes:,} bytes with {now.sha256} here"
    )


def _outputs(lock: Lock) -> dict[str, Output]:
    return {each.path: each for each in lock.outputs if each.path != "recipe.yaml"}


def _first_output(lock: Lock, made: Lock) -> str:
    there, here = _outputs(lock), _outputs(made)
    other = [path for path in there | here if there.get(path) != here.get(path)]
    path = min(other, key=lambda each: (not each.startswith("data/"), each))
    if path not in here:
        return f"{path} is missing"
    return f"{path} is new" if path not in there else f"{path} has other bytes"


def _first_step(lock: Lock, made: Lock) -> str:
    there = {each.step: each for each in lock.dropped}
    here = {each.step: each for each in made.dropped}
    for step in here | there:
        if there.get(step) != here.get(step):
            was, now = (found[step].records if step in found else 0 for found in (there, here))
            return f", the first step that differs is {step} ({was:,} records dropped, {now:,} now)"
    return ""


def _versions(lock: Lock, made: Lock) -> str:
    was = {"mixer": lock.mixer, "Python": lock.python, **lock.libraries}
    now = {"mixer": made.mixer, "Python": made.python, **made.libraries}
    other = [
        f"{name} {was.get(name, 'none')} in the lock, {now.get(name, 'none')} here"
        for name in was | now
        if was.get(name) != now.get(name)
    ]
    if other:
        return "versions differ: " + ", ".join(other)
    same = "all versions are the same"
    return same if lock.code == made.code else f"{same}, but mixer's own code is not"


def _first(was: Any, now: Any, where: tuple[str, ...]) -> tuple[str, Any, Any] | None:
    """The first place at which the two differ, and what stands there; None is nothing."""
    if isinstance(was, dict) and isinstance(now, dict):
        parts = ((key, was.get(key), now.get(key)) for key in was | now)
    elif isinstance(was, list) and isinstance(now, list):
        parts = ((str(place), *pair) for place, pair in enumerate(zip_longest(was, now)))
    else:
        return None if was == now else (".".join(where), was, now)
    differing = (_first(one, other, (*where, part)) for part, one, other in parts)
    return next(filter(None, differing), None)


def _shown(value: Any) -> str:
    """As a recipe has it; a whole source or step in brief."""
    if value is None:
        return "nothing"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return in_one_line(shortened(text))
