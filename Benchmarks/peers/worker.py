#!/usr/bin/env python3
"""The worker that one writes in an afternoon: SQLite with synchronous=FULL, a commit for each claim and each result,
sixteen threads, smtplib or http.client with a connection each. worker.py smtp|http."""
import http.client
import os
import smtplib
import sqlite3
import threading

import peer

args = peer.arguments("kind")
THREADS = 16


def connect(path):
    db = sqlite3.connect(path, timeout=60, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    return db


def prepare(path):
    db = connect(path)
    db.execute("CREATE TABLE messages (id INTEGER PRIMARY KEY, address TEXT, payload TEXT, state TEXT, at REAL)")
    db.execute("CREATE INDEX by_state ON messages (state, id)")
    db.execute("BEGIN")
    db.executemany(
        "INSERT INTO messages VALUES (?, ?, ?, 'queued', NULL)",
        ((number, f"kv{number}@zhiteli.example", "x" * 300) for number in range(args.count)))
    db.execute("COMMIT")
    db.close()


def mailer():
    server = smtplib.SMTP("127.0.0.1", args.port, local_hostname="dom.example")
    head = "From: info@dom.example\r\nTo: {}\r\nSubject: Bill\r\n\r\n"
    return lambda address: server.sendmail("info@dom.example", [address], head.format(address) + peer.BODY)


def texter():
    connection = http.client.HTTPConnection("127.0.0.1", args.port)

    def send(address):
        connection.request(
            "POST", "/cgi-bin/sendsms", peer.SMS.encode(),
            {"Content-Type": "text/plain; charset=UTF-8", "X-Kannel-To": "79990000001", "X-Kannel-Coding": "2"})
        reply = connection.getresponse()
        reply.read()
        assert reply.status == 202
    return send


def work(path, lock):
    db = connect(path)
    send = mailer() if args.kind == "smtp" else texter()
    while True:
        with lock:
            row = db.execute(
                "UPDATE messages SET state='sending' WHERE id=(SELECT id FROM messages WHERE state='queued' "
                "ORDER BY id LIMIT 1) RETURNING id, address").fetchone()
        if row is None:
            return
        send(row[1])
        with lock:
            db.execute("UPDATE messages SET state='sent', at=julianday() WHERE id=?", (row[0],))


with peer.Folder() as folder:
    prepare(folder + "/queue.db")
    peer.ready(os.getpid())
    # One writer at a time, in turn: SQLite's own waiting sleeps for too long.
    lock = threading.Lock()
    threads = [threading.Thread(target=work, args=(folder + "/queue.db", lock), daemon=True) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    peer.until_the_end()
