"""The OpenAPI document: valid, whole, and true."""

import jsonschema
from openapi_spec_validator import OpenAPIV31SpecValidator

from operator_panel import openapi_inbound
from operator_panel.routes import API


async def test_the_document_is_valid_openapi(house) -> None:
    response = await house.client.get("/api/v1/openapi.json")
    assert response.status == 200
    document = await response.json()
    assert document["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document).validate()


async def test_every_route_stands_in_it(house) -> None:
    document = await (await house.client.get("/api/v1/openapi.json")).json()
    written = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    # What channels serve themselves is there when they are.
    theirs = {("POST", path) for path in openapi_inbound.PATHS}
    assert written == {(route.method, route.path) for route in API} | theirs
    served = {
        (resource.method, resource.resource.canonical.removeprefix("/api/v1"))
        for resource in house.client.server.app.router.routes()
        if resource.resource.canonical.startswith("/api/v1/") and resource.method not in ("*", "HEAD")
    }
    assert served - {("GET", "/openapi.json")} == written - theirs
    ids = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
    assert len(ids) == len(set(ids))
    for item in document["paths"].values():
        for operation in item.values():
            assert operation["summary"]
            assert "401" in operation["responses"]


async def test_answers_are_what_it_says(house) -> None:
    document = await (await house.client.get("/api/v1/openapi.json")).json()
    case = await house.says("сколько идёт доставка")
    await house.post(f"/conversations/{case.id}/messages", {"text": "Один день"}, status=201)
    asked = {
        "/conversations": "/conversations",
        "/conversations/{id}": f"/conversations/{case.id}",
        "/conversations/{id}/messages": f"/conversations/{case.id}/messages",
        "/conversations/{id}/suggestions": f"/conversations/{case.id}/suggestions",
        "/customers/{id}": f"/customers/{case.customer}",
        "/customers/{id}/messages": f"/customers/{case.customer}/messages",
        "/articles": "/articles",
        "/channels": "/channels",
        "/operators": "/operators",
        "/me": "/me",
    }
    for path, url in asked.items():
        schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        whole = {**schema, "components": document["components"]}
        jsonschema.Draft202012Validator(whole).validate(await house.get(url))
    refusal = {"$ref": "#/components/schemas/Problem", "components": document["components"]}
    problem = await house.get("/conversations", status=422, params={"limit": "0"})
    jsonschema.Draft202012Validator(refusal).validate(problem)
