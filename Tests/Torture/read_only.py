#!/usr/bin/env python3
"""P10: the file system turns read-only under a running gateway, as the kernel does with a disk that answers with
errors. The database lies on an ext4 of its own, which is told so in the middle of a drain. Such a file system stays as
it is until somebody repairs it: the gateway is stopped, the file system checked and mounted, the gateway started.

Promised: no send starts after the first failed commit, `vestnik send` says why and acknowledges nothing, a stop comes to
its end, and afterwards nothing is lost, nothing without an explanation is there twice and the database is whole. (A disk
that comes back by itself: disk_errors.py.) The control lets a stranger send one of our messages meanwhile.
"""

import os
import signal

import mounts
import outage
import stage as stages
from lives import CONCURRENCY


class Aborted:
    """The file system, told that its disk is broken."""

    # SQLITE_IOERR, in whichever of its kinds.
    sign = "disk I/O error"

    def __init__(self, disk):
        self.disk = disk

    def begin(self):
        self.disk.turn_read_only()


def body(stage):
    stage.must_break = ("I2", "no send starts")
    disk = mounts.Ext4(stage, "disk", stage.args.megabytes)
    scene = outage.Outage(stage, Aborted(disk), database=os.path.join(disk.path, "vestnik.db"), shutdown="3s")
    scene.start_and_break()
    stopped = scene.serve
    stopped.signal(signal.SIGTERM)
    code = stopped.end(60)
    # It waited `worker.shutdown` for the disk, in vain: what had been answered could not be written down.
    stage.promise("a stop comes to its end and says what it could not write down",
                  code >= 0 and stopped.says("stopped before every answer came"), code=code)
    disk.repair()
    stage.say("repaired and mounted again")
    scene.serve = scene.site.start("serve")
    scene.serve.line("ready api=")
    scene.goes_on_and_ends()
    doubtful = stage.figures["unconfirmed_attempts"]
    stage.promise(f"at most {CONCURRENCY} messages in doubt", doubtful <= CONCURRENCY, attempts=doubtful)


def main():
    parser = outage.options(__doc__, messages=2000, hold=4)
    parser.add_argument("--megabytes", type=int, default=64)
    stages.run("read_only", parser.parse_args(), body)


if __name__ == "__main__":
    main()
