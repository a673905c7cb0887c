#!/usr/bin/env python3
"""Cuts the examples that are marked `<!-- run: name -->` out of the documentation and runs them against a gateway.

  VESTNIK_URL=http://127.0.0.1:8080 VESTNIK_KEY=vk_test_… Tests/Docs/examples.py [--only name] [FILE.md …]

An example passes when it ends with code 0. Shell examples run under `bash -euo pipefail`, Python ones under this Python. They have
fixed idempotency keys: a second run against the same gateway gets the first answers again, which is good, too.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
MARKED = re.compile(r"^<!-- run: ([a-z0-9-]+) -->\n```(\w+)\n(.*?)^```$", re.M | re.S)


def found(files):
    for file in files:
        for match in MARKED.finditer(file.read_text(encoding="utf-8")):
            yield file, *match.groups()


def command(language):
    if language == "sh":
        return ["bash", "-euo", "pipefail"]
    if language == "python":
        return [sys.executable]
    sys.exit(f"no way to run {language}")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", action="append", default=[])
    options.add_argument("files", nargs="*", type=pathlib.Path)
    given = options.parse_args()
    examples = list(found(given.files or sorted((ROOT / "docs").rglob("*.md"))))
    names = [name for _, name, _, _ in examples]
    if len(set(names)) != len(names):
        sys.exit("two examples have one name")
    chosen = [example for example in examples if not given.only or example[1] in given.only]
    if not chosen:
        sys.exit("no example is marked")
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for file, name, language, text in chosen:
            script = pathlib.Path(folder, name)
            script.write_text(text, encoding="utf-8")
            run = subprocess.run([*command(language), str(script)], cwd=folder, capture_output=True, text=True, timeout=60)
            failed += run.returncode != 0
            print(f"{'ok' if run.returncode == 0 else 'FAILED'} {name} ({file.resolve().relative_to(ROOT)})")
            if run.returncode != 0:
                print(run.stdout[-2000:], run.stderr[-2000:])
    print(f"{len(chosen)} examples, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
