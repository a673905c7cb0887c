#!/usr/bin/env python3
"""P10: the disk is full. The database lies on a small tmpfs; in the middle of the drain something else takes the
rest of it, and later gives it back.

Promised: from the first commit that failed until there is space no send starts (what began before may arrive), nothing
is acknowledged that is not stored, `vestnik send` says so within seconds, sending resumes within 10 s of space, and the
database is whole. The control lets a stranger send one of our messages meanwhile: the invariants must notice.
"""

import ctypes
import os
import signal
import time

import gateway
import oracle
import stage as stages
from witnesses import Arrivals, Books, Order, number

CLONE_NEWNS, MS_REC, MS_PRIVATE, MNT_DETACH = 0x20000, 0x4000, 0x40000, 2
_libc = ctypes.CDLL(None, use_errno=True)


def mount(path, megabytes):
    """In a mount namespace of our own: it goes with us."""
    os.makedirs(path)
    done = (_libc.unshare(CLONE_NEWNS) == 0
            and _libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None) == 0
            and _libc.mount(b"tmpfs", path.encode(), b"tmpfs", 0, f"size={megabytes}m".encode()) == 0)
    if not done:
        raise stages.Skip(f"mounting a tmpfs is not allowed here ({os.strerror(ctypes.get_errno())}): run it as root")


class Ballast:
    """Takes all that is free, to the last byte."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "ballast")

    def take(self):
        with open(self.path, "ab", buffering=0) as file:
            for size in (1 << 20, 4096, 1):
                try:
                    while file.write(bytes(size)):
                        pass
                except OSError:
                    continue

    def drop(self):
        os.unlink(self.path)


def body(stage):
    args = stage.args
    stage.must_break = ("I2", "no send starts")
    disk = stage.path("disk")
    mount(disk, args.megabytes)
    stage.afterwards.append(lambda: _libc.umount2(disk.encode(), MNT_DETACH))
    sandbox = gateway.Sandbox(stage, chaos=[f"delay={args.delay}"])
    site = gateway.Site(
        stage, {"smtp-main": gateway.smtp(sandbox.smtp), "sms-a": gateway.kannel(sandbox.http)},
        worker={"retry": "[1s, 2s, 5s, 10s, 30s]"}, database=os.path.join(disk, "vestnik.db"))
    arrivals, ballast = Arrivals(sandbox.log), Ballast(disk)
    serve = site.start("serve")
    serve.line("ready api=")
    acknowledged = told(site.send(Order(place).body() for place in range(args.messages)))
    wait_for(lambda: arrivals.read() or arrivals.total > args.messages // 10, 60, "no message arrived")

    ballast.take()
    stage.say(f"the disk is full after {arrivals.total} arrivals")
    # SQLITE_FULL, in the words of the log; not a phrase of ours that may change.
    wait_for(lambda: serve.says("SQLite 13"), 30, "no commit failed")
    failed = time.time()
    answers = [site.send([Order(args.messages + place).body()], name="late.ndjson") for place in range(3)]
    doctor = site.run("doctor")
    stage.promise("`vestnik doctor` says so", doctor.code == 1 and "free on the disk" in doctor.out, code=doctor.code)
    if args.control:
        ghost(sandbox, arrivals, args.messages)
    time.sleep(args.hold)
    arrivals.read()
    at_full = arrivals.total
    ballast.drop()
    space = time.time()
    stage.say(f"space again; {at_full} arrived so far")
    wait_for(lambda: arrivals.read() and arrivals.latest > space, 60, "sending does not resume")
    resumed = arrivals.latest - space
    site.drain(within=120 + args.messages / 20)
    acknowledged += told(site.send([Order(args.messages + 10).body()]))
    site.drain(within=60)
    serve.signal(signal.SIGTERM)
    code = serve.end(60)
    books = Books(site.database)
    judge(stage, acknowledged, books, arrivals, failed, space)
    judge_answers(stage, answers, books)
    stage.promise("resumes within 10 s of space", resumed <= 10, seconds=round(resumed, 2))
    stage.promise("the gateway goes on and ends with 0", code == 0, code=code)
    verify = site.run("journal", "verify")
    stage.promise("the journal's chain holds", verify.code == 0, said=verify.err.strip()[-200:])
    stage.figures.update({"disk_megabytes": args.megabytes, "arrived_when_space_came": at_full,
                          "space_to_first_send_s": round(resumed, 2)})


def judge(stage, acknowledged, books, arrivals, failed, space):
    arrivals.read()
    verdict = oracle.Verdict(stage, acknowledged, books, arrivals)
    verdict.promise()
    began = {message.canary: [attempt.began / 1000 for attempt in message.attempts]
             for message in books.messages.values()}
    late = [
        (canary, at) for canary, copies in arrivals.copies.items() for at, _ in copies
        # What began before the failure may arrive after it.
        if failed < at < space and not any(start <= failed for start in began.get(canary, []))]
    stage.promise("no send starts after the first failed commit", not late, started=len(late))
    arrived = sum(1 for copies in arrivals.copies.values() for at, _ in copies if failed < at < space)
    stage.figures.update(verdict.figures())
    stage.figures.update({"sends_started_while_full": len(late), "arrived_while_full": arrived,
                          "seconds_full": round(space - failed, 1)})


def judge_answers(stage, answers, books):
    stored = [answer for answer in answers for text in answer.ids() if number(text) not in books.messages]
    stage.promise("nothing is acknowledged that is not stored", not stored, answers=len(stored))
    slowest = max(answer.seconds for answer in answers)
    # 1 s for the answer, the rest for starting a debug binary.
    stage.promise("`vestnik send` answers within 3 s", slowest <= 3, max=round(slowest, 2))
    stage.promise("`vestnik send` fails and says why",
                  all(answer.code != 0 and answer.err.strip() for answer in answers),
                  codes=sorted({answer.code for answer in answers}))
    stage.figures["send_answers_when_full"] = {
        "code": answers[0].code, "says": answers[0].err.strip()[-300:], "seconds": round(slowest, 2)}


def ghost(sandbox, arrivals, messages):
    """A send that no book knows of, to the address of a message that waits."""
    place = next(place for place in range(messages - 2, 0, -2) if Order(place).canary not in arrivals.copies)
    sandbox.stranger_sends(Order(place))


def told(answer):
    if answer.code != 0:
        raise stages.Fault(f"send: {answer.code} {answer.err[-2000:]}")
    return answer.ids()


def wait_for(condition, within, words):
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            raise stages.Fault(words)
        time.sleep(0.005)


def main():
    parser = stages.parser(__doc__)
    parser.add_argument("--messages", type=int, default=3000)
    parser.add_argument("--megabytes", type=int, default=24, help="size of the disk; the log alone takes 16")
    parser.add_argument("--hold", type=float, default=5, help="seconds that the disk stays full")
    parser.add_argument("--delay", type=int, default=10, help="milliseconds before each answer of the sandbox")
    stages.run("disk_full", parser.parse_args(), body)


if __name__ == "__main__":
    main()
