#!/usr/bin/env python3
"""P2: kill -9 at random moments while messages drain. Nothing is lost, no copy is unexplained.

The control puts the database back to an earlier copy in the middle, as a disk would that forgets: the invariants must
notice both the message that is gone and the copies that went out again.
"""

import os
import shutil
import signal

import gateway
import oracle
import stage as stages
from lives import CONCURRENCY, Lives
from witnesses import Arrivals, Books, Order


def kill(process):
    process.signal(signal.SIGKILL)
    if process.end(20) != -signal.SIGKILL:
        raise stages.Fault(f"the worker ended by itself: {process.err()[-2000:]}")


class Forgetting:
    """The control: a disk that goes back in time once, and with it a message that was accepted in between."""

    ENDS = ("", "-wal")

    def __init__(self, site, total, kills):
        self.site, self.total = site, total
        self.save_at, self.restore_at = max(1, kills // 3), max(2, kills // 3 * 2)
        self.acknowledged = []

    def __call__(self, done):
        path = self.site.database
        if done == self.save_at:
            for end in filter(lambda end: os.path.exists(path + end), self.ENDS):
                shutil.copy(path + end, path + end + ".earlier")
            self.acknowledged += self.site.send([Order(self.total, channel="sms").body()]).ids()
        if done == self.restore_at:
            for end in (*self.ENDS, "-shm"):
                if os.path.exists(path + end):
                    os.unlink(path + end)
                if os.path.exists(path + end + ".earlier"):
                    os.rename(path + end + ".earlier", path + end)
            # The gateway sees that the file is of another day and sends nothing: a careless operator lets it go.
            self.site.run("queue", "resume")


def body(stage):
    args = stage.args
    # A little delay keeps the drain longer than the killing.
    sandbox = gateway.Sandbox(stage, chaos=[f"delay={args.delay}"])
    site = gateway.Site(
        stage, {"smtp-main": gateway.smtp(sandbox.smtp), "sms-a": gateway.kannel(sandbox.http)},
        worker={"retry": "[1s, 2s, 5s, 10s, 30s]"})
    acknowledged = accept(stage, site, args.messages)

    arrivals = Arrivals(sandbox.log)
    killing = Lives(stage, site, arrivals, args.messages)
    stage.must_break = ("I1", "I2", "I3")
    forgetting = Forgetting(site, args.messages, args.kills) if args.control else None
    killed = killing.run(args.kills, kill, forgetting or (lambda done: None))
    left = args.messages - len(arrivals.copies)
    acknowledged += forgetting.acknowledged if forgetting else []

    stage.say(f"{killed} kills; the last worker drains what is left ({left})")
    worker = site.start("worker")
    site.drain(within=120 + args.messages / 50)
    worker.signal(signal.SIGTERM)
    clean = worker.end(60)
    verify = site.run("journal", "verify", within=300)
    books = Books(site.database)
    verdict = judge(stage, acknowledged, books, arrivals, killing)
    counts_agree(stage, site, books, verdict)
    stage.promise("the worker ends with 0", clean == 0, code=clean)
    stage.promise("the journal's chain holds", verify.code == 0, said=(verify.out + verify.err).strip()[-200:])


def accept(stage, site, messages):
    stage.say(f"accepting {messages}")
    sent = site.send((Order(place).body() for place in range(messages)), within=120 + messages / 50)
    if sent.code != 0:
        raise stages.Fault(f"send: {sent.code} {sent.err[-2000:]}")
    stage.promise("every message is acknowledged", len(set(sent.ids())) == messages, ids=len(set(sent.ids())))
    return sent.ids()


def judge(stage, acknowledged, books, arrivals, killing):
    args, killed = stage.args, killing.done
    arrivals.read()
    verdict = oracle.Verdict(stage, acknowledged, books, arrivals)
    verdict.promise()
    unfinished = sum(verdict.books.states().get(state, 0) for state in ("queued", "sending"))
    stage.promise("every message has come to its end", unfinished == 0, unfinished=unfinished)
    stage.promise(
        "the kills happened while it drained", killed == args.kills or args.control, killed=killed, asked=args.kills)
    stage.promise(
        f"at most {CONCURRENCY} messages in doubt per kill", verdict.unconfirmed_attempts <= CONCURRENCY * killed,
        mean=round(verdict.unconfirmed_attempts / killed, 2))
    stage.promise(
        f"at most {CONCURRENCY} duplicates per kill", verdict.explained <= CONCURRENCY * killed,
        mean=round(verdict.explained / killed, 2))
    slowest = stages.percentile(killing.first_sends, 1)
    stage.promise("first send at most 5 s after a restart", slowest is not None and slowest <= 5, max=slowest)
    stage.figures.update(verdict.figures())
    stage.figures.update({
        "kills": killed, "kills_during_start": killing.early,
        "duplicates_per_kill": round(verdict.explained / killed, 3),
        "unconfirmed_per_kill": round(verdict.unconfirmed_attempts / killed, 3),
        "unconfirmed_at_the_end": verdict.books.states().get("unconfirmed", 0),
        "restarts_timed": len(killing.first_sends), "restart_to_first_send_max_s": stages.rounded(slowest),
        "restart_to_first_send_p95_s": stages.rounded(stages.percentile(killing.first_sends, 0.95)),
    })
    return verdict


def counts_agree(stage, site, books, verdict):
    """I10, as far as there is something that counts: what the command line says, the database, the witness."""
    states, printed = books.states(), site.stats()
    stage.promise("I10 `queue stats` counts what the database holds", printed == states, printed=printed, held=states)
    # All of those in doubt, and as many of the others as one page shows.
    listed = {state: len(listing(site, state, 1000 if state == "unconfirmed" else 1)) for state in states}
    wanted = {state: count if state == "unconfirmed" else min(250, count) for state, count in states.items()}
    stage.promise("I10 `messages list` shows as many", listed == wanted, listed=listed, wanted=wanted)
    told = states.get("sent", 0) + states.get("delivered", 0) + verdict.unconfirmed_arrived
    stage.promise("I10 and so many have really arrived", len(verdict.arrivals.copies) == told,
                  arrived=len(verdict.arrivals.copies), told=told)


def listing(site, state, pages):
    """The ids that `messages list` shows, page by page."""
    ids = []
    for _ in range(pages):
        after = ["--after", ids[-1]] if ids else []
        page = site.run("messages", "list", "--status", state, "--json", "--limit", "250", *after).lines()
        ids += [line["id"] for line in page]
        if len(page) < 250:
            break
    return ids


def main():
    parser = stages.parser(__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--delay", type=int, default=4, help="milliseconds before each answer of the sandbox")
    stages.run("kill", parser.parse_args(), body)


if __name__ == "__main__":
    main()
