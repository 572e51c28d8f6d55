"""The YAML between the first two `---` lines of a card."""

from __future__ import annotations

import io
import re
from typing import Any

_FRONT = re.compile(r"---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)


def split_front_matter(text: str) -> tuple[dict[str, Any], str]:
    """The fields, none where there is no front matter, and the text behind them; ValueError says
    why they cannot be read."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    found = _FRONT.match(text)
    if found is None:
        return {}, text
    try:
        fields = YAML(typ="safe", pure=True).load(found[1]) or {}
    except YAMLError as error:
        raise ValueError(f"its front matter is no YAML: {_in_a_line(error)}") from error
    if not isinstance(fields, dict):
        raise ValueError("its front matter must hold `key: value` lines")
    return fields, text[found.end() :]


def front_matter(fields: dict[str, Any]) -> str:
    """The text of the fields, with its `---` lines."""
    from ruamel.yaml import YAML

    buffer = io.StringIO()
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.dump(fields, buffer)
    return f"---\n{buffer.getvalue()}---\n"


def _in_a_line(error: Exception) -> str:
    """The problem and its line, where the parser says them."""
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    if mark is None or problem is None:
        return " ".join(str(error).split())
    return f"{problem}, in line {mark.line + 2}"
