#!/usr/bin/env python3
"""Fuzzes a demonstration of its own: whatever is generated ends in the sandbox. Arguments go to fuzz.py.

  Tests/Fuzz/demo.py --small        150 cases for each operation, two minutes
  Tests/Fuzz/demo.py                10,000 for each, hours
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).resolve().parent
VESTNIK = HERE.parent.parent / ".build/debug/vestnik"


def main():
    with tempfile.TemporaryDirectory() as folder:
        # Asked as fast as it can answer: all it said otherwise would be 429.
        pace = {"VESTNIK_API_RATE": "1000000", "VESTNIK_API_BURST": "1000000", "VESTNIK_LOG_LEVEL": "error"}
        demo = subprocess.Popen(
            [str(VESTNIK), "demo", "--keep", folder], env={**os.environ, **pace}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            told = {}
            for line in demo.stdout:
                told.update(re.findall(r"(VESTNIK_URL|VESTNIK_KEY)=(\S+)", line))
                if len(told) == 2:
                    break
            else:
                sys.exit("the demonstration ended before it told its address")
            # Nobody reads the rest, and nobody may wait for it.
            threading.Thread(target=demo.stdout.read, daemon=True).start()
            done = subprocess.run(
                [sys.executable, str(HERE / "fuzz.py"), "--url", told["VESTNIK_URL"], "--key", told["VESTNIK_KEY"],
                 *sys.argv[1:]])
            if demo.poll() is not None:
                sys.exit(f"the gateway ended by itself with {demo.returncode}")
        finally:
            demo.terminate()
            try:
                demo.wait(60)
            except subprocess.TimeoutExpired:
                demo.kill()
                raise
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
