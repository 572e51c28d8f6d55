"""Licences as their owners write them → one id each, as the Hugging Face hub writes it.

    "Creative Commons Attribution-ShareAlike 4.0 International" → cc-by-sa-4.0
    "Licensed under the Apache License, Version 2.0"            → apache-2.0

What is not told for certain keeps its words ("Custom", "Quora Terms of Service"): "Creative
Commons" alone names no licence, and a version that is not stated is not made up.
"""

from __future__ import annotations

import re
from functools import lru_cache

# https://huggingface.co/docs/hub/repositories-licenses
_ON_THE_HUB = (
    "afl-3.0 agpl-3.0 apache-2.0 artistic-2.0 bigcode-openrail-m bigscience-bloom-rail-1.0 "
    "bigscience-openrail-m bsd bsd-2-clause bsd-3-clause bsd-3-clause-clear bsl-1.0 c-uda cc "
    "cc-by-2.0 cc-by-2.5 cc-by-3.0 cc-by-4.0 cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0 "
    "cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 "
    "cc-by-nd-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc0-1.0 cdla-permissive-1.0 cdla-permissive-2.0 "
    "cdla-sharing-1.0 creativeml-openrail-m ecl-2.0 epl-1.0 epl-2.0 etalab-2.0 eupl-1.1 "
    "eupl-1.2 gemma gfdl gpl gpl-2.0 gpl-3.0 intel-research isc lgpl lgpl-2.1 lgpl-3.0 llama2 "
    "llama3 llama3.1 llama3.2 llama3.3 llama4 mit mpl-2.0 ms-pl ncsa odbl odc-by ofl-1.1 "
    "openrail openrail++ osl-3.0 other pddl postgresql unknown unlicense wtfpl zlib"
)
HUB_LICENSES = frozenset(_ON_THE_HUB.split())

# Known by name, although the hub has no id for them.
_ELSEWHERE = (
    "academic-only apache cc-by cc-by-nc cc-by-nc-sa cc-by-sa cc-by-sa-2.0 cc-by-sa-2.5 "
    "msr-la non-commercial oanc ogl-3.0 public-domain"
)
OTHER_LICENSES = frozenset(_ELSEWHERE.split())

# Words that say nothing about which licence it is.
_IDLE_WORDS = (
    "a code data dataset generic international is legal licence licenced license licensed of "
    "public released the this under unported v version"
)
_IDLE = frozenset(_IDLE_WORDS.split())
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
    "apache-2": "apache-2.0",
    "cc-zero-1.0": "cc0-1.0",
    "cc0": "cc0-1.0",
    "cc0-1.0-universal": "cc0-1.0",
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
_ADDRESS = re.compile(r"https?://[^\s()]+")
_CREATIVE_COMMONS = re.compile(
    r"creativecommons\.org/licenses/(?P<kind>[a-z-]+)/(?P<version>\d\.\d)"
)
# What stands at an address, up to the ending of its page.
_AT = {
    "apache.org/licenses/license-2.0": "apache-2.0",
    "creativecommons.org/publicdomain/mark/1.0": "public-domain",
    "creativecommons.org/publicdomain/zero/1.0": "cc0-1.0",
    "opensource.org/license/mit": "mit",
    "opensource.org/licenses/mit": "mit",
}
_KNOWN = HUB_LICENSES | OTHER_LICENSES
# A longer text is no name: patterns would look at it in vain, and in quadratic time.
_LONGEST_NAME = 500


def license_id(text: str) -> str:
    """The id of a licence as someone wrote it; any other text as it stands, trimmed. An address
    may stand for the name, or say its version; one that names another licence makes it uncertain.
    """
    lower = text.lower()
    linked = {found for each in _ADDRESS.findall(lower) if (found := _linked(each))}
    plain = _ADDRESS.sub(" ", lower)
    named = _named(plain.strip())
    if named is None and _words(plain):
        return text.strip()
    if not linked:
        return named or text.strip()
    found = linked.pop()
    agrees = named is None or re.fullmatch(rf"{re.escape(named)}(-\d\.\d)?", found)
    return found if agrees and not linked else text.strip()


def _linked(address: str) -> str | None:
    if found := _CREATIVE_COMMONS.search(address):
        return f"cc-{found['kind']}-{found['version']}"
    page = re.sub(r"^https?://(www\.)?|(\.html|\.txt|/|/deed\S*|/legalcode\S*)$", "", address)
    return _AT.get(page)


def _named(plain: str) -> str | None:
    """What the words say, which in brackets may say it again."""
    outside, inside = _BRACKETS.sub(" ", plain), " ".join(_BRACKETS.findall(plain))
    said = {_known(part) for part in (outside, inside) if _words(part)}
    return said.pop() if len(said) == 1 and None not in said else _known(plain)


def _known(text: str) -> str | None:
    name = text.strip() if text.strip() in _KNOWN else "-".join(_words(text))
    # GPL-3.0-or-later, as SPDX has it.
    version = name.removesuffix("-only").removesuffix("-or-later")
    commons = f"cc-{name}" if name.startswith("by-") else None
    candidates = (name, _MEANS.get(name), commons, version)
    return next((each for each in candidates if each in _KNOWN), None)


def license_text(text: str) -> str:
    """The same for an expression: `CC BY 4.0 AND MIT` → `cc-by-4.0 AND mit`. One with brackets
    around its parts stays as it is."""
    # A column says the same few words in each row: reading them anew took half of Super-NI's time.
    return _remembered(text) if len(text) <= _LONGEST_NAME else text.strip()


def _expression(text: str) -> str:
    parts = re.split(r"\s+(AND|OR)\s+", text)
    if any(part.count("(") != part.count(")") for part in parts):
        return text.strip()
    return " ".join(
        part if place % 2 else license_id(part) for place, part in enumerate(parts) if part.strip()
    )


_remembered = lru_cache(maxsize=4096)(_expression)


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
