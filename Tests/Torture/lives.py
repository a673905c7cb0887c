"""Starts the gateway, lets it live for a while under load, ends it; spreads the ends over the drain of the queue."""

import time

from stage import Fault

# Under way at one moment: 4 SMS and 8 mails.
CONCURRENCY = 12
UNAVAILABLE = 69


class Lives:
    """One life after the other. `end(process)` ends one and says whether it went as it must."""

    def __init__(self, stage, site, arrivals, total, command="worker", early=0.125,
                 may_be_busy=False):
        self.stage, self.site, self.arrivals, self.total, self.command = stage, site, arrivals, total, command
        self.share_of_early, self.may_be_busy = early, may_be_busy
        self.first_sends, self.done, self.early, self.busy = [], 0, 0, 0
        self.rate, self.start_up = 400.0, 0.3

    def run(self, ends, end, between=lambda done: None):
        while self.done < ends and len(self.arrivals.copies) < self.total:
            self._one(ends, end)
            self.done += 1
            between(self.done)
            if self.done % max(1, ends // 10) == 0:
                self.stage.say(f"{self.done} ends, {len(self.arrivals.copies)} of {self.total} arrived")
        return self.done

    def start(self):
        """A command line that sends on the spot owns the database for a moment; a start is refused meanwhile."""
        for _ in range(200):
            process = self.site.start(self.command)
            if not self.may_be_busy or not self._refused(process):
                return process
            self.busy += 1
            time.sleep(0.02)
        raise Fault("somebody else owns the database all the time")

    @staticmethod
    def _refused(process):
        while process.popen.poll() is None:
            if process.says("ready api=") or process.says("ready worker"):
                return False
            time.sleep(0.005)
        if process.end(5) == UNAVAILABLE and "in use" in process.err():
            return True
        raise Fault(f"it does not start: {process.err()[-2000:]}")

    def _one(self, ends, end):
        before = len(self.arrivals.copies)
        process, began = self.start(), time.monotonic()
        # Some ends fall into the start, where the gateway recovers what its predecessor left.
        if self.stage.random.random() < self.share_of_early:
            self.early += 1
            self._watch(process, began, self.stage.random.uniform(0, 1.2) * self.start_up, None)
        else:
            # Five messages in a hundred are left for the last life.
            share = (self.total * 0.95 - before) / max(1, ends - self.done) / (1 - self.share_of_early)
            self._watch(process, began, None, max(1.0, share) * self.stage.random.uniform(0.2, 1.8))
        end(process)
        self.arrivals.read()

    def _watch(self, process, began, lifetime, messages):
        """Lets it live for `lifetime`, or until about `messages` more should have arrived."""
        first, count = None, 0
        deadline = began + (lifetime if lifetime is not None else 30)
        while time.monotonic() < deadline and process.popen.poll() is None:
            # What a dead one left on the wire is not this one's first send.
            fresh = [at for _, at in self.arrivals.read() if at > process.spawned + 0.03]
            if fresh and first is None:
                first = time.monotonic()
                self.first_sends.append(fresh[0] - process.spawned)
                self.start_up += (self.first_sends[-1] - self.start_up) * 0.2
                if lifetime is None:
                    deadline = min(deadline, first + messages / self.rate)
            count += len(fresh)
            time.sleep(0.002)
        if first is not None and time.monotonic() - first > 0.05:
            self.rate += (count / (time.monotonic() - first) - self.rate) * 0.2
