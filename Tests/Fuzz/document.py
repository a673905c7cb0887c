#!/usr/bin/env python3
"""Checks the OpenAPI document itself: it is valid, and every example in it satisfies the schema beside it."""
import sys

from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

import openapi


def main():
    document = openapi.document()
    validate(document)

    def follow(value):
        while isinstance(value, dict) and "$ref" in value:
            target = document
            for name in value["$ref"][2:].split("/"):
                target = target[name]
            value = target
        return value

    def pairs():
        for path, item in document["paths"].items():
            for method, operation in item.items():
                where = f"{method.upper()} {path}"
                for parameter in map(follow, operation.get("parameters", [])):
                    yield f"{where} {parameter['name']}", parameter["schema"], parameter["example"]
                bodies = [("body", operation.get("requestBody", {})), *operation["responses"].items()]
                for name, body in bodies:
                    for content in follow(body).get("content", {}).values():
                        if "example" in content:
                            yield f"{where} {name}", content["schema"], content["example"]
                        for example in content.get("examples", {}).values():
                            yield f"{where} {name}", content["schema"], follow(example)["value"]

    count = bad = 0
    for where, schema, example in pairs():
        count += 1
        for error in Draft202012Validator({**schema, "components": document["components"]}).iter_errors(example):
            bad += 1
            print(f"{where} {error.json_path}: {error.message[:200]}")
    print(f"{count} examples, {bad} complaints")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
