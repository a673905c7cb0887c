#!/usr/bin/env python3
"""Feedback, not hammering.

A mail server takes 5 connections and answers 421 to more, while the account may use 20: how many mails are put off for
it? (Postfix, with its best feedback, puts off 16.5 %.) Then an SMS provider answers 429 with Retry-After in seconds, as a
date, as nonsense: nothing may be asked of it before that time.

The control gives the mail server a temper: it says of every third mailbox that it is busy. (Not that the server itself
is in trouble: that is a reason to rest, and the mails would wait instead of being put off.) And a second account stands
behind the SMS provider that said 429: it knows nothing of the first one's pause."""

import asyncio
import collections
import email.utils
import sqlite3
import threading
import time

import gateway
import stage as stages
from witnesses import Order


class Server:
    """Listens on a free port, on a thread of its own; what is said there is the matter of `_talk`."""

    def __init__(self):
        self.port = None
        self._ready = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True).start()
        if not self._ready.wait(10):
            raise stages.Fault("a server of ours does not start")

    async def _serve(self):
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        async with server:
            await server.serve_forever()

    async def _connection(self, reader, writer):
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _talk(self, reader, writer):
        raise NotImplementedError


class MailServer(Server):
    """Speaks just enough SMTP."""

    def __init__(self, allowed, delay, temper=0):
        self.allowed, self.delay, self.temper = allowed, delay, temper
        self.recipients = 0
        self.open, self.most, self.refused, self.mails = 0, 0, 0, 0
        super().__init__()

    async def _talk(self, reader, writer):
        self.open += 1
        self.most = max(self.most, self.open)
        try:
            if self.open > self.allowed:
                self.refused += 1
                writer.write(b"421 4.7.0 too many connections from you\r\n")
                await writer.drain()
                return
            writer.write(b"220 storm.test ESMTP\r\n")
            await self._dialogue(reader, writer)
        finally:
            self.open -= 1

    def _recipient(self):
        self.recipients += 1
        return not (self.temper and self.recipients % self.temper == 0)

    async def _dialogue(self, reader, writer):
        # With PIPELINING the client may say DATA before it hears that its recipient was refused.
        known = False
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"EHLO":
                writer.write(b"250-storm.test\r\n250-PIPELINING\r\n250 8BITMIME\r\n")
            elif verb == b"DATA" and not known:
                writer.write(b"503 5.5.1 no valid recipient\r\n")
            elif verb == b"DATA":
                writer.write(b"354 go on\r\n")
                await writer.drain()
                while await reader.readline() != b".\r\n":
                    pass
                await asyncio.sleep(self.delay)
                self.mails, known = self.mails + 1, False
                writer.write(b"250 2.0.0 taken\r\n")
            elif verb == b"RCPT":
                known = self._recipient()
                writer.write(b"250 2.1.5 ok\r\n" if known else b"450 4.2.1 mailbox busy\r\n")
            elif verb == b"QUIT":
                writer.write(b"221 bye\r\n")
                return
            else:
                writer.write(b"250 2.0.0 ok\r\n")
            await writer.drain()


class Throttle(Server):
    """Kannel's answers over HTTP; the first request is answered with 429, everything before its time is noted."""

    def __init__(self, header, asked):
        self.header, self.asked = header, asked
        self.told, self.early, self.requests, self.first_taken = None, 0, 0, None
        super().__init__()

    async def _talk(self, reader, writer):
        while await reader.readline():
            length = 0
            while (line := await reader.readline()) not in (b"\r\n", b""):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            await reader.readexactly(length)
            writer.write(self._answer(time.monotonic()))
            await writer.drain()

    def _answer(self, now):
        self.requests += 1
        if self.told is None:
            self.told = now
            value = self.header() if callable(self.header) else self.header
            return (f"HTTP/1.1 429 Too Many Requests\r\nRetry-After: {value}\r\nContent-Length: 0\r\n\r\n").encode()
        # What was on its way already when we said it is not early: a moment is allowed.
        if 0.3 < now - self.told < self.asked:
            self.early += 1
        if now - self.told >= self.asked and self.first_taken is None:
            self.first_taken = now - self.told
        return b"HTTP/1.1 202 Accepted\r\nContent-Type: text/plain\r\nContent-Length: 25\r\n\r\n0: Accepted for delivery\n"


def storm(stage):
    args = stage.args
    server = MailServer(args.allowed, args.delay / 1000, temper=3 if args.control else 0)
    site = gateway.Site(
        stage, {"smtp-main": gateway.smtp(server.port, concurrency=args.wanted)}, folder=stage.path("storm"),
        worker={"retry": "[1s, 2s, 5s, 10s, 30s, 30s, 30s, 30s]"})
    sent = site.send(Order(place, "email").body() for place in range(args.mails))
    if sent.code != 0:
        raise stages.Fault(f"send: {sent.code} {sent.err[-2000:]}")
    began = time.monotonic()
    worker = site.start("worker")
    worker.line("ready")
    site.drain(within=240)
    seconds = time.monotonic() - began
    worker.signal(15)
    worker.end(30)
    books = sqlite3.connect(f"file:{site.database}?mode=ro", uri=True)
    attempts, messages = books.execute("SELECT count(*), count(DISTINCT message) FROM attempts").fetchone()
    put_off = books.execute("SELECT count(*) FROM attempts WHERE failure_reason IS NOT NULL").fetchone()[0]
    by_reason = collections.Counter(
        dict(books.execute("SELECT failure_reason, count(*) FROM attempts WHERE failure_reason IS NOT NULL GROUP BY 1")))
    books.close()
    share = put_off / args.mails
    stage.figures["storm"] = {
        "mails": args.mails, "connections_allowed": server.allowed, "connections_wanted": args.wanted,
        "connections_refused": server.refused, "attempts": attempts, "put_off": put_off,
        "put_off_share": round(share, 4), "by_reason": by_reason, "seconds": round(seconds, 1)}
    stage.promise("every mail arrived once", server.mails == args.mails == messages, mails=server.mails)
    stage.promise("at most 17 % are put off", share <= 0.17, share=round(share, 4))
    stage.promise(
        "connections refused stay few", server.refused <= 0.17 * args.mails, refused=server.refused)


def throttled(stage, name, header, asked):
    far = Throttle(header, asked)
    providers = {"sms-a": gateway.kannel(far.port)}
    if stage.args.control:
        # Slow both, so that whichever did not hear the 429 still has something to say after a moment.
        providers = {name: gateway.kannel(far.port, rate="2/s") for name in ("sms-a", "sms-b")}
    site = gateway.Site(stage, providers, folder=stage.path(name))
    site.send(Order(place, "sms").body() for place in range(40))
    worker = site.start("worker")
    worker.line("ready")
    deadline = time.monotonic() + asked + 30
    while time.monotonic() < deadline and far.first_taken is None:
        time.sleep(0.1)
    worker.signal(15)
    worker.end(30)
    stage.figures[f"retry_after_{name}"] = {
        "header": header() if callable(header) else header, "asked_s": asked, "early": far.early,
        "next_after_s": stages.rounded(far.first_taken), "requests": far.requests}
    stage.promise(f"Retry-After {name}: nothing before its time", far.early == 0, early=far.early)
    stage.promise(f"Retry-After {name}: goes on afterwards", far.first_taken is not None, after=far.first_taken)


def body(stage):
    stage.must_break = ("put off", "before its time")
    storm(stage)
    date = lambda: email.utils.formatdate(time.time() + 9, usegmt=True)  # noqa: E731
    # Nonsense is no time: our own first pause (15 s, ± a quarter) holds.
    for name, header, asked in (
            ("seconds", "7", 7), ("date", date, 7), ("garbage", "soon", 10), ("negative", "-1", 10)):
        throttled(stage, name, header, asked)


def main():
    parser = stages.parser(__doc__)
    parser.add_argument("--mails", type=int, default=2000)
    parser.add_argument("--allowed", type=int, default=5, help="connections that the mail server takes")
    parser.add_argument("--wanted", type=int, default=20, help="connections that the account may use")
    parser.add_argument("--delay", type=int, default=20, help="milliseconds before the reply after the dot")
    stages.run("storm", parser.parse_args(), body)


if __name__ == "__main__":
    main()
