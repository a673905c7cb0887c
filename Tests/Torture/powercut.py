#!/usr/bin/env python3
"""P1: "accepted" means on the disk. One real `vestnik serve` is traced while clients enqueue and the sandbox receives;
from that one log the disk images that a power cut allows are rebuilt and opened.

Promised of each: SQLite finds it whole, every message acknowledged before the cut is in it, and no message whose bytes
had left for a provider still waits as if nothing had happened.

The control runs the same examination over (1) a small writer with the gateway's own schema and synchronous=FULL, which
must pass, (2) the same writer with synchronous=NORMAL, and (3) the real gateway on a disk that only pretends to sync
(strace answers fdatasync itself). 2 and 3 must fail.
"""

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

import gateway
import stage as stages
import tracelog
from diskimages import Examination, Looker
from witnesses import Books, Order, number

SCHEMA = os.path.join(stages.PROJECT, "Sources/StoreSQLite/Migrations/0001-tables.sql")
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def body(stage):
    if not shutil.which("strace"):
        raise stages.Skip("strace is not installed: .ci/setup tests")
    args = stage.args
    if args.messages is None:
        # 1500 write more than 4000 pages, so that checkpoints and a second round through the log are in the story.
        args.messages = 1500 if args.images >= 2000 else 60
    if not args.control:
        starts = Starts(stage, 3 if args.images < 2000 else 20, args.images)
        examine(stage, "gateway", *record_gateway(stage, "gateway", args.messages), starts)
        starts.promise()
        return
    control(stage)


def control(stage):
    args = stage.args
    stage.must_break = ("writer with NORMAL: nothing acknowledged", "on a disk that lies: nothing acknowledged")
    # Neither needs as many images as the proof itself: the first loss is enough.
    args.images = min(args.images, 1000)
    full = examine(stage, "writer with FULL", *record_writer(stage, "FULL", args.messages))
    if full.images_that_lost or full.corrupt or full.images_unbegun:
        raise stages.Fault("the examiner calls a good writer bad")
    examine(stage, "writer with NORMAL", *record_writer(stage, "NORMAL", args.messages))
    examine(stage, "gateway on a disk that lies",
            *record_gateway(stage, "lying", min(args.messages, 100), "-e", "inject=fdatasync,fsync:retval=0"))


def examine(stage, name, story, ids_by_canary, also=lambda files: None):
    args = stage.args
    stage.say(f"{name}: {len(story.steps)} steps, {len(story.told)} acknowledged, {len(story.left)} sent")
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    bits = {}
    told = frozenset(number(text) for text in story.told)
    # The log tells ids as clients read them; the database keeps integers.
    story.steps = [
        (kind, frozenset(number(text) for text in what) if kind == "told" else what) for kind, what in story.steps]
    with tempfile.TemporaryDirectory(prefix="vestnik-torture-", dir=memory) as folder:
        examination = Examination(story, Looker(folder, bits, ids_by_canary, also), args.images, args.seed, stage.say)
        examination.run()
    figures = examination.figures()
    stage.figures[name] = figures
    for example in examination.examples:
        stage.example(name, example)
    for complaint in list(examination.corrupt.values())[:3]:
        stage.example(name, complaint)
    stage.promise(f"{name}: nothing acknowledged is lost", figures["images_that_lost"] == 0,
                  images=figures["images_that_lost"], most=figures["most_messages_lost"])
    stage.promise(f"{name}: every image is whole", figures["images_corrupt"] == 0, images=figures["images_corrupt"])
    stage.promise(f"{name}: nothing sent waits as if it had not been",
                  figures["images_where_a_sent_message_waits"] == 0,
                  images=figures["images_where_a_sent_message_waits"])
    stage.promise(f"{name}: enough images", examination.distinct >= args.images or not examination.wanted,
                  images=examination.distinct, wanted=args.images)
    assert told, "nothing was acknowledged: nothing was checked"
    return examination


class Starts:
    """The gateway itself starts on some of the images, on more of the early ones: there the database is being made."""

    def __init__(self, stage, wanted, images):
        self.stage, self.seen, self.done, self.bad = stage, 0, 0, []
        late = max(1, wanted * 3 // 4)
        # The first dozens are images of the first start; the others are spread over all that are asked for.
        self.places = {place * 4 for place in range(wanted - late)} | {
            100 + place * max(1, images - 100) // late for place in range(late)}
        # Nobody listens on port 9: what waits stays.
        self.site = gateway.Site(
            stage, {"smtp-main": gateway.smtp(9), "sms-a": gateway.kannel(9)}, folder=stage.path("start"))

    def __call__(self, files):
        self.seen += 1
        if self.seen - 1 not in self.places:
            return
        for name in ("", "-wal", "-journal", "-shm", ".lock"):
            if os.path.exists(self.site.database + name):
                os.unlink(self.site.database + name)
        for name, content in files.items():
            with open(self.site.database + name, "wb") as file:
                file.write(content)
        self.done += 1
        said = self._start()
        if said:
            self.bad.append(said)
            self.stage.example("start", {"image": self.seen, "said": said[-600:]})

    def _start(self):
        worker = self.site.start("worker")
        try:
            worker.line("ready worker", within=60)
        except stages.Fault as fault:
            worker.kill()
            return str(fault)
        worker.signal(signal.SIGTERM)
        code = worker.end(60)
        verify = self.site.run("journal", "verify")
        return None if code == 0 and verify.code == 0 else f"{code} {verify.out}{verify.err}"

    def promise(self):
        self.stage.figures["starts_of_the_gateway_on_images"] = self.done
        self.stage.promise("the gateway starts on an image, and its journal's chain holds", self.done and not self.bad,
                           starts=self.done, bad=len(self.bad))


# The gateway


def record_gateway(stage, name, messages, *inject):
    sandbox = gateway.Sandbox(stage)
    site = gateway.Site(
        stage, {"smtp-main": gateway.smtp(sandbox.smtp), "sms-a": gateway.kannel(sandbox.http)},
        folder=stage.path(name))
    log = stage.path(name + ".strace")
    serve = site.start("serve", prefix=tracelog.strace(log, *inject))
    serve.line("ready", within=120)
    told = send_in_turns(stage, site, messages)
    site.drain(within=120 + messages)
    with open(site.database + ".lock", encoding="utf-8") as lock:
        os.kill(int(re.search(r"pid (\d+)", lock.read())[1]), signal.SIGTERM)
    if serve.end(120) != 0:
        raise stages.Fault(f"the gateway ended badly: {serve.err()[-2000:]}")
    sandbox.process.kill()
    story = tracelog.Story(log, site.database)
    os.unlink(log)
    books = Books(site.database)
    stage.promise(f"{name}: the log shows every acknowledgement", story.told == set(told),
                  clients=len(told), log=len(story.told))
    stage.promise(f"{name}: the log shows every message leave", len(story.left) == messages,
                  sent=len(story.left), messages=messages)
    return story, {message.canary: message.id for message in books.messages.values()}


def send_in_turns(stage, site, messages):
    """A third by clients one after the other, the rest by four at a time."""
    orders = [Order(place).body() for place in range(messages)]
    told, third = [], max(1, messages // 3)
    for start in range(0, third, 25):
        told += told_by(site.send(orders[start:min(start + 25, third)]))
    rest, share = orders[third:], -(-(messages - third) // 4)
    answers = []
    threads = [
        threading.Thread(target=lambda part=part: answers.append(
            site.send(rest[part * share:(part + 1) * share], name=f"part-{part}.ndjson"))) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for answer in answers:
        told += told_by(answer)
    stage.say(f"{len(told)} acknowledged")
    return told


def told_by(answer):
    if answer.code != 0:
        raise stages.Fault(f"send: {answer.code} {answer.err[-2000:]}")
    return answer.ids()


# The writer of the control


def record_writer(stage, synchronous, messages):
    """A traced process of this very script that accepts and sends as the gateway does, in few lines."""
    name = f"writer-{synchronous}"
    folder = stage.path(name)
    os.makedirs(folder)
    database, log = os.path.join(folder, "vestnik.db"), stage.path(name + ".strace")
    with socket.socket(socket.AF_UNIX) as clients, socket.socket() as provider:
        clients.bind(os.path.join(folder, "control.sock"))
        provider.bind(("127.0.0.1", 0))
        for listener in (clients, provider):
            listener.listen()
            threading.Thread(target=swallow, args=(listener,), daemon=True).start()
        subprocess.run(
            [*tracelog.strace(log), sys.executable, os.path.abspath(__file__), "--writer", synchronous, database,
             str(provider.getsockname()[1]), str(messages)],
            check=True, timeout=300, stdin=subprocess.DEVNULL)
    story = tracelog.Story(log, database)
    os.unlink(log)
    return story, {Order(place).canary: place + 1 for place in range(messages)}


def swallow(listener):
    try:
        connection, _ = listener.accept()
        while connection.recv(65536):
            pass
    except OSError:
        pass


def write(synchronous, database, port, messages):
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {synchronous}")
    with open(SCHEMA, encoding="utf-8") as file:
        connection.executescript("BEGIN IMMEDIATE;" + file.read() + "COMMIT;")
    client, provider = socket.socket(socket.AF_UNIX), socket.create_connection(("127.0.0.1", port))
    client.connect(os.path.join(os.path.dirname(database), "control.sock"))
    for place in range(messages):
        message, canary = place + 1, Order(place).canary
        accept(connection, message)
        client.send(f'{{"id":"{text_id(message)}"}}'.encode())
        begin(connection, message)
        provider.send(f"X-Kannel-To: 7900{canary}\r\n".encode())
    connection.close()


def accept(connection, message):
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(
        "INSERT INTO messages (id, client, purpose, template, template_version, locale, priority, expires_at,"
        " accepted_at, variables) VALUES (?, 'cli', 'news', 'news', 'v', 'ru', 2, 0, 0, ?)", (message, bytes(400)))
    connection.execute(
        "INSERT INTO queue (channel, priority, due_at, id, expires_at, attempts, submissions, reach, deaths)"
        " VALUES ('sms', 2, 0, ?, 0, 0, 0, 0, 0)", (message,))
    connection.execute("COMMIT")


def begin(connection, message):
    now = int(time.time() * 1000)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("DELETE FROM queue WHERE id = ?", (message,))
    connection.execute(
        "INSERT INTO inflight (id, token, session, lease_until, queue_channel, priority, due_at, expires_at, attempts,"
        " submissions, reach, deaths, began_at) VALUES (?, ?, 1, 0, 'sms', 2, 0, 0, 0, 0, 0, 0, ?)",
        (message, message, now))
    connection.execute("COMMIT")


def text_id(message):
    digits = ""
    for _ in range(13):
        message, digit = divmod(message, 32)
        digits = ALPHABET[digit] + digits
    return "msg_" + digits


def main():
    if sys.argv[1:2] == ["--writer"]:
        write(sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
        return
    parser = stages.parser(__doc__)
    parser.add_argument("--images", type=int, default=5000, help="at least so many distinct images")
    parser.add_argument("--messages", type=int, default=None, help="1500, or 60 when few images are wanted")
    stages.run("powercut", parser.parse_args(), body)


if __name__ == "__main__":
    main()
