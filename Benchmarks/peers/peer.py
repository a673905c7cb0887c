"""What the peers of `vestnik bench` have in common.

A peer is started with --port PORT (the sink on 127.0.0.1) and --count N. It fills a queue of its own, prints
`ready PID...` (the processes whose CPU time counts, their children included) or `missing WHY`, waits for a line on its
standard input, lets the queue drain, and cleans up when its input ends.
"""
import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

# The same for everybody: a mail of 1.5 KB with its headers, a text message of one part.
BODY = "".join("y" * 74 + "\r\n" for _ in range(17))
SMS = "К оплате 3 250,50 ₽ до 15 декабря. УК Наш дом"


def arguments(*names):
    parser = argparse.ArgumentParser(description=__doc__)
    for name in names:
        parser.add_argument(name)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    return parser.parse_args()


def missing(why):
    print("missing", why, flush=True)
    sys.exit(0)


def need(*programs):
    for program in programs:
        if not (shutil.which(program) or os.access(program, os.X_OK)):
            missing(f"{program} is not installed")


def ready(*pids):
    """Returns when the bench says go."""
    print("ready", *pids, flush=True)
    if not sys.stdin.readline():
        sys.exit(0)


def until_the_end():
    sys.stdin.read()


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_port(port, seconds=20):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    missing(f"nobody listens on {port}")


class Folder:
    """A temporary folder that other users may enter, gone at the end."""

    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix="vestnik-peer-")
        os.chmod(self.path, 0o755)
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)


def stop(process, seconds=10):
    """Only what we started, by its number."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
