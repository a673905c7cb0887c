#!/usr/bin/env python3
"""P3: SIGTERM is clean. The gateway is restarted many times while messages drain and a client enqueues more; the client
repeats what was not answered, with the same idempotency key, until it is.

Promised: exit 0 within the longest time-out + 2 s, nothing lost, no message twice, none in doubt. The control sends
SIGKILL instead.
"""

import json
import signal
import threading
import time

import gateway
import oracle
import stage as stages
from lives import Lives
from witnesses import Arrivals, Books, Order

# The longest of connecting, sending and waiting for an answer, as configured below.
TIMEOUT = 10


class Client(threading.Thread):
    """Enqueues in small pages, all the time; repeats a page until it is acknowledged."""

    def __init__(self, stage, site, first, count, page=20):
        super().__init__(daemon=True)
        self.stage, self.site, self.places, self.page = stage, site, range(first, first + count), page
        self.acknowledged, self.repeats, self.trouble, self.stopping = [], {}, None, False

    def run(self):
        for start in range(0, len(self.places), self.page):
            bodies = [keyed(place) for place in self.places[start:start + self.page]]
            if self.stopping or not self._until_told(bodies):
                return
            time.sleep(0.05)

    def _until_told(self, bodies):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not self.stopping:
            answer = self.site.send(bodies, name="client.ndjson")
            if answer.code == 0:
                self.acknowledged += answer.ids()
                return True
            # 69 and 75 are "try again": a stop or a start was under way. Anything else is not.
            self.repeats[answer.code] = self.repeats.get(answer.code, 0) + 1
            self.stage.example(f"send answered {answer.code}", answer.err.strip()[-300:], most=2)
            if answer.code not in (69, 75):
                self.trouble = answer.err
                return False
            time.sleep(0.1)
        self.trouble = None if self.stopping else "a client got no answer for a minute"
        return False


def keyed(place):
    body = json.loads(Order(place).body())
    return json.dumps({**body, "idempotency_key": f"bill-{place}"}, ensure_ascii=False)


class Stopping:
    """Ends a gateway and notes how it went."""

    def __init__(self, control):
        self.seconds, self.codes = [], {}
        self.signal = signal.SIGKILL if control else signal.SIGTERM

    def __call__(self, process):
        began = time.monotonic()
        process.signal(self.signal)
        code = process.end(TIMEOUT * 6)
        self.seconds.append(time.monotonic() - began)
        self.codes[code] = self.codes.get(code, 0) + 1


def body(stage):
    args = stage.args
    stage.must_break = ("no message in doubt", "every exit is 0")
    sandbox = gateway.Sandbox(stage, chaos=[f"delay={args.delay}"])
    times = {"timeout": f"{TIMEOUT}s", "connect_timeout": "5s"}
    site = gateway.Site(
        stage, {"smtp-main": gateway.smtp(sandbox.smtp, **times), "sms-a": gateway.kannel(sandbox.http, **times)},
        worker={"retry": "[1s, 2s, 5s, 10s, 30s]"})
    waiting, coming = args.restarts * 60, args.restarts * 20
    sent = site.send(keyed(place) for place in range(waiting))
    if sent.code != 0:
        raise stages.Fault(f"send: {sent.code} {sent.err[-2000:]}")

    client = Client(stage, site, waiting, coming)
    client.start()
    arrivals, stopping = Arrivals(sandbox.log), Stopping(args.control)
    lives = Lives(stage, site, arrivals, waiting + coming, command="serve", early=0.0, may_be_busy=True)
    lives.run(args.restarts, stopping)
    last = lives.start()
    client.join(60)
    client.stopping = True
    client.join(30)
    site.drain(within=120 + (waiting + coming) / 50)
    stopping(last)
    judge(stage, sent.ids() + client.acknowledged, Books(site.database), arrivals, stopping, lives, client)


def judge(stage, acknowledged, books, arrivals, stopping, lives, client):
    args = stage.args
    arrivals.read()
    verdict = oracle.Verdict(stage, acknowledged, books, arrivals)
    verdict.promise()
    copies = [len(copies) for copies in arrivals.copies.values()]
    duplicates = sum(copies) - len(copies)
    stage.promise("no message twice", duplicates == 0, duplicates=duplicates)
    stage.promise("no message in doubt", verdict.unconfirmed_attempts == 0, attempts=verdict.unconfirmed_attempts)
    stage.promise("every exit is 0", set(stopping.codes) == {0}, codes=stopping.codes)
    slowest = max(stopping.seconds)
    stage.promise(f"exit within the time-out ({TIMEOUT} s) + 2 s", slowest <= TIMEOUT + 2, max=round(slowest, 3))
    stage.promise("the restarts happened under load", lives.done == args.restarts, restarts=lives.done)
    stage.promise("every client got its answer in the end", client.trouble is None, said=client.trouble)
    stage.figures.update(verdict.figures())
    stage.figures.update({
        "restarts": lives.done, "duplicates": duplicates, "exit_max_s": stages.rounded(slowest),
        "exit_p95_s": stages.rounded(stages.percentile(stopping.seconds, 0.95)),
        "restart_to_first_send_p95_s": stages.rounded(stages.percentile(lives.first_sends, 0.95)),
        "clients_told_to_try_again": client.repeats, "starts_refused_while_a_client_held_the_database": lives.busy})


def main():
    parser = stages.parser(__doc__)
    parser.add_argument("--restarts", type=int, default=100)
    parser.add_argument("--delay", type=int, default=4, help="milliseconds before each answer of the sandbox")
    stages.run("clean_stop", parser.parse_args(), body)


if __name__ == "__main__":
    main()
