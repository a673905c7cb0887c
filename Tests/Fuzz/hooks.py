"""What schemathesis does not check of itself: the codes of problems, our promises about them, and who is waiting."""
import json

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def lines(ctx, value):
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


@schemathesis.serializer("text/csv")
def table(ctx, value):
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


def answers(case):
    """The documented answers of the operation, references followed."""
    document = case.operation.schema.raw_schema
    item = document["paths"][case.operation.path][case.operation.method.lower()]

    def follow(value):
        while isinstance(value, dict) and "$ref" in value:
            target = document
            for name in value["$ref"][2:].split("/"):
                target = target[name]
            value = target
        return value

    return {status: follow(answer) for status, answer in item["responses"].items()}


@schemathesis.check
def problem_is_documented(ctx, response, case):
    """A refusal is a problem document whose code stands among the codes of its status."""
    if response.status_code < 400:
        return
    documented = answers(case).get(str(response.status_code))
    if documented is None or "x-codes" not in documented:
        return  # status_code_conformance speaks of it
    problem = json.loads(response.content)
    assert isinstance(problem, dict) and {"code", "status", "type", "retryable"} <= problem.keys(), "not a problem document"
    assert problem["code"] in documented["x-codes"], f"{problem['code']} is not among {documented['x-codes']}"
    assert problem["status"] == response.status_code, "status of the body and of the answer differ"
    assert problem["type"] == "/docs/errors/" + problem["code"]
    if problem["retryable"]:
        assert "retry-after" in {name.lower() for name in response.headers}, "retryable without Retry-After"


@schemathesis.check
def request_has_an_id(ctx, response, case):
    """Answers that the handlers give name their request; those of a broken connection cannot."""
    if response.status_code not in (400, 408, 431) or response.content:
        assert "x-request-id" in {name.lower() for name in response.headers}


@schemathesis.check
def says_nothing_of_the_inside(ctx, response, case):
    """No SQL, no stack, no path of ours in a body."""
    text = response.content
    for word in (b"SQLITE", b"SQLite error", b"SELECT ", b"INSERT INTO", b"Fatal error", b".swift:", b"/Sources/"):
        assert word not in text, f"the body holds {word!r}"
