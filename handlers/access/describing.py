"""The API's description, OpenAPI 3.1, made from the routes themselves."""

from collections.abc import Sequence
from typing import Any

from handlers.blocks.access import problems
from handlers.blocks.access.problems import PROBLEM
from handlers.blocks.access.seeing import SCHEMAS, Json, ref
from handlers.routes import NO_CONTENT, Param, Route

BASE, VERSION = "/v1", "1.0.0"
ALWAYS = (400, 401, 403, 405, 429, 500, 503)  # what every route may refuse with
ABOUT = (
    "What a person can see in Slack through Askaround, for their programs. A token is made in "
    "Askaround's App Home. Every answer is what that person could see at that moment; what they "
    "cannot see is not there. Problems are told as RFC 9457 has it."
)
WHOLE: Json = {"type": "integer", "minimum": 0}
RATE = {
    "RateLimit-Limit": ("How many requests may come at once.", WHOLE),
    "RateLimit-Remaining": ("How many of them are left.", WHOLE),
    "RateLimit-Reset": ("Seconds until all are there again.", WHOLE),
}
ETAG = {"ETag": ("What tells whether it is still the same.", {"type": "string"})}
RETRY = {"Retry-After": ("Seconds to wait.", WHOLE)}
IF_NONE_MATCH: Json = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The `ETag` of what you have: 304 says that it is still the same.",
    "schema": {"type": "string"},
}


def describe(routes: Sequence[Route], address: str) -> Json:
    paths: dict[str, Json] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = operation(route)
    returned = dict(route.returns for route in routes if route.returns is not None)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Askaround", "version": VERSION, "description": ABOUT},
        "servers": [{"url": f"{address}{BASE}"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {**SCHEMAS, **returned, "Problem": problems.SCHEMA},
        },
    }


def operation(route: Route) -> Json:
    params: list[Any] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "integer", "minimum": 1, "maximum": 2**53 - 1},
        }
        for name in route.in_path
    ]
    params += [described(each) for each in route.params]
    if route.method == "GET":
        params.append(IF_NONE_MATCH)
    needs = f" Needs the scope `{route.scope}`." if route.scope else ""
    return {
        "operationId": route.name,
        "description": f"{route.about}{needs}",
        "parameters": params,
        "responses": responses(route),
    }


def described(param: Param) -> Json:
    return {
        "name": param.name,
        "in": "query",
        "required": param.is_required,
        "description": param.about,
        "schema": param.schema,
    }


def responses(route: Route) -> Json:
    told: Json = {}
    if route.returns is None:
        told[str(NO_CONTENT)] = {"description": "Done.", "headers": headers(RATE)}
    else:
        schema = ref(route.returns[0])
        cached = ETAG if route.method == "GET" else {}
        told["200"] = {
            "description": "Here it is.",
            "headers": headers({**RATE, **cached}),
            "content": {"application/json": {"schema": schema}},
        }
    if route.method == "GET":
        told["304"] = {"description": "It is still the same.", "headers": headers({**RATE, **ETAG})}
    return told | {str(each): refusal(each) for each in sorted({*ALWAYS, *route.refuses})}


def refusal(status: int) -> Json:
    more = {429: {**RATE, **RETRY}, 503: RETRY}.get(status, {})
    return {
        "description": problems.KINDS[status][1],
        "headers": headers(more),
        "content": {PROBLEM: {"schema": ref("Problem")}},
    }


def headers(named: dict[str, tuple[str, Json]]) -> Json:
    return {
        name: {"description": about, "schema": schema} for name, (about, schema) in named.items()
    }
