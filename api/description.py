"""What the service says about itself: the OpenAPI document.

The framework describes routes and answers; added here are what is read by hand: acts member by member from their
classes, submissions, preparations, problems and every name a problem may have.
"""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.messages import message_schemas
from api.problems import MEANING, RENAMED, URN
from ledger.chain.artifacts import error_forms
from ledger.sentences import SENTENCES

ABOUT = (
    "A shared history of controlled exports. Every write is an act, an EIP-712 message signed by a person's own key;"
    " the contracts alone judge it. Prepare an act, sign its typed data, submit both."
)
"""First words of the document."""
Schema = dict[str, Any]


def describe(app: FastAPI) -> Callable[[], Schema]:
    """The function that gives the OpenAPI document of `app`, made once."""

    def openapi() -> Schema:
        if app.openapi_schema is None:
            made = get_openapi(title=app.title, version=app.version, description=ABOUT, routes=app.routes)
            made["components"]["schemas"].update({"Problem": _problem()} | message_schemas())
            app.openapi_schema = made
        return app.openapi_schema

    return openapi


def body(name: str, description: str, *, many: bool = False) -> Schema:
    """A request body for a route that reads its body by hand: one `name`, or a list of them."""
    one: Schema = {"$ref": f"#/components/schemas/{name}"}
    schema = {"type": "array", "items": one, "minItems": 1, "maxItems": 500} if many else one
    content = {"application/json": {"schema": schema}}
    return {"requestBody": {"required": True, "description": description, "content": content}}


def error_names() -> dict[str, tuple[str, ...]]:
    """Every name that a problem may have, with its fields where the contracts define it."""
    forms = {form.name: form.fields for form in error_forms().values() if form.name in SENTENCES}
    return {name: forms.get(name, ()) for name in SENTENCES}


def _problem() -> Schema:
    names = sorted(error_names())
    described = "The error's own fields are further members" + "".join(
        f"; a field `{field}` is called `{member}`" for field, member in RENAMED.items()
    )
    return {
        "type": "object",
        "description": f"RFC 9457. {described}.",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "enum": [URN + name for name in names]},
            "title": {"type": "string", "enum": names},
            "status": {"type": "integer", "enum": sorted(MEANING)},
            "detail": {"type": "string"},
        },
        "additionalProperties": True,
        "example": {
            "type": URN + "LineFull",
            "title": "LineFull",
            "status": 409,
            "detail": "Line 0 of license 0x5c… is full: 40 of 40 are drawn.",
            "license": "0x" + 32 * "5c",
            "line": 0,
            "granted": "40",
            "drawn": "40",
        },
    }
