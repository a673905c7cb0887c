#!/usr/bin/env python3
"""Cuts the examples that are marked `<!-- run: name -->` out of the documentation and runs them against a gateway.

  VESTNIK_URL=http://127.0.0.1:8080 VESTNIK_KEY=vk_test_… Tests/Docs/examples.py [--only name] [FILE.md …]

An example passes when it ends with code 0 and, where it is marked `<!-- run: name, shows: words -->`, prints these words. Shell
examples run under `bash -euo pipefail`, Python ones under this Python, Swift ones are compiled. They have fixed idempotency keys: a
second run against the same gateway gets the first answers again, which is good, too; but those that make a key of their own find
two active ones the third time.

Without files: docs/start and docs/api. Those of docs/start also want VESTNIK_INBOX, VESTNIK_CONFIG and `vestnik` in PATH, all of which
a running `make demo` has; those of docs/api want a key `vk_test_`, because
they use its magic numbers, and VESTNIK_LIVE_KEY for the books of residents.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
MARKED = re.compile(r"^<!-- run: ([a-z0-9-]+)(?:, shows: (.+?))? -->\n```(\w+)\n(.*?)^```$", re.M | re.S)


def found(files):
    for file in files:
        text = file.read_text(encoding="utf-8")
        matches = list(MARKED.finditer(text))
        if len(matches) != text.count("<!-- run:"):
            sys.exit(f"{file}: a mark is not followed by a block, or misspelt")
        for match in matches:
            yield file, *match.groups()


def command(language):
    if language == "sh":
        return ["bash", "-euo", "pipefail"]
    if language == "python":
        return [sys.executable]
    if language == "swift":
        # Compiled first: a script would run in the interpreter, which is another thing.
        return ["bash", "-euo", "pipefail", "-c", 'cp "$0" main.swift && swiftc -o example main.swift && ./example']
    sys.exit(f"no way to run {language}")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", action="append", default=[])
    options.add_argument("files", nargs="*", type=pathlib.Path)
    given = options.parse_args()
    examples = list(found(given.files or [page for part in ("start", "api") for page in sorted((ROOT / "docs" / part).glob("*.md"))]))
    names = [name for _, name, *_ in examples]
    if len(set(names)) != len(names):
        sys.exit("two examples have one name")
    chosen = [example for example in examples if not given.only or example[1] in given.only]
    if not chosen:
        sys.exit("no example is marked")
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for file, name, shows, language, text in chosen:
            script = pathlib.Path(folder, name)
            script.write_text(text, encoding="utf-8")
            run = subprocess.run([*command(language), str(script)], cwd=folder, capture_output=True, text=True, timeout=60)
            good = run.returncode == 0 and (shows is None or shows in run.stdout)
            failed += not good
            print(f"{'ok' if good else 'FAILED'} {name} ({file.resolve().relative_to(ROOT)})")
            if not good:
                print(run.stdout[-2000:], run.stderr[-2000:])
    print(f"{len(chosen)} examples, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
