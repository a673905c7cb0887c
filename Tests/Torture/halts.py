#!/usr/bin/env python3
"""P24, P25: what a person stops stops. Under load an account is paused, then the whole queue; queued messages are
cancelled; residents withdraw their consent one after the other; news grows old before its turn comes.

Promised: after a pause nothing of it arrives later than 5 s, and at most as many sends begin after the answer as may be
under way; the other channels go on. What `messages cancel` calls cancelled never arrives. I6: no copy arrives later than
the withdrawal + one provider time-out. I7: none later than `expires_at` + one provider time-out.

The control takes both pauses back behind the script's back, and a stranger sends one message that was cancelled, one
that was withdrawn and one that had expired.
"""

import collections
import datetime
import json
import signal
import time

import gateway
import oracle
import stage as stages
from outage import haunt, told, wait_for
from witnesses import Arrivals, Books, Order

PAUSE_EFFECTIVE, TIMEOUT = 5, 3
# Of one account; its own setting below.
UNDER_WAY = 4

# A stop of something: when it was asked for, when the command had answered, and what it was about.
Halt = collections.namedtuple("Halt", "asked returned canaries")


class Scene:
    """One gateway under load, and a hand that stops things."""

    def __init__(self, stage):
        self.stage, self.control = stage, stage.args.control
        self.sandbox = gateway.Sandbox(stage, chaos=["delay=20"])
        pace = {"timeout": f"{TIMEOUT}s", "connect_timeout": "2s", "concurrency": UNDER_WAY,
                "rate": f"{stage.args.rate}/s"}
        self.site = gateway.Site(
            stage, {"smtp-main": gateway.smtp(self.sandbox.smtp, **pace),
                    "sms-a": {**gateway.kannel(self.sandbox.http), **pace}})
        self.arrivals, self.acknowledged, self.place, self.halts = Arrivals(self.sandbox.log), [], 0, {}
        self.serve = self.site.start("serve")
        self.serve.line("ready api=")

    def enqueue(self, count, channel=None, **more):
        """The new orders, by their ids."""
        orders = [Order(self.place + one, channel) for one in range(count)]
        self.place += count
        ids = told(self.site.send(json.dumps({**json.loads(order.body()), **more}) for order in orders))
        self.acknowledged += ids
        return dict(zip(ids, orders, strict=True))

    def arrived(self, orders):
        self.arrivals.read()
        return [order for order in orders.values() if order.canary in self.arrivals.copies]

    def some_arrive(self, orders, count):
        wait_for(lambda: len(self.arrived(orders)) >= count, 60, "nothing arrives")
        if len(self.arrived(orders)) > 0.8 * len(orders):
            raise stages.Fault("the load was over too early")

    def command(self, *words):
        asked = time.time()
        answer = self.site.run(*words)
        if answer.code != 0:
            raise stages.Fault(f"{' '.join(words[:3])}: {answer.code} {answer.err}")
        return asked, time.time(), answer

    # MARK: the halts

    def pause(self, name, stop, again, channels):
        """Two channels; those of `channels` must fall silent, the others go on."""
        orders = self.enqueue(self.stage.args.rate * 24)
        self.some_arrive(orders, 20)
        asked, returned, _ = self.command(*stop)
        if self.control:
            self.command(*again)
        # What was put off for a paused account is looked at again after 15 s, not at the moment of the resume.
        time.sleep(max(0, asked + PAUSE_EFFECTIVE + (15 if self.control else 2) - time.time()))
        halted = {order.canary for order in orders.values() if order.channel in channels}
        self.arrivals.read()
        times = [(at, canary in halted) for canary, copies in self.arrivals.copies.items() for at, _ in copies]
        late = sum(1 for at, stopped in times if stopped and at > asked + PAUSE_EFFECTIVE)
        last = max((at for at, stopped in times if stopped), default=asked)
        waiting = halted - self.arrivals.copies.keys()
        self.stage.promise(f"{name}: nothing arrives later than {PAUSE_EFFECTIVE} s", late == 0, late=late)
        if not waiting and not self.control:
            raise stages.Fault(f"{name}: nothing was left to be stopped")
        if halted != {order.canary for order in orders.values()}:
            others = sum(1 for at, stopped in times if not stopped and at > returned)
            self.stage.promise(f"{name}: the other channel goes on", others > 0, arrived=others)
        self.command(*again)
        self.halts[name] = Halt(asked, returned, halted)
        self.stage.figures[name] = {
            "command_s": round(returned - asked, 2), "last_arrival_after_the_command_was_typed_s": round(last - asked, 2),
            "waited": len(waiting), "resumed_at": time.time()}
        self.site.drain(within=120)

    def cancel(self):
        orders = self.enqueue(self.stage.args.rate * 12)
        self.some_arrive(orders, 10)
        chosen = self.stage.random.sample(sorted(orders), len(orders) // 2)
        cancelled, refused = {}, 0
        for start in range(0, len(chosen), 50):
            answer = self.site.run("messages", "cancel", *chosen[start:start + 50], "--json")
            for item in answer.lines():
                if item.get("status") == "cancelled" and not item.get("detail"):
                    cancelled[item["id"]] = orders[item["id"]]
                else:
                    refused += 1
        if not cancelled:
            raise stages.Fault("nothing could be cancelled")
        if self.control:
            self._haunt(cancelled.values())
        self.site.drain(within=120)
        came = self.arrived(cancelled)
        self.cancelled = {order.canary for order in cancelled.values()}
        self.stage.promise("cancel: what was cancelled never arrives", not came, arrived=len(came))
        self.stage.figures["cancel"] = {"cancelled": len(cancelled), "too_late": refused}

    def withdraw(self, count):
        first = self.place
        rows = [f"ls:{Order(first + one, 'sms').canary};{Order(first + one, 'sms').address}" for one in range(count)]
        with open(self.stage.path("residents.csv"), "w", encoding="utf-8") as file:
            file.write("id;phone\n" + "\n".join(rows) + "\n")
        self.command("recipient", "import", self.stage.path("residents.csv"))
        orders = [Order(first + one, "sms", "payment_reminder") for one in range(count)]
        self.place += count
        # A crowd before them, or they would be gone before anybody could say a word: about half of the words shall be in
        # time, however slow this machine is with a command.
        patience = count / 4 * self.stage.figures["provider pause"]["command_s"]
        self.enqueue(int(self.stage.args.rate * (2 + patience)), "sms")
        ids = told(self.site.send(json.dumps(
            {**json.loads(order.body()), "to": {"recipient": f"ls:{order.canary}"}, "channels": ["sms"]})
            for order in orders))
        self.acknowledged += ids
        self.withdrawals = {}
        for order in self.stage.random.sample(orders, count // 2):
            asked, returned, _ = self.command("consent", "withdraw", f"ls:{order.canary}", "payment_reminder")
            self.withdrawals[order.canary] = Halt(asked, returned, {order.canary})
        self.site.drain(within=120)
        if self.control:
            time.sleep(TIMEOUT)
            self._haunt(order for order in orders if order.canary in self.withdrawals)

    def expire(self):
        self.expires = time.time() + 5
        stamp = datetime.datetime.fromtimestamp(self.expires, datetime.timezone.utc).isoformat(timespec="milliseconds")
        self.expiring = self.enqueue(self.stage.args.rate * 12, "sms", expires_at=stamp)
        self.site.drain(within=120)
        if self.control:
            time.sleep(max(0, self.expires + TIMEOUT + 0.5 - time.time()))
            self._haunt(self.expiring.values())

    def _haunt(self, orders):
        silent = [order for order in orders if order.channel == "sms" and order.canary not in self.arrivals.copies]
        if not silent:
            raise stages.Fault("the control finds nobody to haunt")
        haunt(self.stage, self.sandbox, silent[0])

    # MARK: the judgement

    def judge(self, books):
        self.arrivals.read()
        verdict = oracle.Verdict(self.stage, self.acknowledged, books, self.arrivals)
        verdict.promise()
        self.stage.figures.update(verdict.figures())
        messages = {message.canary: message for message in books.messages.values()}

        def begun(canary):
            return [attempt.began / 1000 for attempt in messages[canary].attempts]

        for name, halt in self.halts.items():
            until = self.stage.figures[name].pop("resumed_at")
            count = sum(1 for canary in halt.canaries for at in begun(canary) if halt.returned < at < until - 1)
            # What was committed as begun before the order was heard leaves.
            most = UNDER_WAY * (2 if name == "queue pause" else 1)
            self.stage.promise(f"{name}: at most {most} sends begin after the answer", count <= most, begun=count)
            self.stage.figures[name]["begun_after_the_answer"] = count
        states = {canary: message.state for canary, message in messages.items()}
        other = [canary for canary in self.cancelled if states[canary] != "cancelled"]
        self.stage.promise("cancel: and stays cancelled", not other, other=len(other))
        self._i6(states, begun)
        self._i7(states, begun)

    def _late(self, canary, limit):
        return [at for at, _ in self.arrivals.copies.get(canary, []) if at > limit]

    def _i6(self, states, begun):
        late = [canary for canary, halt in self.withdrawals.items() if self._late(canary, halt.returned + TIMEOUT)]
        after = sum(1 for canary, halt in self.withdrawals.items() for at in begun(canary) if at > halt.returned)
        ended = collections.Counter(states[canary] for canary in self.withdrawals)
        self.stage.promise("I6 no copy later than the withdrawal + one time-out", not late, late=len(late))
        self.stage.promise("I6 no send begins after the withdrawal was recorded", after == 0, begun=after)
        if not ended["suppressed"] and not self.control:
            raise stages.Fault(f"every withdrawal came too late: {dict(ended)}")
        self.stage.figures["withdrawals"] = {"count": len(self.withdrawals), "ended_as": dict(ended)}

    def _i7(self, states, begun):
        canaries = [order.canary for order in self.expiring.values()]
        late = [canary for canary in canaries if self._late(canary, self.expires + TIMEOUT)]
        after = sum(1 for canary in canaries for at in begun(canary) if at >= self.expires)
        ended = collections.Counter(states[canary] for canary in canaries)
        last = max((at - self.expires for canary in canaries for at, _ in self.arrivals.copies.get(canary, [])),
                   default=None)
        self.stage.promise("I7 no copy later than expires_at + one time-out", not late, late=len(late))
        self.stage.promise("I7 no send begins after expires_at", after == 0, begun=after)
        if not ended["expired"] and not self.control:
            raise stages.Fault(f"nothing expired: {dict(ended)}")
        self.stage.figures["expiry"] = {
            "ended_as": dict(ended), "last_arrival_after_expires_at_s": stages.rounded(last)}


def body(stage):
    stage.must_break = ("provider pause: nothing", "queue pause: nothing", "cancel: what", "I6 no copy", "I7 no copy")
    scene = Scene(stage)
    scene.pause("provider pause", ("provider", "pause", "sms-a"), ("provider", "resume", "sms-a"), {"sms"})
    scene.pause("queue pause", ("queue", "pause"), ("queue", "resume"), {"sms", "email"})
    stage.say("pauses done")
    scene.cancel()
    scene.withdraw(stage.args.residents)
    stage.say("withdrawals done")
    scene.expire()
    scene.serve.signal(signal.SIGTERM)
    code = scene.serve.end(60)
    scene.judge(Books(scene.site.database))
    stage.promise("the gateway ends with 0", code == 0, code=code)
    verify = scene.site.run("journal", "verify")
    stage.promise("the journal's chain holds", verify.code == 0, said=verify.err.strip()[-200:])


def main():
    parser = stages.parser(__doc__)
    parser.add_argument("--rate", type=int, default=40, help="messages a second that each account takes")
    parser.add_argument("--residents", type=int, default=200, help="half of them withdraw their consent")
    stages.run("halts", parser.parse_args(), body)


if __name__ == "__main__":
    main()
