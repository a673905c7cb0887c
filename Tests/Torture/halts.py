#!/usr/bin/env python3
"""What a person stops, stops.

While a worker drains at a steady rate: an account is paused, mails are cancelled, residents withdraw their consent, the
whole queue is held, and some messages expire. Of each the sandbox's log must say that it took effect in time.

Promised: after `provider pause` and `queue pause` the last copy leaves within 5 s; what `messages cancel` called cancelled
never arrives; no copy arrives later than a withdrawal of consent (I6), or the expiry (I7), plus one time-out; and nothing
is lost or sent twice meanwhile. The control lets a stranger send a message of each kind afterwards."""

import json
import signal
import time

import gateway
import oracle
import stage as stages
from witnesses import Arrivals, Books, Order

TIMEOUT = 10
PROMPT = 5


class Bill(Order):
    """An e-receipt: it goes only with consent, to a resident whom the books know."""

    def __init__(self, place):
        super().__init__(place, "email")

    @property
    def resident(self):
        return f"ls:{self.canary}"

    def row(self):
        return f"{self.resident};{self.address};e_receipt:email=granted@2026-03-24"

    def body(self):
        return json.dumps({
            "template": "e-receipt", "to": {"recipient": self.resident}, "reference": str(self.canary),
            "variables": {
                "amount": "100.00", "due": "2026-12-15", "period": "2026-11",
                "charges": [{"title": "Вода", "sum": "100.00"}], "pay_url": f"https://pay.example/c{self.canary}"}})


class Fleeting(Order):
    """A mail that overtakes the others and is worth nothing after a moment."""

    def __init__(self, place, expires_at):
        super().__init__(place, "email", "payment_reminder")
        self.expires_at = expires_at

    def body(self):
        until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.expires_at))
        return json.dumps({**json.loads(super().body()), "expires_at": until, "priority": "high"}, ensure_ascii=False)


class Halts:
    def __init__(self, stage):
        self.stage, args = stage, stage.args
        self.sandbox = gateway.Sandbox(stage, chaos=[f"delay={args.delay}"])
        self.arrivals = Arrivals(self.sandbox.log)
        pace = {"timeout": f"{TIMEOUT}s", "connect_timeout": f"{TIMEOUT}s", "rate": f"{args.rate}/s"}
        self.site = gateway.Site(stage, {
            "sms-a": gateway.kannel(self.sandbox.http, **pace), "smtp-main": gateway.smtp(self.sandbox.smtp, **pace)})
        self.acknowledged = []

    def send(self, orders, name):
        """The ids by canary: the references of the bodies, in their order."""
        sent = self.site.send([order.body() for order in orders], name=name)
        ids = sent.ids()
        if sent.code != 0 or len(ids) != len(orders):
            raise stages.Fault(f"send {name}: {sent.code} {sent.out[-500:]} {sent.err[-1000:]}")
        self.acknowledged += ids
        return {order.canary: told for order, told in zip(orders, ids)}

    def order(self, *words):
        """The time at which the command had said yes."""
        done = self.site.run(*words)
        if done.code != 0:
            raise stages.Fault(f"{' '.join(words)}: {done.code} {done.err[-1000:]}")
        return time.time()

    def stranger(self, order):
        """In the control: somebody else's copy."""
        if self.stage.args.control:
            self.sandbox.stranger_sends(order)

    def quiet(self, told, end, channels):
        """Seconds from the order to the last copy before `end`."""
        self.arrivals.read()
        return max([at - told for copies in self.arrivals.copies.values() for at, channel in copies
                    if channel in channels and told < at < end], default=0.0)

    def arrived(self, order):
        return [at for at, _ in self.arrivals.copies.get(order.canary, [])]


def body(stage):
    args = stage.args
    stage.must_break = ("provider pause", "queue pause", "cancelled", "I6", "I7")
    halts = Halts(stage)
    site, count = halts.site, args.rate * 60
    texts = [Order(place, "sms", "payment_reminder") for place in range(count)]
    bills = [Bill(count + place) for place in range(count)]
    with open(site.path("residents.csv"), "w", encoding="utf-8") as file:
        file.write("id;email;consents\n" + "".join(bill.row() + "\n" for bill in bills))
    halts.order("recipient", "import", site.path("residents.csv"))
    serve = site.start("serve")
    serve.line("ready")
    halts.send(texts, "texts.ndjson")
    ids = halts.send(bills, "bills.ndjson")
    time.sleep(3)

    pause(stage, halts, texts[-1])
    # In the hands of the worker, which claims ten seconds ahead, and not begun.
    soon = bills[args.rate * 16:args.rate * 20]
    cancel(stage, halts, {order.canary: (order, ids[order.canary]) for order in soon})
    withdrawn = withdraw(halts, bills[-args.rate:])
    hold(stage, halts, texts[-2])
    expire(stage, halts, 4 * count)

    states = site.drain(within=300)
    serve.signal(signal.SIGTERM)
    code = serve.end(60)
    stage.promise("the gateway ends with 0", code == 0, code=code)
    judge_withdrawn(stage, halts, withdrawn)
    halts.arrivals.read()
    verdict = oracle.Verdict(stage, halts.acknowledged, Books(site.database), halts.arrivals)
    verdict.promise()
    stage.figures["states"] = states


def pause(stage, halts, left):
    told = halts.order("provider", "pause", "sms-a")
    time.sleep(PROMPT + 1)
    halts.stranger(left)
    time.sleep(2)
    last = halts.quiet(told, time.time(), {"sms"})
    stage.promise(f"provider pause: the last copy within {PROMPT} s", last <= PROMPT, seconds=stages.rounded(last))
    others = sum(told < at for copies in halts.arrivals.copies.values() for at, channel in copies if channel == "email")
    stage.promise("meanwhile the other account goes on", others > 0, copies=others)
    halts.order("provider", "resume", "sms-a")


def cancel(stage, halts, orders):
    answer = halts.site.run("messages", "cancel", "--json", *[told for _, told in orders.values()])
    said = {line["id"] for line in answer.lines() if line.get("status") == "cancelled"}
    cancelled = [order for order, told in orders.values() if told in said]
    if cancelled:
        halts.stranger(cancelled[0])
    time.sleep(3)
    halts.arrivals.read()
    copies = sum(len(halts.arrived(order)) for order in cancelled)
    stage.promise("most of what waited is cancelled", len(cancelled) >= 0.9 * len(orders), cancelled=len(cancelled))
    stage.promise("cancelled: never arrives", copies == 0, copies=copies)


def withdraw(halts, bills):
    """When it was told, by bill."""
    return {bill: halts.order("consent", "withdraw", bill.resident, "e_receipt") for bill in bills}


def judge_withdrawn(stage, halts, told):
    if stage.args.control:
        time.sleep(max(0, max(told.values()) + TIMEOUT + 1 - time.time()))
        halts.stranger(next(iter(told)))
        time.sleep(1)
    halts.arrivals.read()
    late = [bill.canary for bill, at in told.items() if any(copy > at + TIMEOUT for copy in halts.arrived(bill))]
    arrived = sum(bool(halts.arrived(bill)) for bill in told)
    stage.promise("I6 no copy later than a withdrawal + one time-out", not late, late=len(late))
    stage.figures["withdrawn"] = {"residents": len(told), "had_it_before": arrived}


def hold(stage, halts, left):
    told = halts.order("queue", "pause")
    time.sleep(PROMPT + 1)
    halts.stranger(left)
    time.sleep(2)
    last = halts.quiet(told, time.time(), {"sms", "email"})
    stage.promise(f"queue pause: the last copy within {PROMPT} s", last <= PROMPT, seconds=stages.rounded(last))
    halts.order("queue", "resume")


def expire(stage, halts, first):
    """More than the rate lets through in time."""
    end = time.time() + 5
    orders = [Fleeting(first + place, end) for place in range(stage.args.rate * 10)]
    halts.send(orders, "fleeting.ndjson")
    time.sleep(5 + TIMEOUT + 1)
    halts.stranger(orders[-1])
    time.sleep(1)
    halts.arrivals.read()
    late = [order.canary for order in orders if any(at > end + TIMEOUT for at in halts.arrived(order))]
    stage.promise("I7 no copy later than expires_at + one time-out", not late, late=len(late))
    stage.figures["expiring"] = {
        "messages": len(orders), "arrived_in_time": sum(bool(halts.arrived(order)) for order in orders)}


def main():
    parser = stages.parser(__doc__)
    parser.add_argument("--rate", type=int, default=20, help="messages a second of each account")
    parser.add_argument("--delay", type=int, default=4, help="milliseconds before each answer of the sandbox")
    stages.run("halts", parser.parse_args(), body)


if __name__ == "__main__":
    main()
