#!/usr/bin/env python3
"""P11: another program locks the database for 30 s in the middle of a drain: `BEGIN EXCLUSIVE` from a shell, a backup
tool, a curious colleague.

Promised: no send starts after the first failed commit, `vestnik send` answers within 5 s, says why and acknowledges
nothing, sending resumes within 2 s of the lock's end, nothing is lost, nothing is sent twice and nothing is in doubt. The
control lets a stranger send one of our messages meanwhile.
"""

import sqlite3

import outage
import stage as stages


class Stranger:
    """Somebody else's transaction; in WAL mode readers go on and writers wait."""

    # SQLITE_BUSY.
    sign = "SQLite 5"

    def __init__(self):
        self.path, self.connection = None, None

    def begin(self):
        self.connection = sqlite3.connect(self.path, isolation_level=None, timeout=20)
        self.connection.execute("BEGIN EXCLUSIVE")

    def end(self):
        self.connection.execute("ROLLBACK")
        self.connection.close()


class Locked(outage.Outage):
    def meanwhile(self):
        stats = self.site.run("queue", "stats", "--json")
        self.stage.promise("who only reads goes on", stats.code == 0, code=stats.code, said=stats.err.strip()[-200:])


def body(stage):
    stage.must_break = ("I2", "no send starts")
    stranger = Stranger()
    scene = Locked(stage, stranger, answer_within=6, resume_within=2)
    stranger.path = scene.site.database
    scene.run()
    figures = stage.figures
    stage.promise("nothing in doubt, nothing twice",
                  figures["unconfirmed_attempts"] == 0 and figures["second_copies"] == 0 or stage.args.control,
                  doubtful=figures["unconfirmed_attempts"], copies=figures["second_copies"])


def main():
    stages.run("locked", outage.options(__doc__, messages=2000, hold=30).parse_args(), body)


if __name__ == "__main__":
    main()
