"""What each known licence allows and asks: facts of its text, not advice.

`use` is what the licence lets anyone do with the data; whatever is not known is `unspecified`, and
that is never read as a permission.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from mixer.licenses.names import HUB_LICENSES, OTHER_LICENSES

Use = Literal["commercial", "non_commercial", "academic_only", "unspecified"]
Condition = Literal["attribution", "share_alike", "no_derivatives", "use_restrictions"]

# From the most that is allowed to the least.
USES: tuple[Use, ...] = ("commercial", "non_commercial", "academic_only", "unspecified")


class Terms(NamedTuple):
    """`conditions` in alphabetical order."""

    use: Use
    conditions: tuple[Condition, ...] = ()


_FREE = Terms("commercial")
_ATTRIBUTION = Terms("commercial", ("attribution",))
_SHARE_ALIKE = Terms("commercial", ("attribution", "share_alike"))
_RESTRICTED = Terms("commercial", ("attribution", "use_restrictions"))
_UNKNOWN = Terms("unspecified")

_PUBLIC = "cc0-1.0 oanc pddl public-domain unlicense wtfpl"
_PERMISSIVE = (
    "afl-3.0 apache apache-2.0 artistic-2.0 bsd bsd-2-clause bsd-3-clause bsd-3-clause-clear "
    "bsl-1.0 cdla-permissive-1.0 cdla-permissive-2.0 ecl-2.0 etalab-2.0 isc mit ms-pl ncsa odc-by "
    "ogl-3.0 postgresql zlib"
)
_COPYLEFT = (
    "agpl-3.0 cdla-sharing-1.0 epl-1.0 epl-2.0 eupl-1.1 eupl-1.2 gfdl gpl gpl-2.0 gpl-3.0 lgpl "
    "lgpl-2.1 lgpl-3.0 mpl-2.0 odbl ofl-1.1 osl-3.0"
)
_WITH_USE_RULES = (
    "bigcode-openrail-m bigscience-bloom-rail-1.0 bigscience-openrail-m c-uda "
    "creativeml-openrail-m gemma llama2 llama3 llama3.1 llama3.2 llama3.3 llama4 openrail "
    "openrail++"
)
_SAID_OF = {
    **dict.fromkeys(_PUBLIC.split(), _FREE),
    **dict.fromkeys(_PERMISSIVE.split(), _ATTRIBUTION),
    **dict.fromkeys(_COPYLEFT.split(), _SHARE_ALIKE),
    **dict.fromkeys(_WITH_USE_RULES.split(), _RESTRICTED),
    "non-commercial": Terms("non_commercial"),
    "academic-only": Terms("academic_only"),
    "intel-research": Terms("academic_only", ("attribution",)),
    "msr-la": Terms("academic_only", ("attribution",)),
}
_ELEMENTS: dict[str, Condition] = {"by": "attribution", "nd": "no_derivatives", "sa": "share_alike"}


def terms(license: str) -> Terms:
    """Of an id (names.license_id); of anything else, `unspecified`."""
    if license in _SAID_OF:
        return _SAID_OF[license]
    if license not in HUB_LICENSES | OTHER_LICENSES or not license.startswith("cc-"):
        return _UNKNOWN
    parts = license.split("-")
    conditions = tuple(sorted(_ELEMENTS[part] for part in parts if part in _ELEMENTS))
    return Terms("non_commercial" if "nc" in parts else "commercial", conditions)


def strictest(uses: list[Use]) -> Use:
    """The use that all of them allow."""
    return max(uses, key=USES.index)
