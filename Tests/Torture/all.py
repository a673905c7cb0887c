#!/usr/bin/env python3
"""Runs every script here, and every control, one after the other. Prints their JSON objects, one a line; the table at
the end goes to stderr. Exits 1 when a promise was broken, or when a control did not notice its damage."""

import argparse
import json
import os
import subprocess
import sys

from stage import BROKEN, KEPT, PROJECT, SKIPPED

HERE = os.path.dirname(os.path.abspath(__file__))
# Script, its small size, the size of its control.
SCRIPTS = {
    "kill": (["--kills", "20", "--messages", "4000"], ["--kills", "20", "--messages", "4000"]),
    "crashpoints": (["--every", "6"], ["--every", "3"]),
    "powercut": (["--images", "300"], ["--images", "300"]),
    "clean_stop": (["--restarts", "10"], ["--restarts", "10"]),
    "disk_full": (["--messages", "1000"], ["--messages", "1000"]),
    "disk_errors": ([], []),
    "read_only": (["--messages", "800"], ["--messages", "800"]),
    "locked": (["--messages", "800", "--hold", "10"], ["--messages", "800", "--hold", "10"]),
    "halts": (["--rate", "20", "--residents", "40"], ["--rate", "20", "--residents", "40"]),
    "clocks": (["--messages", "300", "--leases", "1.1"], ["--messages", "200", "--leases", "1.1"]),
    "storm": (["--mails", "400"], ["--mails", "200"]),
    "sick": (["--seconds", "15", "--baseline", "10"], ["--seconds", "15", "--baseline", "10"]),
}


def run(name, arguments):
    """The exit code; its JSON goes to our stdout."""
    command = [sys.executable, os.path.join(HERE, name + ".py"), *arguments]
    print("$", " ".join(command), file=sys.stderr, flush=True)
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, stdin=subprocess.DEVNULL)
    print(done.stdout, end="", flush=True)
    try:
        return done.returncode, json.loads(done.stdout)
    except ValueError:
        return done.returncode, {}


def word(code, wanted):
    if code == SKIPPED:
        return "skipped"
    if code == wanted:
        return "kept" if wanted == KEPT else "noticed"
    return {KEPT: "BLIND", BROKEN: "BROKEN"}.get(code, f"FAILED ({code})")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="minutes instead of an hour")
    parser.add_argument("--only", default=",".join(SCRIPTS), help="of " + ", ".join(SCRIPTS))
    parser.add_argument("--binary", default=os.path.join(PROJECT, ".build/debug/vestnik"))
    parser.add_argument("--seed", type=int)
    args = parser.parse_args()
    common = ["--binary", args.binary] + (["--seed", str(args.seed)] if args.seed is not None else [])

    if subprocess.run([sys.executable, os.path.join(HERE, "selftest.py")], check=False, stdout=sys.stderr).returncode:
        sys.exit("the instruments are broken: nothing was measured")
    lines, good = [], True
    for name in args.only.split(","):
        small, control = SCRIPTS[name]
        for label, wanted, arguments in (("", KEPT, small if args.small else []),
                                         (" --control", BROKEN, [*control, "--control"])):
            code, result = run(name, [*common, *arguments])
            good = good and code in (wanted, SKIPPED)
            broken = [] if wanted == BROKEN else [
                promise for promise, said in result.get("promises", {}).items() if not said["kept"]]
            said = word(code, wanted), result.get("seconds", "?"), result.get("seed", "?")
            lines.append((name + label, *said, broken))
    for name, said, seconds, seed, broken in lines:
        print(f"{name:22} {said:10} {seconds:>8} s   seed {seed}", file=sys.stderr)
        for promise in broken:
            print(f"    broken: {promise}", file=sys.stderr)
    sys.exit(KEPT if good else BROKEN)


if __name__ == "__main__":
    main()
