"""The description as a page: one self-contained HTML text, without script and without anything from elsewhere."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from typing import Any

from ledger.sentences import SENTENCES

Schema = dict[str, Any]

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;"
    "background:#fff}code,pre{font:14px/1.45 ui-monospace,monospace}pre{background:#f4f4f4;padding:.75rem;"
    "overflow-x:auto}table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ccc;padding:.3rem .5rem;"
    "text-align:left;vertical-align:top}h2{margin-top:2.5rem}h3{margin:2rem 0 .5rem}h3 b{display:inline-block;"
    "min-width:3.5rem}summary{cursor:pointer}"
)
POLICY = (
    "default-src 'none'; style-src 'sha256-"
    + b64encode(sha256(_STYLE.encode()).digest()).decode()
    + "'; frame-ancestors 'none'"
)
"""Content-Security-Policy of the page."""


def page(document: Schema, errors: dict[str, tuple[str, ...]]) -> str:
    """The page of an OpenAPI document and of the names that a problem may have, with their fields."""
    title = escape(document["info"]["title"])
    operations = "".join(
        _operation(method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    )
    schemas = "".join(_schema(name, schema) for name, schema in sorted(document["components"]["schemas"].items()))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}: API</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1><p>{escape(document['info']['description'])}</p>"
        '<p>For machines: <a href="openapi.json">openapi.json</a>.</p>'
        f"<h2>Operations</h2>{operations}<h2>Errors</h2>{_errors(errors)}<h2>Schemas</h2>{schemas}</body></html>"
    )


def _operation(method: str, path: str, operation: Schema) -> str:
    answers = "".join(
        f"<tr><td>{escape(status)}</td><td>{escape(answer['description'])}</td><td>{_content(answer)}</td></tr>"
        for status, answer in operation["responses"].items()
    )
    return (
        f"<h3><b>{escape(method.upper())}</b> <code>{escape(path)}</code></h3>"
        f"<p>{escape(operation.get('summary', ''))}. {escape(operation.get('description', ''))}</p>"
        f"{_parameters(operation.get('parameters', []))}{_body(operation.get('requestBody'))}"
        f"<table><tr><th>Answer</th><th></th><th>Form</th></tr>{answers}</table>"
    )


def _parameters(parameters: list[Schema]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(each['name'])}</code></td><td>{escape(each['in'])}</td>"
        f"<td>{escape(each.get('description', ''))}</td></tr>"
        for each in parameters
    )
    return f"<table><tr><th>Parameter</th><th>in</th><th></th></tr>{rows}</table>" if rows else ""


def _body(body: Schema | None) -> str:
    return f"<p>Body: {_content(body)}. {escape(body.get('description', ''))}</p>" if body else ""


def _content(holder: Schema) -> str:
    shown = []
    for media_type, content in holder.get("content", {}).items():
        schema = content.get("schema", {})
        name = (schema.get("$ref") or schema.get("items", {}).get("$ref", "")).rpartition("/")[2]
        many = "list of " if "items" in schema else ""
        link = f'{many}<a href="#{escape(name)}">{escape(name)}</a>, ' if name else ""
        shown.append(f"{link}<code>{escape(media_type)}</code>")
    return "; ".join(shown)


def _errors(errors: dict[str, tuple[str, ...]]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code></td><td><code>{escape(', '.join(fields))}</code></td>"
        f"<td>{escape(re.sub(':[a-z]+}', '}', SENTENCES[name]))}</td></tr>"
        for name, fields in errors.items()
    )
    return f"<table><tr><th>Name</th><th>Fields</th><th>Says</th></tr>{rows}</table>"


def _schema(name: str, schema: Schema) -> str:
    return (
        f'<details id="{escape(name)}"><summary><code>{escape(name)}</code></summary>'
        f"<pre>{escape(json.dumps(schema, indent=1, ensure_ascii=False))}</pre></details>"
    )
