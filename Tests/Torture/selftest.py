#!/usr/bin/env python3
"""The instruments themselves: each invariant notices its own kind of damage, the log reader understands what strace
writes, the disk model keeps to its rules, the proxy falls ill as told. Takes seconds, needs no gateway."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import types
import unittest

import oracle
import tracelog
from diskimages import Disk
from witnesses import Attempt, Order, number, seconds

HERE = os.path.dirname(os.path.abspath(__file__))


def attempt(place=1, channel="sms", began=1000, ended=2000, failure=None):
    return Attempt(place, channel, "sms-a", began, ended, failure)


def verdict(copies, attempts, state="sent", purpose="payment_reminder", acknowledged=1, strangers=()):
    """One message, number 1, canary 1000001."""
    message = types.SimpleNamespace(
        id=1, canary=1_000_001, purpose=purpose, state=state, attempts=attempts)
    books = types.SimpleNamespace(
        messages={1: message}, integrity=["ok"], twice=0, states=lambda: {state: 1})
    arrivals = types.SimpleNamespace(copies={1_000_001: copies} if copies else {}, strangers=list(strangers), total=1)
    stage = types.SimpleNamespace(example=lambda *_: None)
    told = ["msg_" + "0" * 12 + str(acknowledged)]
    counts = oracle.Verdict(stage, told, books, arrivals).counts
    return {name for name, count in counts.items() if count}


class Invariants(unittest.TestCase):
    def test_all_is_well(self):
        self.assertEqual(verdict([(1.5, "sms")], [attempt()]), set())

    def test_a_copy_without_an_answer_is_explained(self):
        attempts = [attempt(failure="no_answer"), attempt(2, began=3000, ended=4000)]
        self.assertEqual(verdict([(1.5, "sms"), (3.5, "sms")], attempts, purpose="outage_planned"), set())

    def test_each_notices_its_damage(self):
        one = [(1.5, "sms")]
        self.assertEqual(verdict(one, [attempt()], acknowledged=2), {"I1"})
        self.assertIn("I2", verdict([(1.5, "email")], [attempt()]))
        self.assertIn("I2", verdict([(0.5, "sms")], [attempt()]), "it left before it began")
        self.assertIn("I3", verdict(one * 2, [attempt()], purpose="outage_planned"))
        self.assertEqual(verdict(one * 2, [attempt(failure="no_answer"), attempt(2, began=2000, ended=3000)]) - {"I2"},
                         {"I4"})
        self.assertEqual(verdict([], [attempt()]), {"I5"})
        self.assertIn("I5", verdict(one, [], state="expired"))
        self.assertEqual(verdict(one, [attempt()], strangers=[{}]), {"I8"})
        overlap = [attempt(failure="address_busy"), attempt(2, began=1500, ended=3000)]
        self.assertEqual(verdict([(2.5, "sms")], overlap), {"I9"})

    def test_words(self):
        self.assertEqual(number("msg_0000000000010"), 32)
        self.assertEqual(seconds("1970-01-01T00:01:00.250000Z"), 60.25)
        self.assertEqual(json.loads(Order(3).body())["to"], {"email": "r1000003@sandbox.invalid"})


def hexed(data):
    return "".join(f"\\x{byte:02x}" for byte in data)


class LogReader(unittest.TestCase):
    def story(self, *lines):
        with tempfile.NamedTemporaryFile("w", suffix=".strace") as log:
            log.write("\n".join(lines) + "\n")
            log.flush()
            return tracelog.Story(log.name, "/d/v.db")

    def test_a_sync_in_two_lines_counts_from_its_beginning(self):
        wal = hexed(b"/d/v.db-wal")
        story = self.story(
            f'7 pwrite64(8<{wal}>, "{hexed(b"ab")}", 2, 32) = 2',
            f"7 fdatasync(8<{wal}> <unfinished ...>",
            f'9 pwrite64(8<{wal}>, "{hexed(b"cd")}", 2, 34 <unfinished ...>',
            "9 <... pwrite64 resumed>)           = 2",
            "7 <... fdatasync resumed>)          = 0")
        disk = Disk()
        for kind, what in story.steps:
            if kind == "operation":
                disk.operate(what)
            elif kind == "sync ends":
                disk.synced(what)
        self.assertEqual(disk.safe["-wal"], bytes(32) + b"ab")
        self.assertEqual([operation.data for operation in disk.pending], [b"cd"])

    def test_a_pretended_sync_is_none(self):
        story = self.story(f"7 fdatasync(8<{hexed(b'/d/v.db')}>) = 0 (INJECTED)")
        self.assertEqual(story.steps, [])

    def test_told_and_left(self):
        answer = b'{"id":"msg_06Z9YQZ600000"}'
        mail = b"Subject: x\r\nTo: <r1000003@sandbox.invalid>\r\n"
        story = self.story(
            f'7 writev(3<UNIX-STREAM:[1->2]>, [{{iov_base="{hexed(answer)}", iov_len=26}}], 1) = 26',
            f'7 sendto(4<TCP:[127.0.0.1:1->127.0.0.1:2]>, "{hexed(b"RCPT TO:<r1000009@s>")}", 20, 0, NULL, 0) = 20',
            f'7 sendto(4<TCP:[127.0.0.1:1->127.0.0.1:2]>, "{hexed(mail)}", 45, 0, NULL, 0) = 45')
        self.assertEqual(story.told, {"msg_06Z9YQZ600000"})
        self.assertEqual(story.left, {1_000_003})

    def test_images(self):
        disk = Disk()
        disk.operate(tracelog.Operation("write", "", 0, b"a" * 1024, 1, 2))
        disk.operate(tracelog.Operation("write", "", 512, b"b" * 1024, 3, 4))
        self.assertEqual(disk.image((), None)[0], {})
        self.assertEqual(bytes(disk.image((0, 1), 512)[0][""]), b"a" * 512 + b"b" * 512)
        self.assertEqual(bytes(disk.image((1,), None)[0][""]), bytes(512) + b"b" * 1024)
        disk.synced(tracelog.Sync("", 3, 5))
        self.assertEqual(len(disk.pending), 1, "what began after the sync did is not safe")


class Illnesses(unittest.TestCase):
    """Against a server that echoes."""

    def setUp(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()
        self.proxy = subprocess.Popen(
            [sys.executable, os.path.join(HERE, "proxy.py"), "--target",
             f"127.0.0.1:{self.server.getsockname()[1]}"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.port = json.loads(self.proxy.stdout.readline())["port"]

    def tearDown(self):
        self.proxy.stdin.close()
        self.proxy.wait(5)
        self.proxy.stdout.close()
        self.server.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            threading.Thread(target=self._echo, args=(connection,), daemon=True).start()

    @staticmethod
    def _echo(connection):
        with connection:
            try:
                while data := connection.recv(4096):
                    connection.sendall(data)
            except OSError:
                pass

    def become(self, **words):
        self.proxy.stdin.write(json.dumps(words) + "\n")
        self.proxy.stdin.flush()
        self.proxy.stdout.readline()

    def ask(self, patience=0.5):
        with socket.socket() as client:
            client.settimeout(patience)
            client.connect(("127.0.0.1", self.port))
            client.sendall(b"hello")
            return client.recv(16)

    def test_each_and_healing(self):
        self.assertEqual(self.ask(), b"hello")
        for words in ({"hang": True}, {"latency": 9}, {"black_hole": True}):
            self.become(**words)
            with self.assertRaises(TimeoutError, msg=str(words)):
                self.ask()
            self.become()
            self.assertEqual(self.ask(), b"hello", words)
        self.become(rate=1)
        self.assertEqual(self.ask(), b"h")
        self.become(reset=True)
        with self.assertRaises(ConnectionResetError):
            self.ask()
        self.become(cut_after=2)
        self.assertIn(self.ask(), (b"", b"he"))


if __name__ == "__main__":
    unittest.main()
