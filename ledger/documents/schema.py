"""The JSON Schema (2020-12) of each kind of document, exported from its form.

`python -m ledger.documents.schema` writes them into `schemas/`; a test holds the files to the forms. The
schema says what a form says; that a date exists in the calendar is its format `date`.
"""

import json
import re
from pathlib import Path
from textwrap import fill

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from ledger.documents.kinds import KINDS

FOLDER = Path(__file__).with_name("schemas")
CODES = re.compile(r'(?<=\[)\s+"[A-Z0-9]{2,3}"(,\s+"[A-Z0-9]{2,3}")+\s+(?=\])')
"""A list of codes: a paragraph, not a thousand lines."""


class _WithoutNull(GenerateJsonSchema):
    """Absent fields are left out of documents, so a schema never offers null."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - one title a form is enough
        return False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])


def schema_text(kind: str) -> str:
    """The schema of the kind named `kind` (a key of `KINDS`), as indented JSON."""
    body = KINDS[kind].model_json_schema(schema_generator=_WithoutNull)
    head = {"$schema": _WithoutNull.schema_dialect, "$id": f"urn:license-ledger:schema:1:{kind}"}
    text = json.dumps(head | body, indent=1, ensure_ascii=False) + "\n"
    return CODES.sub(lambda codes: "\n" + fill(codes.group(), 118) + "\n", text)


def write_schemas(folder: Path = FOLDER) -> None:
    """Write the schema of every kind into `folder`, one file each."""
    folder.mkdir(exist_ok=True)
    for kind in KINDS:
        (folder / f"{kind}.json").write_text(schema_text(kind), encoding="utf-8")


if __name__ == "__main__":
    write_schemas()
