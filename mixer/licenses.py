"""Licence ids as the Hugging Face hub writes them in a data card's front matter."""

from __future__ import annotations

HUB_LICENSES = frozenset(
    {
        "afl-3.0",
        "apache-2.0",
        "bsd-2-clause",
        "bsd-3-clause",
        "cc-by-2.0",
        "cc-by-3.0",
        "cc-by-4.0",
        "cc-by-nc-3.0",
        "cc-by-nc-4.0",
        "cc-by-nc-nd-4.0",
        "cc-by-nc-sa-3.0",
        "cc-by-nc-sa-4.0",
        "cc-by-sa-3.0",
        "cc-by-sa-4.0",
        "cc0-1.0",
        "gpl-3.0",
        "lgpl-3.0",
        "mit",
        "odc-by",
        "openrail",
        "other",
        "unknown",
    }
)


def written_as_on_the_hub(text: str) -> str:
    """`Apache 2.0` → `apache-2.0`, `CC BY 4.0` → `cc-by-4.0`; any other text as it stands."""
    normal = text.strip().lower().replace(" ", "-")
    return normal if normal in HUB_LICENSES else text
