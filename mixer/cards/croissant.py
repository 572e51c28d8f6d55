"""The mixture in Croissant 1.1 (croissant.json): what tools and search engines read of a data set.

Each configuration is a record set over its Parquet files; `prov:wasDerivedFrom` names the sources,
`prov:wasGeneratedBy` the build (https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html).
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from mixer.cards.source_card import source_card
from mixer.cards.summary import SourceSummary, Summary

File = tuple[str, int, str]

_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "conformsTo": "dct:conformsTo",
    **{
        name: f"cr:{name}"
        for name in [
            "arrayShape",
            "citeAs",
            "column",
            "containedIn",
            "equivalentProperty",
            "excludes",
            "extract",
            "field",
            "fileObject",
            "fileProperty",
            "fileSet",
            "format",
            "includes",
            "isArray",
            "isLiveDataset",
            "jsonPath",
            "key",
            "md5",
            "parentField",
            "path",
            "recordSet",
            "references",
            "regex",
            "repeated",
            "replace",
            "sdVersion",
            "separator",
            "source",
            "samplingRate",
            "subField",
            "transform",
        ]
    },
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
}
_PARQUET = "application/x-parquet"


def croissant(summary: Summary, schemas: dict[str, pa.Schema], files: list[File]) -> dict[str, Any]:
    """`schemas`: the columns of each configuration; `files`: path, bytes and SHA-256 of each."""
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": summary.name,
        "description": (
            f"A mixture of {len(summary.sources)} sources for fine-tuning language models, "
            f"{sum(summary.configs.values()):,} rows."
        ),
        "license": summary.licenses,
        "inLanguage": summary.languages,
        "version": "1.0.0",
        "distribution": [*_files(files), *(_file_set(config) for config in schemas)],
        "recordSet": [_record_set(config, schema) for config, schema in schemas.items()],
        "prov:wasDerivedFrom": [_origin(source) for source in summary.sources],
        "prov:wasGeneratedBy": {
            "@type": "prov:Activity",
            "prov:label": f"mixer {summary.mixer} build, recipe.yaml with seed {summary.seed}",
        },
    }


def _files(files: list[File]) -> list[dict[str, Any]]:
    return [
        {
            "@type": "cr:FileObject",
            "@id": path,
            "name": path,
            "contentUrl": path,
            "contentSize": f"{size_bytes} B",
            "encodingFormat": _PARQUET,
            "sha256": sha256,
        }
        for path, size_bytes, sha256 in files
    ]


def _file_set(config: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        "@id": f"files-{config}",
        "name": f"files-{config}",
        "description": f"Parquet files of the configuration {config}.",
        "encodingFormat": _PARQUET,
        "includes": f"data/{config}/*.parquet",
    }


def _record_set(config: str, schema: pa.Schema) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": config,
        "name": config,
        "key": {"@id": f"{config}/id"},
        "field": [_field(config, field) for field in schema],
    }


def _field(config: str, field: pa.Field) -> dict[str, Any]:
    made = {"@type": "cr:Field", "@id": f"{config}/{field.name}", "name": field.name}
    kind = field.type
    if not pa.types.is_list(kind):
        return {**made, "dataType": _data_type(kind), "source": _source(config, field.name)}
    parts = [
        {
            "@type": "cr:Field",
            "@id": f"{config}/{field.name}/{part.name}",
            "name": part.name,
            "dataType": _data_type(part.type),
            "source": _source(config, field.name, part.name),
        }
        for part in kind.value_type
    ]
    return {**made, "isArray": True, "arrayShape": "-1", "subField": parts}


def _source(config: str, column: str, part: str | None = None) -> dict[str, Any]:
    made = {"fileSet": {"@id": f"files-{config}"}, "extract": {"column": column}}
    return {**made, "transform": {"jsonPath": part}} if part else made


def _data_type(kind: pa.DataType) -> str:
    if pa.types.is_boolean(kind):
        return "sc:Boolean"
    if pa.types.is_integer(kind):
        return "cr:Int64"
    return "cr:Float64" if pa.types.is_floating(kind) else "sc:Text"


def _origin(source: SourceSummary) -> dict[str, Any]:
    card = source_card(source.card) if source.card else None
    address = card.homepage if card and card.homepage != "unknown" else f"urn:source:{source.name}"
    return {
        "@id": address,
        "@type": "prov:Entity",
        "prov:label": card.title if card else source.name,
        "sc:license": source.license,
    }
