"""The section of a mixture's card that says what may be done with its rows, and why."""

from __future__ import annotations

from mixer.cards.markdown import escaped, table
from mixer.cards.source_card import source_card
from mixer.cards.summary import Licensing, SourceSummary, Summary
from mixer.licenses.verdict import Conflict, row_terms

_ALLOWED = {
    "commercial": "commercial use is allowed",
    "non_commercial": "no commercial use",
    "academic_only": "academic use only",
    "unspecified": "no permission can be read from what is stated",
}
_NAMED = 3
_ASKED = {
    "attribution": "name the authors",
    "share_alike": "pass on what is made of it under the same licence",
    "no_derivatives": "pass it on unchanged only",
    "use_restrictions": "keep to its rules of use",
}


def licensing(summary: Summary) -> str:
    """Empty where nothing was drawn."""
    if not summary.licensing:
        return ""
    parts = [
        "## Licence\n\nRows keep the licences of their sources, in the column `license`. Together "
        "the strictest counts, and what is not stated is no permission. This is what the licences "
        "say, not legal advice.\n"
    ]
    for config, found in summary.licensing.items():
        parts += [_verdict(config, found), _rows(found)]
    parts += [f"- {line}" for line in _overrides(summary.sources) + _model_terms(summary)]
    return "\n".join(parts) + "\n"


def plain_verdict(config: str, found: Licensing) -> list[str]:
    """The same for a terminal, in a few lines however many licences there are."""
    verdict = found.verdict
    lines = [f"{_ALLOWED[verdict.use]} (because of {_some(verdict.decided_by)})"]
    if verdict.conditions:
        lines.append("; ".join(_ASKED[condition] for condition in verdict.conditions))
    if verdict.conflicts:
        lines.append(_in_conflict(verdict.conflicts))
    lines += [
        f"answers of {_some(names)} come from a model of {by}, under its terms"
        for by, names in found.model_terms.items()
    ]
    return [f"{config}: {line}" for line in lines]


def hindrances(summary: Summary) -> list[str]:
    """Why it is not clear that anybody may be given the mixture; empty where it is."""
    if not summary.licensing:
        return ["it does not say what its licences allow"]
    found = []
    for config, each in summary.licensing.items():
        verdict = each.verdict
        if verdict.use == "unspecified":
            found.append(f"{config}: {_ALLOWED[verdict.use]} ({_some(verdict.decided_by)})")
        if unchanged := verdict.conditions.get("no_derivatives"):
            found.append(f"{config}: {_ASKED['no_derivatives']} ({_some(unchanged)})")
        if verdict.conflicts:
            found.append(f"{config}: {_in_conflict(verdict.conflicts)}")
    return found


def _in_conflict(conflicts: list[Conflict]) -> str:
    first = f"{conflicts[0].one} and {conflicts[0].other}"
    if len(conflicts) == 1:
        return f"{first} cannot be put under one licence"
    return f"{len(conflicts)} pairs of licences cannot be put under one, such as {first}"


def _some(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _verdict(config: str, found: Licensing) -> str:
    verdict = found.verdict
    lines = [
        f"**{config}: {_ALLOWED[verdict.use]}** (because of {_names(verdict.decided_by)}).\n",
        *(
            f"- {_ASKED[condition]}: {_names(names)}"
            for condition, names in verdict.conditions.items()
        ),
        *(
            f"- **{escaped(each.one)} and {escaped(each.other)} cannot be put under one licence**: "
            f"{escaped(each.why)}"
            for each in verdict.conflicts
        ),
    ]
    return "\n".join(lines) + "\n"


def _names(licenses: list[str]) -> str:
    return ", ".join(map(escaped, licenses))


def _rows(found: Licensing) -> str:
    cells = []
    for stated, rows in found.rows.items():
        said = row_terms(stated)
        conditions = ", ".join(said.conditions).replace("_", " ")
        cells.append([stated, f"{rows:,}", _ALLOWED[said.use], conditions])
    return table(["licence", "rows", "use", "conditions"], cells)


def _overrides(sources: list[SourceSummary]) -> list[str]:
    return [
        f"`{source.name}` is taken as {escaped(source.license)}, by the recipe: "
        f"{escaped(source.license_because)}"
        for source in sources
        if source.license_because
    ]


def _model_terms(summary: Summary) -> list[str]:
    cards = {source.name: source.card for source in summary.sources}
    makers: dict[str, set[str]] = {}
    for found in summary.licensing.values():
        for by, sources in found.model_terms.items():
            makers.setdefault(by, set()).update(sources)
    lines = []
    for by, names in sorted(makers.items()):
        card = source_card(cards[min(names)] or "")
        said = next(each for each in card.model_terms if each.by == by)
        named = ", ".join(f"`{name}`" for name in cards if name in names)
        lines.append(
            f"answers of {named} come from a model of {by}: {said.says} ({said.stated_at})"
        )
    return lines
