#!/usr/bin/env python3
"""P6: one sick provider does not slow the others. Three channels with one provider each and a steady load on all; one
of them sits behind `proxy.py` and falls ill in one way after the other, each time with a fresh gateway.

Promised: the others keep ≥ 0.9 of their rate and a p95 from accepting to arriving of ≤ 1.2 × the baseline (or 0.1 s
more, where the baseline itself is smaller than the noise), memory grows by ≤ 50 MB, the sick one is paused within 30 s
and then tried at most once in 10 s, and is back at ≥ 0.9 of the rate within 60 s of healing. The control puts a second provider
behind the same proxy: then the promise about the others must break.
"""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time

import gateway
import oracle
import stage as stages
from witnesses import FIRST, Arrivals, Books, Order

WAYS = {
    "latency": {"latency": 30}, "hang": {"hang": True}, "black_hole": {"black_hole": True}, "drip": {"rate": 1},
    "reset": {"reset": True}}
CHANNELS = ("sms", "email", "max")
PROVIDERS = {"sms": "sms-a", "email": "smtp-main", "max": "max-main"}
# How long we look back to say how fast a channel is now.
WINDOW = 5


def order(place):
    """By turns over the channels; half of a kind that may be repeated, half of a kind that may not."""
    return Order(place, CHANNELS[place % 3], ("payment_reminder", "outage_planned")[place // 3 % 2])


def channel_of(canary):
    return CHANNELS[(canary - FIRST) % 3]


class Proxy:
    """`proxy.py` as a process: its work must not stand in the way of ours."""

    def __init__(self, stage, target):
        self.popen = subprocess.Popen(
            [sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), "proxy.py"),
             "--target", f"127.0.0.1:{target}", "--seed", str(stage.args.seed)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        stage.running.append(self)
        self.port = json.loads(self.popen.stdout.readline())["port"]

    def become(self, words):
        self.popen.stdin.write(json.dumps(words) + "\n")
        self.popen.stdin.flush()
        self.popen.stdout.readline()

    def kill(self):
        self.popen.kill()
        self.popen.wait()


class Load(threading.Thread):
    """So many messages a second on each channel, enqueued by `vestnik send` once a second."""

    def __init__(self, site, rate):
        super().__init__(daemon=True)
        self.site, self.rate, self.stopping = site, rate, threading.Event()
        self.acknowledged, self.refused, self.place, self.late = [], [], 0, 0.0

    def run(self):
        began, tick = time.monotonic(), 0
        while not self.stopping.is_set():
            bodies = [order(self.place + one).body() for one in range(self.rate * 3)]
            self.place += len(bodies)
            answer = self.site.send(bodies, name="load.ndjson")
            self.acknowledged += answer.ids()
            if answer.code != 0:
                self.refused.append(answer.err.strip()[-300:])
            tick += 1
            wait = began + tick - time.monotonic()
            self.late = max(self.late, -wait)
            self.stopping.wait(max(0, wait))

    def stop(self):
        self.stopping.set()
        self.join(60)


class Watch(threading.Thread):
    """Samples the memory of the gateway and what its books say of the sick provider."""

    def __init__(self, site, pid, provider):
        super().__init__(daemon=True)
        self.site, self.pid, self.provider = site, pid, provider
        self.memory, self.pauses, self.stopping = [], [], threading.Event()

    def run(self):
        while not self.stopping.wait(0.25):
            try:
                self._sample()
            except (OSError, sqlite3.Error, TypeError):
                continue

    def _sample(self):
        with open(f"/proc/{self.pid}/status", encoding="ascii") as status:
            self.memory.append((time.time(), int(re.search(r"VmRSS:\s+(\d+)", status.read())[1]) / 1024))
        connection = sqlite3.connect(f"file:{self.site.database}?mode=ro", uri=True, timeout=1)
        try:
            row = connection.execute(
                "SELECT paused_until, reason FROM provider_states WHERE provider = ?", (self.provider,)).fetchone()
        finally:
            connection.close()
        now = time.time()
        if row and row[0] and row[0] / 1000 > now:
            self.pauses.append((now, row[0] / 1000, row[1]))

    def stop(self):
        self.stopping.set()
        self.join(10)

    def memory_between(self, start, end):
        return [megabytes for at, megabytes in self.memory if start <= at < end]


class Illness:
    """One way of being ill, from a fresh gateway to its end."""

    def __init__(self, stage, way, sandbox, proxy, arrivals, first):
        self.stage, self.way, self.proxy, self.arrivals = stage, way, proxy, arrivals
        self.sick = stage.args.sick
        self.site = gateway.Site(stage, providers(stage, sandbox, proxy), folder=stage.path("site-" + way))
        self.load = Load(self.site, stage.args.rate)
        # Canaries go on from one way to the next: the sandbox and its log are the same.
        self.load.place = first

    def run(self):
        args = self.stage.args
        serve = self.site.start("serve")
        serve.line("ready api=")
        watch = Watch(self.site, serve.pid, PROVIDERS[self.sick])
        watch.start()
        self.load.start()
        # The first seconds open connections and fill caches.
        time.sleep(3)
        self.base = time.time()
        time.sleep(args.baseline)
        self.proxy.become(WAYS[self.way])
        self.fell_ill = time.time()
        self.stage.say(f"{self.way}: ill")
        time.sleep(args.seconds)
        self.proxy.become({})
        self.healed = time.time()
        self.back = self._until_back()
        self.load.stop()
        self.ended = time.time()
        watch.stop()
        serve.signal(signal.SIGTERM)
        code = serve.end(90)
        self.arrivals.read()
        self._judge(Books(self.site.database), watch, code)
        return self.load.place

    def _until_back(self):
        """Seconds from healing until the sick channel is as fast as the load again; None: not within a minute."""
        recent = []
        while time.time() < self.healed + 60 + WINDOW:
            recent += [at for canary, at in self.arrivals.read() if channel_of(canary) == self.sick]
            now = time.time()
            recent = [at for at in recent if at > max(now - WINDOW, self.healed)]
            if len(recent) >= 0.9 * self.stage.args.rate * WINDOW:
                return now - self.healed
            time.sleep(0.1)
        return None

    def _judge(self, books, watch, code):
        phases = {"baseline": (self.base, self.fell_ill), "ill": (self.fell_ill, self.healed)}
        speeds = {name: self._speeds(books, *span) for name, span in phases.items()}
        figures = {"rate_offered_per_channel": self.stage.args.rate, "speeds": speeds,
                   "late_ticks_max_s": stages.rounded(self.load.late), "sends_refused": len(self.load.refused)}
        for channel in CHANNELS:
            if channel != self.sick:
                self._judge_other(channel, speeds["baseline"][channel], speeds["ill"][channel])
        self._judge_sick(books, watch, figures)
        self._judge_memory(watch, figures)
        verdict = oracle.Verdict(self.stage, self.load.acknowledged, books, self.arrivals.of(books))
        for name in ("I1", "I2", "I3", "I4"):
            self.stage.promise(f"{self.way}: {name} {verdict.WORDS[name]}", verdict.counts[name] == 0,
                               broken=verdict.counts[name])
        self.stage.promise(f"{self.way}: the gateway ends with 0", code == 0, code=code)
        figures["states"] = books.states()
        figures["unconfirmed_attempts"] = verdict.unconfirmed_attempts
        self.stage.figures[self.way] = figures

    def _speeds(self, books, start, end):
        speeds = {}
        for channel in CHANNELS:
            offered = [message for message in books.messages.values()
                       if channel_of(message.canary) == channel and start <= message.accepted_at / 1000 < end]
            delays, missing, arrived = [], 0, 0
            for message in offered:
                copies = self.arrivals.copies.get(message.canary)
                if copies:
                    delays.append(copies[0][0] - message.accepted_at / 1000)
                    arrived += copies[0][0] < end + 1
                else:
                    missing += 1
            slowest = stages.percentile(delays + [float("inf")] * missing, 0.95)
            speeds[channel] = {
                "offered": len(offered), "arrived_in_time": arrived, "never_arrived": missing,
                "share": stages.rounded(arrived / max(1, len(offered))),
                "p50_s": stages.rounded(stages.percentile(delays, 0.5)),
                "p95_s": None if slowest in (None, float("inf")) else stages.rounded(slowest)}
        return speeds

    def _judge_other(self, channel, base, ill):
        rate = ill["share"] / max(0.001, base["share"])
        self.stage.promise(f"{self.way}: {channel} keeps ≥ 0.9 of its rate", rate >= 0.9, rate=round(rate, 3))
        limit = max(1.2 * base["p95_s"], base["p95_s"] + 0.1) if base["p95_s"] is not None else 0
        self.stage.promise(
            f"{self.way}: {channel} keeps its p95", ill["p95_s"] is not None and ill["p95_s"] <= limit,
            baseline_s=base["p95_s"], ill_s=ill["p95_s"])

    def _judge_sick(self, books, watch, figures):
        pauses = [pause for pause in watch.pauses if pause[0] >= self.fell_ill]
        paused_after = pauses[0][0] - self.fell_ill if pauses and pauses[0][0] < self.healed else None
        if paused_after is not None or self.stage.args.seconds >= 30:
            self.stage.promise(f"{self.way}: {self.sick} is paused within 30 s",
                               paused_after is not None and paused_after <= 30, seconds=stages.rounded(paused_after))
        else:
            self.stage.say(f"{self.way}: ill for less than 30 s, so the pause is not judged")
        probes = None
        if paused_after is not None:
            start = self.fell_ill + paused_after
            began = [attempt.began / 1000 for message in books.messages.values() for attempt in message.attempts
                     if attempt.provider == PROVIDERS[self.sick]]
            probes = sum(1 for at in began if start < at < self.healed) / max(1.0, (self.healed - start) / 10)
            self.stage.promise(f"{self.way}: then at most one probe in 10 s", probes <= 1, probes=round(probes, 2))
        self.stage.promise(f"{self.way}: back within 60 s of healing", self.back is not None and self.back <= 60,
                           seconds=stages.rounded(self.back, 1))
        figures.update({
            "seconds_to_pause": stages.rounded(paused_after), "probes_per_10_s": stages.rounded(probes),
            "pause_reasons": sorted({reason for _, _, reason in pauses if reason}),
            "back_after_s": stages.rounded(self.back, 1)})

    def _judge_memory(self, watch, figures):
        before = watch.memory_between(self.base, self.fell_ill)
        after = watch.memory_between(self.fell_ill, self.ended)
        growth = max(after, default=0) - max(before, default=0)
        self.stage.promise(f"{self.way}: memory grows by ≤ 50 MB", growth <= 50, megabytes=round(growth, 1))
        figures["memory_mb"] = {"baseline_max": stages.rounded(max(before, default=0), 1), "growth": round(growth, 1)}


def second(sick):
    """The one that the control makes ill too: it must speak the protocol of the first."""
    return "max" if sick == "sms" else "sms"


def providers(stage, sandbox, proxy):
    """The sick one behind the proxy; in the control one more."""
    behind = {stage.args.sick} | ({second(stage.args.sick)} if stage.args.control else set())
    # A time-out below the 30 s within which a sick provider must be noticed.
    times = {"timeout": "10s", "connect_timeout": "5s"}

    def port(channel):
        return proxy.port if channel in behind else sandbox.http

    return {
        "smtp-main": gateway.smtp(sandbox.smtp, **times), "sms-a": gateway.kannel(port("sms"), **times),
        "max-main": gateway.messenger_max(port("max"), **times)}


def body(stage):
    args = stage.args
    stage.must_break = (f"hang: {second(args.sick)} keeps ≥ 0.9",)
    ways = ["hang"] if args.control else args.ways.split(",")
    sandbox = gateway.Sandbox(stage, chaos=[f"delay={args.delay}"])
    arrivals, place = Arrivals(sandbox.log), 0
    for way in ways:
        proxy = Proxy(stage, sandbox.http)
        place = Illness(stage, way, sandbox, proxy, arrivals, place).run()
        proxy.kill()


def main():
    parser = stages.parser(__doc__)
    parser.add_argument("--seconds", type=float, default=120, help="how long it is ill, each way")
    parser.add_argument("--baseline", type=float, default=20, help="seconds of health before")
    parser.add_argument("--rate", type=int, default=20, help="messages a second on each channel")
    parser.add_argument("--sick", choices=("sms", "max"), default="sms")
    parser.add_argument("--ways", default=",".join(WAYS), help="of " + ", ".join(WAYS))
    parser.add_argument("--delay", type=int, default=4, help="milliseconds before each answer of the sandbox")
    args = parser.parse_args()
    strangers = set(args.ways.split(",")) - WAYS.keys()
    if strangers:
        parser.error(f"no such way: {', '.join(sorted(strangers))}")
    stages.run("sick", args, body)


if __name__ == "__main__":
    main()
