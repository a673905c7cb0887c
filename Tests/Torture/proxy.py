#!/usr/bin/env python3
"""A TCP proxy with an illness. It listens on loopback, passes everything on to a target on loopback, and does to
connections what it is told, at once and to those that are open too.

    python3 proxy.py --target 127.0.0.1:8025 --seed 1     prints {"port": N}; a line of JSON on stdin changes it:
    {"latency": 30}          each answer comes so many seconds later
    {"rate": 1}              so many bytes a second, each way
    {"hang": true}           accepts, and passes nothing on
    {"reset": true}          RST to everybody
    {"black_hole": true}     connecting never completes: the queue of the listening socket is full
    {"cut_after": 200}       FIN after so many bytes from the client; with "reset": true a RST instead
    {"probability": 0.1}     together with the above: only so many connections fall ill; drawn once per connection
    {}                       healthy again
"""

import argparse
import asyncio
import json
import random
import socket
import struct
import sys
import time

HEALTHY = {"latency": 0, "rate": 0, "hang": False, "reset": False, "black_hole": False, "cut_after": None,
           "probability": 1.0}


class Illness:
    """What is wrong at present; changes wake whoever waits."""

    def __init__(self):
        self.words, self.changed = dict(HEALTHY), asyncio.Event()

    def set(self, words):
        strangers = words.keys() - HEALTHY.keys()
        if strangers:
            raise ValueError(f"no such illness: {', '.join(sorted(strangers))}")
        self.words = {**HEALTHY, **words}
        self.changed.set()
        self.changed = asyncio.Event()


class Connection:
    """One client and one connection to the target."""

    def __init__(self, proxy, reader, writer):
        self.proxy, self.reader, self.writer = proxy, reader, writer
        self.lot, self.from_client, self.target = proxy.random.random(), 0, None

    @property
    def words(self):
        words = self.proxy.illness.words
        return words if self.lot < words["probability"] else HEALTHY

    async def run(self):
        if self._resets_at_once():
            return self.abort()
        try:
            reader, self.target = await asyncio.open_connection(*self.proxy.target)
            up = asyncio.create_task(self._pump(self.reader, self.target, upwards=True))
            down = asyncio.create_task(self._pump(reader, self.writer, upwards=False))
            done, pending = await asyncio.wait((up, down), return_when=asyncio.FIRST_COMPLETED)
            # A half-closed side may still have its answer to come.
            if up in done and not up.exception() and up.result() == "end of the client" and pending:
                await asyncio.wait(pending, timeout=60)
            for task in (up, down):
                task.cancel()
            await asyncio.gather(up, down, return_exceptions=True)
        except OSError:
            pass
        finally:
            self.close()
        return None

    def _resets_at_once(self):
        return self.words["reset"] and self.words["cut_after"] is None

    async def _pump(self, source, sink, upwards):
        while chunk := await self._read(source):
            chunk = self._cut(chunk) if upwards else chunk
            if not upwards and self.words["latency"]:
                await self._wait(self.words["latency"])
            await self._pass_on(chunk, sink)
            if upwards and self._is_cut():
                return self.abort() if self.words["reset"] else self.close()
        if sink.can_write_eof():
            sink.write_eof()
        return "end of the client" if upwards else "end of the target"

    async def _read(self, source):
        try:
            return await source.read(65536)
        except OSError:
            return b""

    async def _pass_on(self, chunk, sink):
        while chunk:
            if self.words["hang"] or self.words["black_hole"]:
                await self.proxy.illness.changed.wait()
                continue
            rate = self.words["rate"]
            piece = chunk[:max(1, int(rate))] if rate else chunk
            sink.write(piece)
            await sink.drain()
            chunk = chunk[len(piece):]
            if rate and chunk:
                await self._wait(len(piece) / rate)

    async def _wait(self, seconds):
        """As told, or until it is told otherwise."""
        changed = self.proxy.illness.changed
        try:
            await asyncio.wait_for(changed.wait(), seconds)
        except asyncio.TimeoutError:
            pass

    def _cut(self, chunk):
        limit = self.words["cut_after"]
        if limit is not None:
            chunk = chunk[:max(0, limit - self.from_client)]
        self.from_client += len(chunk)
        return chunk

    def _is_cut(self):
        limit = self.words["cut_after"]
        return limit is not None and self.from_client >= limit

    def abort(self):
        """RST, not FIN."""
        connection = self.writer.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()
        if self.target:
            self.target.transport.abort()

    def close(self):
        for side in (self.writer, self.target):
            if side:
                side.close()


class Proxy:
    """The listening socket is our own: a black hole needs one that nobody accepts from."""

    def __init__(self, target, seed, port=0):
        self.target, self.random, self.illness = target, random.Random(seed), Illness()
        self.connections, self.fillers, self.accepted = set(), [], []
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", port))
        self.listener.setblocking(False)
        self.listener.listen(128)
        self.tasks = set()

    @property
    def port(self):
        return self.listener.getsockname()[1]

    def open(self):
        asyncio.get_running_loop().add_reader(self.listener, self._accept)

    def _accept(self):
        while True:
            try:
                connection, peer = self.listener.accept()
            except BlockingIOError:
                return
            if peer in self.fillers_names():
                connection.close()
                continue
            self.accepted.append(time.time())
            task = asyncio.create_task(self._serve(connection))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def _serve(self, accepted):
        reader, writer = await asyncio.open_connection(sock=accepted)
        connection = Connection(self, reader, writer)
        self.connections.add(connection)
        try:
            await connection.run()
        finally:
            self.connections.discard(connection)

    def fillers_names(self):
        return {filler.getsockname() for filler in self.fillers}

    async def become(self, words):
        was = self.illness.words["black_hole"]
        self.illness.set(words)
        if self.illness.words["black_hole"] and not was:
            await self._dig()
        elif was and not self.illness.words["black_hole"]:
            self._fill_up()
        for connection in list(self.connections):
            if connection._resets_at_once():  # pylint: disable=protected-access
                connection.abort()

    async def _dig(self):
        """No more accepting, the shortest queue there is, and connections of our own to fill it."""
        asyncio.get_running_loop().remove_reader(self.listener)
        self.listener.listen(0)
        for _ in range(64):
            filler = socket.socket()
            filler.setblocking(False)
            try:
                filler.connect(("127.0.0.1", self.port))
            except BlockingIOError:
                pass
            self.fillers.append(filler)
            await asyncio.sleep(0.05)
            if filler.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] != 1:  # not established: the queue is full
                return

    def _fill_up(self):
        self.listener.listen(128)
        names = self.fillers_names()
        self.open()
        self._accept()
        for filler in self.fillers:
            filler.close()
        self.fillers = []
        return names


async def serve(args):
    host, _, port = args.target.rpartition(":")
    if host not in ("127.0.0.1", "localhost"):
        raise SystemExit("loopback only")
    proxy = Proxy((host, int(port)), args.seed, args.port)
    proxy.open()
    print(json.dumps({"port": proxy.port, "seed": args.seed}), flush=True)
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    # The end of stdin is the end of whoever told us what to do.
    while line := await lines.readline():
        words = json.loads(line)
        if words == "connections":
            print(json.dumps({"connections": proxy.accepted}), flush=True)
            continue
        await proxy.become(words)
        print(json.dumps({"now": proxy.illness.words}), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", required=True, help="127.0.0.1:PORT")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    print(f"proxy: seed {args.seed}", file=sys.stderr, flush=True)
    asyncio.run(serve(args))


if __name__ == "__main__":
    main()
