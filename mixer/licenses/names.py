"""Licences as their owners write them → one id each, as the Hugging Face hub writes it.

    "Creative Commons Attribution-ShareAlike 4.0 International" → cc-by-sa-4.0
    "Licensed under the Apache License, Version 2.0"            → apache-2.0

What is not told for certain keeps its words ("Custom", "Quora Terms of Service"): "Creative
Commons" alone names no licence, and a version that is not stated is not made up.
"""

from __future__ import annotations

import re

# https://huggingface.co/docs/hub/repositories-licenses
HUB_LICENSES = frozenset(
    {
        "afl-3.0",
        "agpl-3.0",
        "apache-2.0",
        "artistic-2.0",
        "bigcode-openrail-m",
        "bigscience-bloom-rail-1.0",
        "bigscience-openrail-m",
        "bsd",
        "bsd-2-clause",
        "bsd-3-clause",
        "bsd-3-clause-clear",
        "bsl-1.0",
        "c-uda",
        "cc",
        "cc-by-2.0",
        "cc-by-2.5",
        "cc-by-3.0",
        "cc-by-4.0",
        "cc-by-nc-2.0",
        "cc-by-nc-3.0",
        "cc-by-nc-4.0",
        "cc-by-nc-nd-3.0",
        "cc-by-nc-nd-4.0",
        "cc-by-nc-sa-2.0",
        "cc-by-nc-sa-3.0",
        "cc-by-nc-sa-4.0",
        "cc-by-nd-4.0",
        "cc-by-sa-3.0",
        "cc-by-sa-4.0",
        "cc0-1.0",
        "cdla-permissive-1.0",
        "cdla-permissive-2.0",
        "cdla-sharing-1.0",
        "creativeml-openrail-m",
        "ecl-2.0",
        "epl-1.0",
        "epl-2.0",
        "etalab-2.0",
        "eupl-1.1",
        "eupl-1.2",
        "gemma",
        "gfdl",
        "gpl",
        "gpl-2.0",
        "gpl-3.0",
        "intel-research",
        "isc",
        "lgpl",
        "lgpl-2.1",
        "lgpl-3.0",
        "llama2",
        "llama3",
        "llama3.1",
        "llama3.2",
        "llama3.3",
        "llama4",
        "mit",
        "mpl-2.0",
        "ms-pl",
        "ncsa",
        "odbl",
        "odc-by",
        "ofl-1.1",
        "openrail",
        "openrail++",
        "osl-3.0",
        "other",
        "pddl",
        "postgresql",
        "unknown",
        "unlicense",
        "wtfpl",
        "zlib",
    }
)

# Known by name, although the hub has no id for them.
OTHER_LICENSES = frozenset(
    {
        "academic-only",
        "cc-by",
        "cc-by-nc",
        "cc-by-nc-sa",
        "cc-by-sa",
        "cc-by-sa-2.0",
        "msr-la",
        "non-commercial",
        "oanc",
        "ogl-3.0",
        "public-domain",
    }
)

# Words that say nothing about which licence it is.
_IDLE = frozenset(
    {
        "a",
        "code",
        "data",
        "dataset",
        "generic",
        "international",
        "is",
        "legal",
        "licence",
        "licenced",
        "license",
        "licensed",
        "of",
        "public",
        "released",
        "the",
        "this",
        "under",
        "unported",
        "v",
        "version",
    }
)
_SHORT = {
    "attribution": "by",
    "noncommercial": "nc",
    "sharealike": "sa",
    "noderivatives": "nd",
    "noderivs": "nd",
}
# What is left of a name → its id.
_MEANS = {
    "academic-free-3.0": "afl-3.0",
    "academic-research-purposes-only": "academic-only",
    "apache": "apache-2.0",
    "cc-zero-1.0": "cc0-1.0",
    "cc0": "cc0-1.0",
    "cc0-domain": "cc0-1.0",
    "computational-use-agreement-c-uda": "c-uda",
    "custom-non-commercial": "non-commercial",
    "custom-research-only": "academic-only",
    "custom-research-only-non-commercial": "academic-only",
    "domain": "public-domain",
    "domain-cc0": "cc0-1.0",
    "domain-mark-1.0": "public-domain",
    "gnu-affero-general-3.0": "agpl-3.0",
    "gnu-general-2.0": "gpl-2.0",
    "gnu-general-3.0": "gpl-3.0",
    "gnu-gplv2": "gpl-2.0",
    "gnu-gplv3": "gpl-3.0",
    "gnu-lesser-general-2.1": "lgpl-2.1",
    "gnu-lesser-general-3.0": "lgpl-3.0",
    "gplv3": "gpl-3.0",
    "microsoft-research": "msr-la",
    "microsoft-research-agreement": "msr-la",
    "mozilla-2.0": "mpl-2.0",
    "odc-by-1.0": "odc-by",
    "open-commons-by-1.0": "odc-by",
    "open-database-1.0": "odbl",
    "research-only": "academic-only",
}
_WORD = re.compile(r"[a-z0-9.+]*[a-z0-9+]")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_CREATIVE_COMMONS = re.compile(
    r"^\s*https?://creativecommons\.org/licenses/(?P<kind>[a-z-]+)/(?P<version>\d\.\d)"
)
_ADDRESS = re.compile(r"\(?https?://\S+")
_KNOWN = HUB_LICENSES | OTHER_LICENSES


def license_id(text: str) -> str:
    """The id of a licence as someone wrote it; any other text as it stands, trimmed."""
    if linked := _CREATIVE_COMMONS.search(text.lower()):
        return f"cc-{linked['kind']}-{linked['version']}"
    plain = _ADDRESS.sub(" ", text.lower()).strip()
    outside, inside = _BRACKETS.sub(" ", plain), " ".join(_BRACKETS.findall(plain))
    found = {known for part in (outside, inside) if (known := _known(part))}
    both = {_known(part) for part in (outside, inside) if _words(part)}
    return found.pop() if len(both) == 1 and found else _known(plain) or text.strip()


def _known(text: str) -> str | None:
    name = text.strip() if text.strip() in _KNOWN else "-".join(_words(text))
    candidates = (name, _MEANS.get(name), f"cc-{name}" if name.startswith("by") else None)
    return next((each for each in candidates if each in _KNOWN), None)


def license_text(text: str) -> str:
    """The same for an expression: `CC BY 4.0 AND MIT` → `cc-by-4.0 AND mit`."""
    parts = re.split(r"\s+(AND|OR)\s+", text)
    return " ".join(
        part if place % 2 else license_id(part) for place, part in enumerate(parts) if part.strip()
    )


def on_the_hub(license: str) -> str:
    """What a card's front matter says: the hub's id, or `other`."""
    return license if license in HUB_LICENSES else "other"


def _words(text: str) -> list[str]:
    text = re.sub(r"creative commons?", "cc", text)
    if re.search(r"cc|attribution", text):
        text = re.sub(r"(non|share|no)[- ]?(commercial|alike|derivatives|derivs)", r"\1\2", text)
    text = re.sub(r"\bv\.?(?=\d)", "", text)
    words = (_SHORT.get(word, word) for word in _WORD.findall(text))
    return [word for word in words if word not in _IDLE]
