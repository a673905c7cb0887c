"""A drain during which the database takes no commit for a while. Whatever the reason (a full disk, a read-only file
system, somebody else's lock), the same is promised: no send starts that cannot be recorded, nothing is acknowledged
that is not stored, `vestnik send` says why, and nothing is lost or sent twice.

A reason is an object with `begin()`, `end()`, and `sign`: what the gateway's log says of it, in SQLite's words and not
in ours, which may change.
"""

import os
import signal
import time
import urllib.request

import gateway
import oracle
import stage as stages
from witnesses import Arrivals, Books, Order, number


class Outage:
    """One gateway, one drain, one outage in the middle of it."""

    def __init__(self, stage, reason, database="vestnik.db", answer_within=3, resume_within=10, **worker):
        self.stage, self.reason = stage, reason
        self.answer_within, self.resume_within = answer_within, resume_within
        self.total = stage.args.messages
        self.sandbox = gateway.Sandbox(stage, chaos=[f"delay={stage.args.delay}"])
        self.site = gateway.Site(
            stage, {"smtp-main": gateway.smtp(self.sandbox.smtp), "sms-a": gateway.kannel(self.sandbox.http)},
            worker={"retry": "[1s, 2s, 5s, 10s, 30s]", **worker}, database=database)
        self.arrivals, self.acknowledged, self.serve = Arrivals(self.sandbox.log), [], None

    def run(self):
        """The reason goes away by itself, and the gateway goes on by itself."""
        self.start_and_break()
        self.reason.end()
        self._resumes()
        self.goes_on_and_ends()

    def start_and_break(self):
        self.serve = self.site.start("serve")
        self.serve.line("ready api=")
        self.acknowledged += told(self.site.send(Order(place).body() for place in range(self.total)))
        wait_for(lambda: self.arrivals.read() or self.arrivals.total > self.total // 10, 60, "no message arrived")
        self.reason.begin()
        self.stage.say(f"it begins after {self.arrivals.total} arrivals")
        wait_for(lambda: self.serve.says(self.reason.sign), 30, "no commit failed")
        self.failed = time.time()
        self.answers = [
            self.site.send([Order(self.total + place).body()], name="late.ndjson") for place in range(3)]
        if self.stage.args.control:
            ghost(self.stage, self.sandbox, self.arrivals, self.total)
        self.meanwhile()
        time.sleep(max(0, self.failed + self.stage.args.hold - time.time()))
        self.arrivals.read()
        self.stage.figures["arrived_when_it_ended"] = self.arrivals.total
        self.ended = time.time()

    def meanwhile(self):
        """What else is to be looked at while nothing can be recorded."""

    def _resumes(self):
        self.ended = time.time()
        wait_for(lambda: self.arrivals.read() and self.arrivals.latest > self.ended, 60, "sending does not resume")
        resumed = self.arrivals.latest - self.ended
        self.stage.promise(
            f"goes on by itself within {self.resume_within} s", resumed <= self.resume_within,
            seconds=round(resumed, 2))
        self.stage.figures["end_to_first_send_s"] = round(resumed, 2)

    def goes_on_and_ends(self):
        self.site.drain(within=120 + self.total / 20)
        self.acknowledged += told(self.site.send([Order(self.total + 10).body()]))
        self.site.drain(within=60)
        self.serve.signal(signal.SIGTERM)
        code = self.serve.end(60)
        books = Books(self.site.database)
        # Whoever is told an id is told the truth, also in the middle of it.
        self.acknowledged += [text for answer in self.answers for text in answer.ids()]
        self._judge(books)
        self._judge_answers(books)
        self.stage.promise("the gateway goes on and ends with 0", code == 0, code=code)
        verify = self.site.run("journal", "verify")
        self.stage.promise("the journal's chain holds", verify.code == 0, said=verify.err.strip()[-200:])

    def _judge(self, books):
        self.arrivals.read()
        verdict = oracle.Verdict(self.stage, self.acknowledged, books, self.arrivals)
        verdict.promise()
        began = {message.canary: [attempt.began / 1000 for attempt in message.attempts]
                 for message in books.messages.values()}
        during = [(canary, at) for canary, copies in self.arrivals.copies.items() for at, _ in copies
                  if self.failed < at < self.ended]
        # What began before the failure may arrive after it.
        started = [canary for canary, _ in during
                   if not any(start <= self.failed for start in began.get(canary, []))]
        self.stage.promise("no send starts after the first failed commit", not started, started=len(started))
        again = sum(len(copies) - 1 for copies in self.arrivals.copies.values())
        self.stage.figures.update(verdict.figures())
        self.stage.figures.update({
            "sends_started_meanwhile": len(started), "arrived_meanwhile": len(during), "second_copies": again,
            "seconds": round(self.ended - self.failed, 1)})

    def _judge_answers(self, books):
        stored = [text for answer in self.answers for text in answer.ids() if number(text) not in books.messages]
        self.stage.promise("nothing is acknowledged that is not stored", not stored, answers=len(stored))
        slowest = max(answer.seconds for answer in self.answers)
        self.stage.promise(
            f"`vestnik send` answers within {self.answer_within} s", slowest <= self.answer_within,
            max=round(slowest, 2))
        self.stage.promise("`vestnik send` says why and that it is worth another try (75)",
                           all(answer.code == 75 and answer.err.strip() for answer in self.answers),
                           codes=sorted({answer.code for answer in self.answers}))
        self.stage.figures["send_answers_meanwhile"] = {
            "code": self.answers[0].code, "says": self.answers[0].err.strip()[-300:], "seconds": round(slowest, 2)}


def ghost(stage, sandbox, arrivals, messages):
    """A send that no book knows of, to the address of a message that waits."""
    haunt(stage, sandbox, next(
        Order(place) for place in range(messages - 2, 0, -2) if Order(place).canary not in arrivals.copies))


def haunt(stage, sandbox, order):
    request = urllib.request.Request(
        f"http://127.0.0.1:{sandbox.http}/cgi-bin/sendsms", data=f"c{order.canary}".encode(), method="POST",
        headers={"Content-Type": "text/plain; charset=utf-8", "X-Kannel-Username": "foo", "X-Kannel-Password": "x",
                 "X-Kannel-To": order.address.lstrip("+")})
    with urllib.request.urlopen(request, timeout=10) as answer:
        stage.say(f"control: a stranger sends to {order.address}: {answer.status}")


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


def options(description, messages, hold):
    """What all of these scripts take."""
    parser = stages.parser(description)
    parser.add_argument("--messages", type=int, default=messages)
    parser.add_argument("--hold", type=float, default=hold, help="seconds that nothing can be recorded")
    parser.add_argument("--delay", type=int, default=10, help="milliseconds before each answer of the sandbox")
    return parser
