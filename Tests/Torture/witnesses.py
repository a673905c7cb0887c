"""The messages of a run and what three witnesses, who share no code, say became of them: the client that was told an
id, the gateway's database, and the sandbox's own log of what arrived."""

import calendar
import collections
import json
import re
import sqlite3
import time

FIRST = 1_000_000
PURPOSES = ("payment_reminder", "outage_emergency", "outage_planned")
HOLD = {"payment_reminder"}
UNCONFIRMED = {"no_answer", "unintelligible", "open"}
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CANARY = re.compile(r"(?<![0-9A-Za-z])c(1\d{6})(?![0-9A-Za-z])")


def number(text_id):
    """`msg_…` → the integer that the database keeps."""
    value = 0
    for digit in text_id.removeprefix("msg_"):
        value = value * 32 + _ALPHABET.index(digit)
    return value


class Order:
    """One message to send, all of it told by its place: its own address, its own canary in the text."""

    def __init__(self, place, channel=None, purpose=None):
        self.canary = FIRST + place
        self.channel = channel or ("sms", "email")[place % 2]
        self.purpose = purpose or PURPOSES[place // 2 % 3]

    @property
    def address(self):
        if self.channel == "sms":
            return f"+7900{self.canary}"
        return f"r{self.canary}@sandbox.invalid" if self.channel == "email" else str(self.canary)

    def body(self):
        canary = f"c{self.canary}"
        if self.purpose == "payment_reminder":
            variables = {"amount": "100.00", "due": "2026-12-15", "period": "2026-11",
                         "pay_url": f"https://pay.example/{canary}"}
        else:
            variables = {"what": "нет воды", "where": f"дом {canary}", "since": "2026-11-24T10:15",
                         "until": "2026-11-24T18:00"}
        return json.dumps({
            "template": self.purpose.replace("_", "-"), "to": {self.channel: self.address},
            "reference": str(self.canary), "variables": variables}, ensure_ascii=False)


class Arrivals:
    """The sandbox's log, read as it grows. A copy is what a real peer would now have, answered or not."""

    def __init__(self, path, keep=True):
        self.path, self.keep = path, keep
        self.copies = collections.defaultdict(list)
        self.strangers, self.total = [], 0
        self.latest, self._offset, self._rest = None, 0, b""

    def read(self):
        """What came since the last look, as (canary, seconds since 1970)."""
        try:
            with open(self.path, "rb") as file:
                file.seek(self._offset)
                chunk = file.read()
        except FileNotFoundError:
            return []
        self._offset += len(chunk)
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        return [arrival for line in lines if (arrival := self._take(json.loads(line)))]

    def of(self, books):
        """Only what belongs to messages of these books, where one sandbox serves several installations."""
        mine = {message.canary for message in books.messages.values()}
        own = Arrivals(self.path)
        own.copies.update({canary: copies for canary, copies in self.copies.items() if canary in mine})
        own.strangers = [stranger for stranger in self.strangers if stranger["canary"] in mine]
        own.total = sum(len(copies) for copies in own.copies.values())
        return own

    def _take(self, line):
        if not line["arrived"]:
            return None
        at = seconds(line["at"])
        canary = int(re.sub(r"@.*", "", line["to"][0])[-7:])
        self.total += 1
        self.latest = at
        told = [int(found) for found in _CANARY.findall(line["text"])]
        if self.keep:
            self.copies[canary].append((at, line["channel"]))
        if set(told) != {canary}:
            self.strangers.append({"canary": canary, "canaries_in_the_text": told})
        return canary, at


def seconds(text):
    """RFC 3339 in UTC with a fraction → seconds since 1970."""
    whole, fraction = text.rstrip("Z").split(".")
    return calendar.timegm(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) + float("0." + fraction)


class Message:
    """What the database says of one message, at the end."""

    __slots__ = ("id", "canary", "purpose", "state", "accepted_at", "deaths", "attempts")

    def __init__(self, row):
        self.id, self.canary, self.purpose, self.state, self.accepted_at, self.deaths = row
        self.canary = int(self.canary or 0)
        self.attempts = []


Attempt = collections.namedtuple("Attempt", "number channel provider began ended failure")


class Books:
    """The database after the end of its owner, opened for reading only."""

    def __init__(self, path):
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            self.integrity = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            self.messages = {row[0]: Message(row) for row in connection.execute("""
                SELECT m.id, m.reference, m.purpose,
                    CASE WHEN q.id IS NOT NULL THEN 'queued' WHEN i.id IS NOT NULL THEN 'sending' ELSE o.state END,
                    m.accepted_at, ifnull(o.deaths, 0)
                FROM messages m LEFT JOIN queue q ON q.id = m.id LEFT JOIN inflight i ON i.id = m.id
                LEFT JOIN outcomes o ON o.id = m.id""")}
            for message, *rest in connection.execute("""
                    SELECT message, number, channel, provider, began_at, ended_at, failure_reason FROM attempts
                    ORDER BY message, number"""):
                self.messages[message].attempts.append(Attempt(*rest))
            # Begun, and its owner went before it could write down the end: as good as an attempt without an answer.
            for message, *rest in connection.execute("""
                    SELECT id, submissions + 1, channel, provider, began_at FROM inflight
                    WHERE began_at IS NOT NULL"""):
                self.messages[message].attempts.append(Attempt(*rest, float("inf"), "open"))
            self.twice = connection.execute("""
                SELECT count(*) FROM (SELECT id FROM (
                    SELECT id FROM queue UNION ALL SELECT id FROM inflight UNION ALL SELECT id FROM outcomes)
                GROUP BY id HAVING count(*) > 1)""").fetchone()[0]
        finally:
            connection.close()

    def states(self):
        return dict(collections.Counter(message.state for message in self.messages.values()))
