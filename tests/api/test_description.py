"""Does the description say what the service does, to machines and to people?"""

import re
from base64 import b64encode
from hashlib import sha256

import pytest
from fastapi.routing import APIRoute
from jsonschema import Draft202012Validator

from api.app import ROUTERS
from api.description import error_names
from ledger.acts.orders import HoldShipment

PROBLEM = {"schema": {"$ref": "#/components/schemas/Problem"}}


def operations(document):
    return {
        (method.upper(), path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


@pytest.fixture(scope="module")
def document(client):
    return client.get("/openapi.json").json()


@pytest.fixture(scope="module")
def page(client):
    return client.get("/docs")


def test_every_route_is_described(document):
    routes = [route for module in ROUTERS for route in module.router.routes if isinstance(route, APIRoute)]
    served = {(method, route.path) for route in routes for method in route.methods if route.path != "/docs"}
    assert operations(document).keys() == served


OPEN = {
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/v1/deployment"),
    ("GET", "/v1/journal/state"),
    ("GET", "/v1/journal/checkpoint"),
    ("GET", "/v1/journal/key"),
    ("GET", "/v1/journal/proof"),
    ("GET", "/v1/known/{record}"),
    ("GET", "/v1/schemas"),
    ("GET", "/v1/schemas/{kind}"),
    ("GET", "/v1/certificates/rules"),
    ("GET", "/v1/acts/{digest}"),
    ("POST", "/v1/acts"),
    ("POST", "/v1/acts/batch"),
    ("POST", "/v1/sessions"),
    ("POST", "/v1/sessions/nonce"),
    ("PUT", "/v1/documents/{commitment}"),
}
"""What needs no session."""


def test_a_session_is_a_bearer_token(document):
    scheme = document["components"]["securitySchemes"]["session"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")


def test_every_operation_but_the_open_ones_names_its_session(document):
    named = {
        place for place, operation in operations(document).items() if operation.get("security") == [{"session": []}]
    }
    assert operations(document).keys() - named == OPEN


def test_every_operation_with_a_session_tells_how_it_fails(document):
    asking = [operation for operation in operations(document).values() if "security" in operation]
    assert all("401" in operation["responses"] for operation in asking)


def test_every_operation_says_what_it_does(document):
    assert all(operation["description"] for operation in operations(document).values())


def test_every_operation_tells_its_errors_as_problems(document):
    for operation in operations(document).values():
        errors = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
        assert "500" in errors
        assert all(answer["content"] == {"application/problem+json": PROBLEM} for answer in errors.values())


def test_every_operation_that_reads_a_body_tells_how_bodies_fail(document):
    reading = [operation for operation in operations(document).values() if "requestBody" in operation]
    assert all({"400", "408", "413", "422"} <= operation["responses"].keys() for operation in reading)


def test_every_operation_with_parameters_tells_how_they_fail(document):
    asking = {path: op["responses"].keys() for path, op in operations(document).items() if "parameters" in op}
    assert [path for path, told in asking.items() if not told & {"404", "422"}] == []


def test_every_reference_leads_to_a_schema(document):
    names = set(re.findall(r'"#/components/schemas/([^"]+)"', str(document).replace("'", '"')))
    assert names <= document["components"]["schemas"].keys()


READ = (
    "/v1/organizations",
    "/v1/agents",
    "/v1/policies",
    "/v1/certificates",
    "/v1/applications",
    "/v1/licenses",
    "/v1/shipments",
    "/v1/overdue",
    "/v1/journal/entries",
    "/v1/journal/state",
    "/v1/schemas",
    "/healthz",
    "/readyz",
    "/v1/certificates/{certificate}",
    "/v1/applications/{application}",
    "/v1/licenses/{license}",
    "/v1/shipments/{shipment}",
    "/v1/shipments/{shipment}/provenance",
    "/v1/records/{license}",
    "/v1/records/{shipment}/history",
)


@pytest.mark.parametrize("path", READ)
def test_an_answer_is_as_described(document, client, trade, path):
    described = path if "provenance" in path else re.sub(r"\{\w+\}", "{record}", path)
    content = document["paths"][described]["get"]["responses"]["200"]["content"]["application/json"]
    schema = {**content["schema"], "components": document["components"]}
    Draft202012Validator(schema).validate(client.get(path.format(**trade)).json())


def test_a_submission_is_as_described(document, office):
    submission = office.signed(office.build(HoldShipment, 1, record=bytes(32), parent=bytes(32), reason=1), "inspector")
    schema = {"$ref": "#/components/schemas/Submission", "components": document["components"]}
    Draft202012Validator(schema).validate(submission)


@pytest.mark.parametrize("name", ["Submission", "Preparation", "SignIn", "RpcCall", "Problem"])
def test_the_examples_are_as_described(document, name):
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    Draft202012Validator(schema).validate(document["components"]["schemas"][name]["example"])


def test_the_page_shows_every_operation(page, document):
    assert all(f"<code>{path}</code>" in page.text for _, path in operations(document))


def test_the_page_shows_every_error(page):
    assert all(f"<code>{name}</code>" in page.text for name in error_names())


def test_the_page_needs_nothing_from_elsewhere(page):
    assert re.findall(r"<script|<link|<img|src=|url\(|@import", page.text) == []


def test_the_page_lets_browsers_run_only_its_own_style(page):
    style = re.search(r"<style>(.*?)</style>", page.text)[1]
    allowed = b64encode(sha256(style.encode()).digest()).decode()
    assert page.headers["content-security-policy"].startswith(f"default-src 'none'; style-src 'sha256-{allowed}'")
