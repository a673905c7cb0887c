#!/usr/bin/env python3
"""Throws generated requests, good and bad, at a running gateway and compares every answer with the OpenAPI document.

  Tests/Fuzz/fuzz.py --url http://127.0.0.1:8080 --key vk_test_…            10,000 cases for each operation
  Tests/Fuzz/fuzz.py --url … --key … --small                                150 for each: for CI
  Tests/Fuzz/fuzz.py --url … --key … --only sendMessage,searchMessages      these operations only

Use a key of mode `test`: whatever is generated, nothing leaves. Fails on a 5xx, on a status or code that the document
does not name, on a body that does not match its schema, on nonsense that is accepted. `--absent-ok` leaves out operations
that the gateway does not know at all. Needs schemathesis (`make fuzz` installs it).
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import openapi

HERE = pathlib.Path(__file__).resolve().parent
# The stream never ends by itself; everything else does.
ENDLESS = {"streamEvents"}
CHECKS = [
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
    "response_headers_conformance", "negative_data_rejection", "ignored_auth", "problem_is_documented",
    "request_has_an_id", "says_nothing_of_the_inside",
]


def is_known(url, key, method, path):
    """Whether the gateway has such a route: an unknown path is 404 without a key, all others want one."""
    request = urllib.request.Request(url + path.replace("{", "x").replace("}", "x"), method=method.upper())
    try:
        urllib.request.urlopen(request, timeout=10).close()
        return True
    except urllib.error.HTTPError as error:
        return error.code not in (404, 405)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--url", required=True)
    options.add_argument("--key", default=os.environ.get("VESTNIK_KEY", ""))
    options.add_argument("--cases", type=int, default=10_000, help="for each operation")
    options.add_argument("--small", action="store_true")
    options.add_argument("--only", default="")
    options.add_argument("--absent-ok", action="store_true")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--schemathesis", default=str(pathlib.Path(sys.executable).parent / "st"))
    given = options.parse_args()

    document = openapi.document()
    operations = {
        operation["operationId"]: (method, path)
        for path, item in document["paths"].items() for method, operation in item.items()
    }
    chosen = [name for name in (given.only.split(",") if given.only else operations) if name not in ENDLESS]
    if unknown := [name for name in chosen if name not in operations]:
        sys.exit(f"no such operation: {', '.join(unknown)}")
    if given.absent_ok:
        absent = [name for name in chosen if not is_known(given.url, given.key, *operations[name])]
        chosen = [name for name in chosen if name not in absent]
        if absent:
            print("not there yet:", ", ".join(absent))
    if not chosen:
        sys.exit("nothing is left to try")

    cases = 150 if given.small else given.cases
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(HERE), "PYTHONUTF8": "1"}
    failed, began = [], time.monotonic()
    # Schemathesis leaves notes where it runs.
    notes = tempfile.TemporaryDirectory()
    written = pathlib.Path(notes.name) / "openapi.json"
    written.write_text(openapi.text(), encoding="utf-8")
    # One after another: a failure then names its operation, and an interrupted run has said what it knows.
    for place, name in enumerate(chosen, 1):
        start = time.monotonic()
        run = subprocess.run(
            [given.schemathesis, "--config-file", str(HERE / "schemathesis.toml"), "run", str(written), "--url", given.url, "--header", f"Authorization: Bearer {given.key}",
             "--include-operation-id", name, "--phases", "examples,coverage,fuzzing", "--mode", "all",
             "--checks", ",".join(CHECKS), "--max-examples", str(cases), "--seed", str(given.seed),
             "--suppress-health-check", "all", "--generation-database", "none", "--request-timeout", "30",
             "--warnings", "off", "--continue-on-failure", "--no-color"],
            env=environment, cwd=notes.name, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        method, path = operations[name]
        word = "ok" if run.returncode == 0 else "FAILED"
        counted = next((line.strip() for line in run.stdout.splitlines() if "generated" in line), "")
        print(f"{place}/{len(chosen)} {word} {method.upper()} {path} ({name}) {counted} {time.monotonic() - start:.0f} s",
              flush=True)
        if run.returncode != 0:
            failed.append(name)
            print(run.stdout[-6000:], flush=True)
    print(f"{len(chosen)} operations, {len(failed)} failed, {time.monotonic() - began:.0f} s")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
