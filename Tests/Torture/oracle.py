"""The invariants, numbered as in docs/RELIABILITY.md, judged from the three witnesses."""

from witnesses import HOLD, UNCONFIRMED, number

# The sandbox and the gateway read one clock, but the gateway keeps milliseconds.
SLACK = 0.005


class Verdict:
    """Counts of broken invariants, and the figures that go with them."""

    def __init__(self, stage, acknowledged, books, arrivals):
        self.stage, self.books, self.arrivals = stage, books, arrivals
        self.acknowledged = {number(text) for text in acknowledged}
        self.counts = dict.fromkeys(("I1", "I2", "I3", "I4", "I5", "I8", "I9"), 0)
        self.unexplained = self.explained = self.hold_copies_max = self.unconfirmed_attempts = 0
        self.unconfirmed_arrived = 0
        self._judge()

    def _judge(self):
        for lost in self.acknowledged - self.books.messages.keys():
            self._broken("I1", {"lost": lost})
        known = {message.canary for message in self.books.messages.values()}
        for canary in self.arrivals.copies.keys() - known:
            self._broken("I2", {"canary": canary, "why": "an arrival of no message"})
        for message in self.books.messages.values():
            self._message(message, self.arrivals.copies.get(message.canary, []))
        for stranger in self.arrivals.strangers:
            self._broken("I8", stranger)

    def _broken(self, name, what):
        self.counts[name] += 1
        self.stage.example(name, what)

    def _message(self, message, copies):
        attempts = message.attempts
        doubtful = sum(1 for attempt in attempts if attempt.failure in UNCONFIRMED)
        accepted = sum(1 for attempt in attempts if attempt.failure is None)
        self.unconfirmed_attempts += doubtful
        told = {"message": message.id, "canary": message.canary, "state": message.state,
                "copies": copies, "attempts": attempts}
        if self._ghosts(attempts, copies):
            self._broken("I2", told)
        surplus = max(0, len(copies) - accepted - doubtful, len(copies) - 1 - doubtful)
        self.unexplained += surplus
        self.explained += max(0, len(copies) - 1 - surplus)
        if surplus:
            self._broken("I3", told)
        if message.purpose in HOLD:
            self.hold_copies_max = max(self.hold_copies_max, len(copies))
            if len(copies) > 1:
                self._broken("I4", told)
        if message.state == "unconfirmed":
            self.unconfirmed_arrived += bool(copies)
        if message.state in ("sent", "delivered") and not copies:
            self._broken("I5", told)
        if not attempts and copies:
            self._broken("I5", told)
        for one, next_one in zip(attempts, attempts[1:]):
            if next_one.began < one.ended:
                self._broken("I9", told)

    @staticmethod
    def _ghosts(attempts, copies):
        """Copies that no attempt of their own covers: it began before, on that channel; each attempt explains one."""
        free = sorted(attempts, key=lambda attempt: attempt.began)
        for at, channel in sorted(copies):
            for attempt in free:
                if attempt.channel == channel and attempt.began / 1000 <= at + SLACK:
                    free.remove(attempt)
                    break
            else:
                return True
        return False

    def figures(self):
        return {
            "acknowledged": len(self.acknowledged), "messages": len(self.books.messages), "lost": self.counts["I1"],
            "arrived": self.arrivals.total, "unexplained_duplicates": self.unexplained,
            "explained_copies": self.explained, "max_copies_of_hold": self.hold_copies_max,
            "unconfirmed_attempts": self.unconfirmed_attempts,
            "unconfirmed_that_arrived": self.unconfirmed_arrived, "forgotten": len(self.forgotten()),
            "set_aside_after_three_deaths": len(self.set_aside()),
            "states": self.books.states(),
        }

    WORDS = {
        "I1": "nothing acknowledged is missing", "I2": "every copy has an attempt",
        "I3": "copies ≤ 1 + attempts recorded as unconfirmed", "I4": "hold purposes: at most one copy",
        "I5": "sent means a copy exists; no attempt means none", "I8": "each body holds its own canary only",
        "I9": "attempts of one message never overlap"}

    def forgotten(self, repeats=5):
        """Of a purpose that would rather say it twice, in doubt, with repeats left, and nobody is going to send it. What
        was under way in three deaths is set aside for a person, as it should be."""
        return [message for message in self.books.messages.values()
                if message.state == "unconfirmed" and message.purpose not in HOLD and len(message.attempts) <= repeats
                and message.deaths < 3]

    def set_aside(self):
        return [message for message in self.books.messages.values()
                if message.state == "unconfirmed" and message.deaths >= 3 and message.purpose not in HOLD]

    def promise(self):
        for name, count in self.counts.items():
            self.stage.promise(f"{name} {self.WORDS[name]}", count == 0, broken=count)
        self.stage.promise("integrity_check", self.books.integrity == ["ok"], said=self.books.integrity[:3])
        forgotten = self.forgotten()
        for message in forgotten:
            self.stage.example("not sent again", {"message": message.id, "attempts": message.attempts})
        self.stage.promise("what resends is sent again after a doubt", not forgotten, forgotten=len(forgotten))
        self.stage.promise("each message stands in one place", self.books.twice == 0, twice=self.books.twice)
