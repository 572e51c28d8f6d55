"""YAML text → plain values, remembering the line of every key and item.

Only plain YAML is read: no tags, no Python objects; a document that unfolds (through aliases) to
more than MAX_NODES values is refused.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

from mixer.errors import RecipeError

MAX_NODES = 100_000
Path = tuple[str | int, ...]

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class Document:
    """Plain values of a YAML text, and where they stand."""

    def __init__(self, text: str, name: str, variables: Mapping[str, str]) -> None:
        self.name = name
        self._lines: dict[Path, int] = {(): 1}
        self._variables = variables
        self._nodes = 0
        self.value = self._plain(_load(text, name), ())

    def error(self, path: Path, sentence: str) -> RecipeError:
        """A RecipeError that names file, line and the place in the recipe."""
        known = path
        while known not in self._lines:
            known = known[:-1]
        where = ".".join(str(part) for part in path)
        prefix = f"{self.name}:{self._lines[known]}: "
        return RecipeError(f"{prefix}{where}: {sentence}" if where else f"{prefix}{sentence}")

    def placed(self, path: Path, error: RecipeError) -> RecipeError:
        """The error with the line of the deepest place that its sentence starts with
        (`mix.shares.form.creative is 2; …`), else with that of `path`."""
        sentence = str(error)
        named = {".".join(map(str, place)): line for place, line in self._lines.items() if place}
        found = [name for name in named if re.match(rf"{re.escape(name)}(?![\w.])", sentence)]
        if not found:
            return self.error(path, sentence)
        return RecipeError(f"{self.name}:{named[max(found, key=len)]}: {sentence}")

    def _plain(self, node: Any, path: Path) -> Any:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise self.error(path, f"the recipe unfolds to more than {MAX_NODES} values")
        if isinstance(node, dict):
            for key in node:
                if not isinstance(key, str):
                    raise self.error(path, f"the key {key!r} must be a word: put it in quotes")
                self._note(node, "key", key, (*path, key))
            return {key: self._plain(value, (*path, key)) for key, value in node.items()}
        if isinstance(node, list):
            for index in range(len(node)):
                self._note(node, "item", index, (*path, index))
            return [self._plain(value, (*path, index)) for index, value in enumerate(node)]
        if isinstance(node, str):
            return _VARIABLE.sub(lambda match: self._variable(match[1], path), str(node))
        return _builtin(node)

    def _note(self, node: Any, kind: str, key: str | int, path: Path) -> None:
        positions = getattr(node, "lc", None)
        if positions is not None and positions.data and key in positions.data:
            self._lines[path] = getattr(positions, kind)(key)[0] + 1

    def _variable(self, name: str, path: Path) -> str:
        value = self._variables.get(name, os.environ.get(name))
        if value is None:
            sentence = f"the variable {name} is not set: try `export {name}=/path/to/data`"
            raise self.error(path, sentence)
        return value


def _builtin(node: Any) -> Any:
    """ruamel keeps how a number was written in subclasses; plain values compare and encode."""
    for kind in (bool, int, float):
        if isinstance(node, kind):
            return kind(node)
    return node


def _load(text: str, name: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    yaml = YAML(typ="rt", pure=True)
    try:
        return yaml.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f":{mark.line + 1}" if mark else ""
        problem = str(error.problem or error.context).splitlines()[0]
        raise RecipeError(f"{name}{line}: not valid YAML: {problem}") from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise RecipeError(f"{name}: not valid YAML: {str(error).splitlines()[0]}") from error
