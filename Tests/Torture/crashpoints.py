#!/usr/bin/env python3
"""P2, exhaustively: SIGKILL at the first, second, third … write, sync, removal and send of

1. the very first start, in an empty folder,
2. a worker that sends four messages, each time in an installation of its own,
3. a worker that recovers what such a one left when it died.

strace counts the calls of each thread by itself and kills at the k-th of any thread; k grows until a life is not killed
any more. Promised: after a kill in the first start the next start works; after all others the invariants hold, and what
had rather be said twice is sent again. The control strikes out, after each kill, that a send had begun.
"""

import os
import shutil
import signal
import sqlite3
import time

import gateway
import oracle
import stage as stages
from witnesses import Arrivals, Books, Order

FIRST_START = ("unlink", "ftruncate", "fdatasync", "pwrite64")
SENDING = ("fdatasync", "pwrite64", "sendto")
RECOVERING = ("fdatasync", "pwrite64")
# Mail and SMS, of a purpose that holds and one that resends.
BATCH = 4


def killer(call, count):
    return ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}",
            "-e", f"inject={call}:signal=SIGKILL:when={count}"]


def body(stage):
    if not shutil.which("strace"):
        raise stages.Skip("strace is not installed: .ci/setup tests")
    stage.must_break = ("sends: I2", "sends: I3")
    if not stage.args.control:
        first_starts(stage)
    sends(stage)


# 1. The first start


def first_starts(stage):
    points, bad = {}, []
    for call in FIRST_START:
        count, killed = 1, True
        while killed:
            killed, said = first_start(stage, call, count)
            points[call] = points.get(call, 0) + killed
            if said:
                bad.append({"killed_at": f"{call} {count}", "next_start": said})
                stage.example("first start", bad[-1])
            count += stage.args.every
        stage.say(f"first start: {points[call]} points of {call}, {len(bad)} bad so far")
    stage.promise("a start works after a kill at any point of the first one", sum(points.values()) and not bad,
                  points=sum(points.values()), bad=len(bad))
    stage.figures["first_start"] = {"points": points, "starts_that_failed_afterwards": len(bad)}


def first_start(stage, call, count):
    """(whether it was killed, what the next start complains about)"""
    folder = stage.path("first")
    shutil.rmtree(folder, ignore_errors=True)
    # Nobody listens on port 9, and there is nothing to send.
    site = gateway.Site(stage, {"sms-a": gateway.kannel(9)}, folder=folder)
    life = site.start("worker", prefix=killer(call, count))
    killed = outlive(life, lambda: life.says("ready worker"), settle=0.1)
    again = site.start("worker")
    try:
        again.line("ready worker", within=30)
    except stages.Fault:
        said = again.err().strip()[-400:]
        again.kill()
        return killed, said or "it does not get ready"
    again.signal(signal.SIGTERM)
    code = again.end(30)
    return killed, None if code == 0 else f"it ends with {code}"


# 2. Sends


def sends(stage):
    sandbox = gateway.Sandbox(stage)
    arrivals, place = Arrivals(sandbox.log), 0
    # With a predecessor that died while its messages left, the life that is killed is one that recovers.
    for name, calls, before in (("sends", SENDING, None), ("recovery", RECOVERING, killer("sendto", 2))):
        points, total = {}, Total(name)
        for call in calls:
            count, killed = 1, True
            while killed:
                killed = send(stage, sandbox, arrivals, total, place, killer(call, count), before)
                points[call] = points.get(call, 0) + killed
                place += BATCH
                count += stage.args.every
            stage.say(f"{name}: {points[call]} points of {call}")
        total.promise(stage)
        stage.promise(f"{name}: there were points to kill at", sum(points.values()) > 0, points=points)
        stage.figures[name] = {"points": points, **total.figures}


def send(stage, sandbox, arrivals, total, place, prefix, before):
    """An installation of its own, so that the calls are the same each time; says whether the life was killed."""
    folder = stage.path("sends")
    shutil.rmtree(folder, ignore_errors=True)
    site = gateway.Site(
        stage, {"smtp-main": gateway.smtp(sandbox.smtp), "sms-a": gateway.kannel(sandbox.http)},
        worker={"retry": "[200ms, 1s, 5s]"}, folder=folder)
    told = site.send([Order(place + one).body() for one in range(BATCH)])
    if told.code != 0:
        raise stages.Fault(f"send: {told.code} {told.err}")
    if before:
        outlive(site.start("worker", prefix=before), lambda: idle(site), settle=0.1)
    killed = outlive(site.start("worker", prefix=prefix), lambda: idle(site), settle=0.1)
    if stage.args.control:
        forget_beginnings(site)
    last = site.start("worker")
    last.line("ready worker")
    wait_until(lambda: idle(site))
    last.signal(signal.SIGTERM)
    code = last.end(30)
    if code != 0:
        raise stages.Fault(f"the second worker ends with {code}: {last.err()[-500:]}")
    arrivals.read()
    books = Books(site.database)
    forgotten = total.forgotten
    total.add(oracle.Verdict(stage, told.ids(), books, arrivals.of(books)))
    if total.forgotten > forgotten:
        stage.example("not sent again", {"killed_at": prefix[-1], "states": books.states()})
    if books.integrity != ["ok"] or books.twice:
        stage.example("not whole", {"after": prefix[-1], "integrity": books.integrity[:3], "twice": books.twice})
    return killed


class Total:
    """The verdicts of many small installations, added up."""

    def __init__(self, name):
        self.name, self.counts, self.figures, self.whole, self.forgotten = name, {}, {}, True, 0

    def add(self, verdict):
        self.forgotten += len(verdict.forgotten())
        for name, count in verdict.counts.items():
            self.counts[name] = self.counts.get(name, 0) + count
        for name, value in verdict.figures().items():
            if name == "max_copies_of_hold":
                self.figures[name] = max(self.figures.get(name, 0), value)
            elif name != "states":
                self.figures[name] = self.figures.get(name, 0) + value
        self.whole = self.whole and verdict.books.integrity == ["ok"] and verdict.books.twice == 0

    def promise(self, stage):
        for name, count in self.counts.items():
            stage.promise(f"{self.name}: {name} {oracle.Verdict.WORDS[name]}", count == 0, broken=count)
        stage.promise(f"{self.name}: what resends is sent again after a doubt", not self.forgotten,
                      forgotten=self.forgotten)
        stage.promise(f"{self.name}: every database is whole", self.whole)


def idle(site):
    """Nothing waits or is under way, now and a moment later: what is sent again is queued in a step of its own."""
    for _ in range(3):
        if waiting(site) != 0:
            return False
        time.sleep(0.1)
    return waiting(site) == 0


def waiting(site):
    connection = sqlite3.connect(f"file:{site.database}?mode=ro", uri=True, timeout=1)
    try:
        return connection.execute("SELECT (SELECT count(*) FROM queue) + (SELECT count(*) FROM inflight)").fetchone()[0]
    except sqlite3.Error:
        # Being recovered: not idle.
        return None
    finally:
        connection.close()


def wait_until(condition, within=60):
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            raise stages.Fault(f"not idle in {within} s")
        time.sleep(0.02)


def forget_beginnings(site):
    connection = sqlite3.connect(site.database)
    connection.execute("UPDATE inflight SET began_at = NULL, provider = NULL, channel = NULL, address = NULL")
    connection.commit()
    connection.close()


def outlive(life, done, settle):
    """Whether it was killed. One that has done its work is stopped kindly, and may still be killed on its way out."""
    deadline, asked = time.monotonic() + 60, False
    while life.popen.poll() is None:
        if time.monotonic() > deadline:
            life.kill()
            raise stages.Fault("neither killed nor done in a minute")
        if not asked and done():
            time.sleep(settle)
            asked = True
            stop(life)
        time.sleep(0.005)
    return life.end(5) == -signal.SIGKILL


def stop(life):
    """SIGTERM to the traced one, not to strace."""
    try:
        with open(f"/proc/{life.pid}/task/{life.pid}/children", encoding="ascii") as children:
            for child in children.read().split():
                os.kill(int(child), signal.SIGTERM)
    except (FileNotFoundError, ProcessLookupError):
        pass


def main():
    parser = stages.parser(__doc__)
    parser.add_argument("--every", type=int, default=1, help="not each point, but each so manieth")
    stages.run("crashpoints", parser.parse_args(), body)


if __name__ == "__main__":
    main()
