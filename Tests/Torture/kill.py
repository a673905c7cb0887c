#!/usr/bin/env python3
"""P2: kill -9 at random moments while messages drain. Nothing is lost, no copy is unexplained.

The control puts the database back to an earlier copy in the middle, as a disk would that forgets: the invariants must
notice both the message that is gone and the copies that went out again.
"""

import os
import shutil
import signal
import time

import gateway
import oracle
import stage as stages
from witnesses import Arrivals, Books, Order

# Under way at one moment: 4 SMS and 8 mails.
CONCURRENCY = 12


class Killing:
    """Starts a worker, lets it live for a while, kills it; spreads the kills over the drain."""

    def __init__(self, stage, site, arrivals, total):
        self.stage, self.site, self.arrivals, self.total = stage, site, arrivals, total
        self.first_sends, self.done, self.early = [], 0, 0
        self.rate, self.start_up = 400.0, 0.3

    def run(self, kills, between=lambda done: None):
        while self.done < kills and len(self.arrivals.copies) < self.total:
            self._one(kills)
            self.done += 1
            between(self.done)
            if self.done % max(1, kills // 10) == 0:
                self.stage.say(f"{self.done} kills, {len(self.arrivals.copies)} of {self.total} arrived")
        return self.done

    def _one(self, kills):
        before = len(self.arrivals.copies)
        worker = self.site.start("worker")
        began = time.monotonic()
        # One kill in eight falls into the start, where the worker recovers what its predecessor left.
        if self.stage.random.random() < 0.125:
            self.early += 1
            self._watch(worker, began, self.stage.random.uniform(0, 1.2) * self.start_up, None)
        else:
            # Five messages in a hundred are left for the last, clean run.
            share = (self.total * 0.95 - before) / max(1, kills - self.done) / 0.875
            self._watch(worker, began, None, max(1.0, share) * self.stage.random.uniform(0.2, 1.8))
        worker.signal(signal.SIGKILL)
        if worker.end(20) != -signal.SIGKILL:
            raise stages.Fault(f"the worker ended by itself: {worker.err()[-2000:]}")
        self.arrivals.read()

    def _watch(self, worker, began, lifetime, messages):
        """Lets it live for `lifetime` from its start, or until about `messages` more should have arrived."""
        first, deadline = None, began + (lifetime if lifetime is not None else 30)
        while time.monotonic() < deadline:
            # What the dead one left on the wire is not this one's first send.
            fresh = [at for _, at in self.arrivals.read() if at > worker.spawned + 0.03]
            if fresh and first is None:
                first = time.monotonic()
                self.first_sends.append(fresh[0] - worker.spawned)
                self.start_up += (self.first_sends[-1] - self.start_up) * 0.2
                if lifetime is None:
                    deadline = min(deadline, first + messages / self.rate)
                count = 0
            if first is not None:
                count += len(fresh)
            if worker.popen.poll() is not None:
                return
            time.sleep(0.002)
        if first is not None and time.monotonic() - first > 0.05:
            self.rate += (count / (time.monotonic() - first) - self.rate) * 0.2


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


def body(stage):
    args = stage.args
    # A little delay keeps the drain longer than the killing.
    sandbox = gateway.Sandbox(stage, chaos=[f"delay={args.delay}"])
    site = gateway.Site(
        stage, {"smtp-main": gateway.smtp(sandbox.smtp), "sms-a": gateway.kannel(sandbox.http)},
        worker={"retry": "[1s, 2s, 5s, 10s, 30s]"})
    acknowledged = accept(stage, site, args.messages)

    arrivals = Arrivals(sandbox.log)
    killing = Killing(stage, site, arrivals, args.messages)
    forgetting = Forgetting(site, args.messages, args.kills) if args.control else None
    killed = killing.run(args.kills, forgetting or (lambda done: None))
    left = args.messages - len(arrivals.copies)
    acknowledged += forgetting.acknowledged if forgetting else []

    stage.say(f"{killed} kills; the last worker drains what is left ({left})")
    worker = site.start("worker")
    site.drain(within=120 + args.messages / 50)
    worker.signal(signal.SIGTERM)
    clean = worker.end(60)
    verify = site.run("journal", "verify", within=300)
    judge(stage, acknowledged, Books(site.database), arrivals, killing)
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


def main():
    parser = stages.parser(__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--delay", type=int, default=4, help="milliseconds before each answer of the sandbox")
    stages.run("kill", parser.parse_args(), body)


if __name__ == "__main__":
    main()
