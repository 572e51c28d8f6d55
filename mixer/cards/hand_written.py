"""What people wrote into a mixture's card: it stays when the mixture is built again.

Sections (`##`, `#`) whose heading is none of mixer's own, and keys of the front matter that mixer
does not write. `pretty_name` stays as it is, and tags are added to mixer's.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from mixer.cards.front_matter import front_matter, split_front_matter
from mixer.cards.mixture_card import HEADINGS
from mixer.errors import InputError

MAX_BYTES = 4 << 20
# They describe the data, so that those of an earlier build are wrong; the last is what uploading
# with `datasets` adds, and a wrong one keeps the mixture from being loaded.
_OF_THE_DATA = frozenset(
    {
        "license",
        "language",
        "size_categories",
        "task_categories",
        "source_datasets",
        "configs",
        "dataset_info",
    }
)


class HandWritten(NamedTuple):
    fields: dict[str, Any]
    sections: list[str]


def hand_written(path: Path) -> HandWritten:
    """Of the card at `path`, nothing where there is none; InputError where it cannot be read, so
    that nothing in it is lost."""
    if not path.is_file():
        return HandWritten({}, [])
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError(f"it has more than {MAX_BYTES >> 20} MiB")
        fields, body = split_front_matter(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        hint = "mend it, or move it away: sections that you wrote there stay in the new card"
        raise InputError(f"cannot read {path}: {error}; {hint}") from error
    kept = {key: value for key, value in fields.items() if key not in _OF_THE_DATA}
    return HandWritten(kept, [text for name, text in _sections(body) if name not in HEADINGS])


def with_hand_written(card: str, kept: HandWritten) -> str:
    """The new card with what people wrote into the one before."""
    if not kept.fields and not kept.sections:
        return card
    fields, body = split_front_matter(card)
    tags = dict.fromkeys([*fields["tags"], *_listed(kept.fields.get("tags"))])
    merged = {**fields, **kept.fields, "tags": list(tags)}
    return front_matter(merged) + "\n\n".join([body.rstrip("\n"), *kept.sections]) + "\n"


def _listed(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


def _sections(body: str) -> list[tuple[str, str]]:
    """(heading, text with the heading); the title and what stands under it is no section."""
    from markdown_it import MarkdownIt

    lines = body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    tokens = MarkdownIt("commonmark").parse("\n".join(lines))
    found = [
        (token.map[0], token.tag, tokens[place + 1].content.strip())
        for place, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag in ("h1", "h2") and token.level == 0
        if token.map
    ]
    if found and found[0][1] == "h1":
        del found[0]
    ends = [*(start for start, *_ in found), len(lines)][1:]
    return [
        (name, "\n".join(lines[start:end]).strip("\n"))
        for (start, _, name), end in zip(found, ends, strict=True)
    ]
