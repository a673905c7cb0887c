#!/usr/bin/env python3
"""P10: the disk is full. The database lies on a small tmpfs; in the middle of the drain something else takes the
rest of it, and later gives it back.

Promised: from the first commit that failed until there is space no send starts (what began before may arrive), nothing
is acknowledged that is not stored, `vestnik send` and `vestnik doctor` say so within seconds, sending resumes within
10 s of space, and the database is whole. The control lets a stranger send one of our messages meanwhile: the invariants
must notice.
"""

import os

import mounts
import outage
import stage as stages


class Ballast:
    """Takes all that is free, to the last byte."""

    sign = "SQLite 13"

    def __init__(self, folder):
        self.path = os.path.join(folder, "ballast")

    def begin(self):
        with open(self.path, "ab", buffering=0) as file:
            for size in (1 << 20, 4096, 1):
                try:
                    while file.write(bytes(size)):
                        pass
                except OSError:
                    continue

    def end(self):
        os.unlink(self.path)


class Full(outage.Outage):
    def meanwhile(self):
        doctor = self.site.run("doctor")
        self.stage.promise("`vestnik doctor` calls it an error", doctor.code == 1 and "too little" in doctor.out,
                           code=doctor.code)


def body(stage):
    stage.must_break = ("I2", "no send starts")
    disk = mounts.tmpfs(stage, "disk", stage.args.megabytes)
    Full(stage, Ballast(disk), database=os.path.join(disk, "vestnik.db")).run()


def main():
    parser = outage.options(__doc__, messages=3000, hold=5)
    parser.add_argument("--megabytes", type=int, default=24, help="size of the disk; the log alone takes 16")
    stages.run("disk_full", parser.parse_args(), body)


if __name__ == "__main__":
    main()
