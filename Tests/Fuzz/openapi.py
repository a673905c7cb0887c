"""The OpenAPI document as it stands in the source, between the quotes of OpenAPIText.swift."""
import json
import pathlib

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent / "Sources/API/Docs/OpenAPIText.swift"


def text():
    return SOURCE.read_text(encoding="utf-8").split('#"""\n', 1)[1].split('\n"""#', 1)[0]


def document():
    return json.loads(text())
