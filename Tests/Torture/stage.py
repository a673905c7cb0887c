"""What every script here shares: its arguments, its temporary folder, its promises and its exit code.

Exit codes: 0 every promise kept, 1 a promise broken, 70 the script itself failed, 77 skipped (this machine cannot).
With --control the script damages something on purpose: then 1 is the right answer, and 0 means that a promise which
this damage breaks was found kept: the script is blind.
"""

import argparse
import json
import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

KEPT, BROKEN, FAULT, SKIPPED = 0, 1, 70, 77
PROJECT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Skip(Exception):
    """This machine cannot show it."""


class Fault(Exception):
    """The script could not do its work: says nothing about the gateway."""


class Stage:
    """One run: where it happens, with which luck, and what came of it."""

    def __init__(self, args, name):
        self.args, self.name = args, name
        self.random = random.Random(args.seed)
        self.folder = tempfile.mkdtemp(prefix="vestnik-torture-")
        self.started = time.monotonic()
        self.figures, self.promises, self.examples = {}, {}, {}
        self.running, self.afterwards = [], []
        # What the damage of the control must break, by a part of its name.
        self.must_break = ()
        # Now, not at the end: the folder may have moved on by then.
        self.commit = commit()

    def say(self, text):
        print(f"[{self.name} {time.monotonic() - self.started:6.1f} s] {text}", file=sys.stderr, flush=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def promise(self, name, kept, **said):
        """A promise and the figures that decide it."""
        self.promises[name] = {"kept": bool(kept), **said}
        self.say(f"{'kept  ' if kept else 'BROKEN'} {name} {said if said else ''}")

    def example(self, name, value, most=5):
        """A few cases to look at; counting is done elsewhere."""
        examples = self.examples.setdefault(name, [])
        if len(examples) < most:
            examples.append(value)

    def broken(self):
        return [name for name, promise in self.promises.items() if not promise["kept"]]

    def unnoticed(self):
        """Which of the promises that the control damages were kept all the same."""
        return [part for part in self.must_break if not any(part in name for name in self.broken())]

    def close(self):
        for process in reversed(self.running):
            process.kill()
        for undo in self.afterwards:
            undo()
        if self.args.keep:
            self.say(f"left in {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def result(self, skipped=None):
        result = {
            "script": self.name, "seed": self.args.seed, "control": self.args.control, "arguments": shown(self.args),
            "seconds": round(time.monotonic() - self.started, 1), "machine": machine(), "commit": self.commit,
            "figures": self.figures, "promises": self.promises,
        }
        if skipped:
            result["skipped"] = skipped
        if self.examples:
            result["examples"] = self.examples
        return result


def shown(args):
    hidden = {"seed", "control", "keep", "binary"}
    return {name: value for name, value in sorted(vars(args).items()) if name not in hidden}


def machine():
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.release()} {platform.machine()}"


def commit():
    answer = subprocess.run(
        ["git", "-C", PROJECT, "describe", "--always", "--dirty", "--abbrev=7"], capture_output=True, text=True,
        check=False)
    return answer.stdout.strip() or None


def parser(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--binary", default=os.path.join(PROJECT, ".build/debug/vestnik"), help="the built gateway")
    parser.add_argument("--seed", type=int, default=None, help="repeat the luck of an earlier run")
    parser.add_argument("--control", action="store_true", help="damage something on purpose: must exit 1")
    parser.add_argument("--keep", action="store_true", help="leave the temporary folder")
    return parser


def run(name, args, body):
    """Runs `body(stage)`, prints the one JSON object and exits."""
    if args.seed is None:
        args.seed = random.SystemRandom().randrange(1, 1_000_000)
    if not os.access(args.binary, os.X_OK):
        print(f"{args.binary} is not there: make build", file=sys.stderr)
        sys.exit(FAULT)
    args.binary = os.path.abspath(args.binary)
    stage = Stage(args, name)
    stage.say(f"seed {args.seed}{', control' if args.control else ''}")
    skipped = None
    try:
        body(stage)
        code = BROKEN if stage.broken() else KEPT
        if args.control and stage.unnoticed():
            stage.say(f"the control is blind: not noticed by {stage.unnoticed()}")
            code = KEPT
        if not stage.promises:
            stage.say("nothing was checked")
            code = FAULT
    except Skip as reason:
        skipped = str(reason)
        stage.say(f"skipped: {skipped}")
        code = SKIPPED
    except (Exception, KeyboardInterrupt):  # pylint: disable=broad-except
        traceback.print_exc()
        code = FAULT
    finally:
        stage.close()
    print(json.dumps(stage.result(skipped), ensure_ascii=False), flush=True)
    sys.exit(code)


def percentile(values, share):
    """Nearest rank; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def rounded(value, digits=3):
    return None if value is None else round(value, digits)
