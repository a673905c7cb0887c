#!/usr/bin/env python3
"""P9: clocks. First the gateway is stopped (SIGSTOP) for twice its lease while messages are under way, and goes on as if
nothing had been. Then its wall clock jumps 30 days ahead, a day back and to the truth again, while it sends.

Promised: I1–I9 hold. While it is stopped nobody else may have its database, and `vestnik send` says within seconds that
nobody answers; whose answer it had no eyes for is in doubt, never lost and never quietly sent again. A jump ends no
lease: no send is in doubt for it, and what is accepted before, between and after the jumps leaves.

The jumps need libfaketime (Debian: faketime), which lies to the gateway's process alone; without it that half is skipped
and said so. The control lets libfaketime move the clock of the leases too, and a stranger sends a message while the
gateway is stopped.
"""

import os
import signal
import time

import gateway
import oracle
import stage as stages
from lives import UNAVAILABLE
from outage import ghost, told, wait_for
from witnesses import Arrivals, Books, Order

# The least that the configuration takes. Only SMS here: all time-outs of a mail together are longer than that.
LEASE = 60
# Under way at one moment.
CONCURRENCY = 8
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
DAY = 86_400


class Scene:
    def __init__(self, stage, name, delay, **worker):
        self.stage, self.name = stage, name
        self.sandbox = gateway.Sandbox(stage, chaos=[f"delay={delay}"], log=f"arrivals-{name}.ndjson")
        times = {"timeout": "3s", "connect_timeout": "2s"}
        self.site = gateway.Site(
            stage, {"sms-a": {**gateway.kannel(self.sandbox.http), **times, "concurrency": CONCURRENCY}},
            worker={"retry": "[1s, 2s, 5s, 10s, 30s]", "lease": f"{LEASE}s", **worker}, folder=stage.path(name))
        self.arrivals, self.acknowledged, self.place = Arrivals(self.sandbox.log), [], 0

    def enqueue(self, count):
        """The canaries of the new messages. They are fresh for months: it is leases that are judged here, not expiry."""
        fresh = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 90 * DAY))
        orders = [Order(self.place + one, "sms") for one in range(count)]
        self.place += count
        self.acknowledged += told(self.site.send(
            order.body()[:-1] + f', "expires_at": "{fresh}"}}' for order in orders))
        return {order.canary for order in orders}

    def arrived(self, canaries):
        self.arrivals.read()
        return canaries & self.arrivals.copies.keys()

    def wait(self, canaries, count, within=60):
        """Seconds until so many of them are there; None: not in this time."""
        began = time.monotonic()
        while len(self.arrived(canaries)) < count:
            if time.monotonic() - began > within:
                return None
            time.sleep(0.02)
        return time.monotonic() - began

    def judge(self, books):
        self.arrivals.read()
        verdict = oracle.Verdict(self.stage, self.acknowledged, books, self.arrivals)
        for name, count in verdict.counts.items():
            self.stage.promise(f"{self.name}: {name} {verdict.WORDS[name]}", count == 0, broken=count)
        self.stage.promise(f"{self.name}: integrity_check", books.integrity == ["ok"], said=books.integrity[:2])
        forgotten = verdict.forgotten()
        self.stage.promise(f"{self.name}: what resends is sent again after a doubt", not forgotten,
                           forgotten=len(forgotten))
        return verdict

    def end(self, serve):
        serve.signal(signal.SIGCONT)
        serve.signal(signal.SIGTERM)
        code = serve.end(60)
        self.stage.promise(f"{self.name}: the gateway ends with 0", code == 0, code=code)
        verify = self.site.run("journal", "verify")
        self.stage.promise(f"{self.name}: the journal's chain holds", verify.code == 0,
                           said=verify.err.strip()[-200:])


def stopped(stage):
    stage.must_break += ("stopped: I2",)
    scene = Scene(stage, "stopped", delay=500)
    serve = scene.site.start("serve")
    serve.line("ready api=")
    total = stage.args.messages
    canaries = scene.enqueue(total)
    wait_for(lambda: len(scene.arrived(canaries)) > 20, 60, "nothing arrives")
    serve.signal(signal.SIGSTOP)
    began = time.monotonic()
    stage.say(f"stopped after {len(scene.arrived(canaries))} arrivals")
    other = scene.site.run("serve", within=60)
    stage.promise("stopped: nobody else may have the database", other.code == UNAVAILABLE and "in use" in other.err,
                  code=other.code, said=other.err.strip()[-200:])
    send = scene.site.send([Order(total, "sms").body()], name="late.ndjson")
    scene.acknowledged += send.ids()
    stage.promise("stopped: `vestnik send` says within 15 s that nobody answers",
                  send.code == 75 and not send.ids() and send.seconds <= 15, code=send.code,
                  seconds=round(send.seconds, 1), said=send.err.strip()[-200:])
    if stage.args.control:
        ghost(stage, scene.sandbox, scene.arrivals, total)
    time.sleep(max(0, began + stage.args.leases * LEASE - time.monotonic()))
    before = len(scene.arrived(canaries))
    serve.signal(signal.SIGCONT)
    seconds = scene.wait(canaries, before + 1)
    scene.site.drain(within=180)
    scene.end(serve)
    books = Books(scene.site.database)
    verdict = scene.judge(books)
    # Eight answers that never came speak against the account, though we are to blame: it rests for its first pause.
    stage.promise("stopped: goes on within 25 s", seconds is not None and seconds <= 25, seconds=stages.rounded(seconds))
    stage.promise(f"stopped: at most {CONCURRENCY} in doubt", verdict.unconfirmed_attempts <= CONCURRENCY,
                  attempts=verdict.unconfirmed_attempts)
    stage.figures["stopped"] = {
        **verdict.figures(), "seconds_stopped": round(stage.args.leases * LEASE, 1),
        "first_send_after_s": stages.rounded(seconds), "send_meanwhile": send.err.strip()[-200:]}


class Clock:
    """The wall clock of one process, by libfaketime. It is read anew at each call, so that a jump is a jump."""

    def __init__(self, stage):
        if not os.path.exists(FAKETIME):
            raise stages.Skip("libfaketime is not installed (Debian: faketime)")
        self.path, self.offsets = stage.path("offset"), []
        self.began = time.time()
        self.set(0)
        # Through a shell: at its first start the library moves the environment, and Swift, which looks for its arguments
        # beside it, would find none. What the shell hands on to `exec` it leaves where it is.
        self.prefix = [
            "env", f"LD_PRELOAD={FAKETIME}", f"FAKETIME_TIMESTAMP_FILE={self.path}", "FAKETIME_NO_CACHE=1",
            f"DONT_FAKE_MONOTONIC={0 if stage.args.control else 1}", "sh", "-c", 'exec "$@"', "sh"]

    @staticmethod
    def tidy(pid):
        """The library shares its state by the number of the process, and leaves it."""
        for name in (f"faketime_shm_{pid}", f"sem.faketime_sem_{pid}", f"sem.faketime_lock_{pid}"):
            if os.path.exists("/dev/shm/" + name):
                os.unlink("/dev/shm/" + name)

    def set(self, seconds):
        with open(self.path + ".new", "w", encoding="ascii") as file:
            file.write(f"{seconds:+d}\n")
        os.rename(self.path + ".new", self.path)
        self.offsets.append(seconds)

    def truth(self, milliseconds):
        """What the gateway calls this time, in ours: the jumps are longer than the run, so only one offset fits."""
        if milliseconds == float("inf"):
            return milliseconds
        for offset in set(self.offsets):
            if self.began - 5 < milliseconds / 1000 - offset < time.time() + 5:
                return milliseconds - offset * 1000
        raise stages.Fault(f"a time that none of the clocks showed: {milliseconds}")


def jumps(stage):
    try:
        clock = Clock(stage)
    except stages.Skip as reason:
        stage.figures["jumps"] = {"skipped": str(reason)}
        stage.say(f"jumps: skipped: {reason}")
        return
    stage.must_break += ("no jump ends a lease",)
    # A small window, so that most of them wait in the books and not in the hands of the worker.
    scene = Scene(stage, "jumps", delay=300, window=16)
    serve = scene.site.start("serve", prefix=clock.prefix)
    stage.afterwards.append(lambda: clock.tidy(serve.pid))
    serve.line("ready api=")
    lost = {}
    # Where everything stands still, ten seconds show it too.
    patience = (10, 10) if stage.args.control else (30, 60)
    ways = (("+30 days", 30 * DAY), ("-1 day", -DAY), ("the truth", 0))
    # With a clock of leases that jumps too, the first is enough to see it, and after the second nothing would be due.
    for name, offset in ways[:1] if stage.args.control else ways:
        old = scene.enqueue(stage.args.messages // 3)
        wait_for(lambda old=old: len(scene.arrived(old)) > 10, 60, "nothing arrives")
        waited = len(old - scene.arrived(old))
        clock.set(offset)
        stage.say(f"the wall clock shows {name}; {waited} wait or are under way")
        # What was under way comes to its end, what comes now leaves.
        new = scene.enqueue(24)
        seconds = scene.wait(new, len(new), within=patience[0])
        stage.promise(f"jumps: after a jump to {name} what comes leaves within {patience[0]} s", seconds is not None,
                      seconds=stages.rounded(seconds, 1))
        seconds = scene.wait(old, len(old), within=patience[1])
        stage.promise(f"jumps: after a jump to {name} what waited leaves within {patience[1]} s", seconds is not None,
                      left=len(old - scene.arrived(old)))
        lost[name] = {"waited_at_the_jump": waited, "left_a_minute_later": len(old - scene.arrived(old))}
    try:
        states = scene.site.drain(within=patience[1])
    except stages.Fault:
        states = scene.site.stats()
    stage.promise("jumps: every message comes to its end", states.keys() <= {"sent", "unconfirmed"}, states=states)
    scene.end(serve)
    books = Books(scene.site.database)
    for message in books.messages.values():
        message.attempts = [
            attempt._replace(began=clock.truth(attempt.began), ended=clock.truth(attempt.ended))
            for attempt in message.attempts]
    verdict = scene.judge(books)
    stage.promise("jumps: no jump ends a lease: no send is in doubt", verdict.unconfirmed_attempts == 0,
                  attempts=verdict.unconfirmed_attempts)
    stage.figures["jumps"] = {**verdict.figures(), "by_jump": lost}


def body(stage):
    parts = {"stopped": stopped, "jumps": jumps}
    for name in stage.args.parts.split(","):
        parts[name](stage)


def main():
    parser = stages.parser(__doc__)
    parser.add_argument("--messages", type=int, default=600)
    parser.add_argument("--leases", type=float, default=2, help=f"how long it is stopped, in leases of {LEASE} s")
    parser.add_argument("--parts", default="stopped,jumps")
    stages.run("clocks", parser.parse_args(), body)


if __name__ == "__main__":
    main()
