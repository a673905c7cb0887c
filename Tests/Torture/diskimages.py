"""What the disk may hold after a power cut, and whether a database opened from it keeps its promises.

Safe is what was written before a sync of its file began, once that sync has ended. Of the rest any subset may be there,
the last one perhaps torn at 512 bytes. Names of files are taken to be durable when a sync of the folder follows, or
together with the first synced bytes.
"""

import hashlib
import os
import random
import sqlite3

from tracelog import FOLDER

SECTOR = 512


def carry_out(files, operation, cut=None):
    """Applies an operation to a dict of bytearrays; `cut` keeps only so many bytes of a write."""
    content = files.setdefault(operation.file, bytearray())
    if operation.kind == "remove":
        del files[operation.file]
    elif operation.kind == "truncate":
        if len(content) > operation.data:
            del content[operation.data:]
        else:
            content.extend(bytes(operation.data - len(content)))
    else:
        data = operation.data[:cut]
        if len(content) < operation.offset:
            content.extend(bytes(operation.offset - len(content)))
        content[operation.offset:operation.offset + len(data)] = data


class Disk:
    """What is safe, and what is still on its way, at one moment of the story."""

    def __init__(self):
        self.safe, self.digests, self.version, self.pending = {}, {}, 0, []

    def operate(self, operation):
        if any(one.kind == "remove" and one.file == operation.file for one in self.pending):
            raise ValueError(f"a new file after {operation.file or 'the database'} was removed: not modelled")
        self.pending.append(operation)

    def synced(self, sync):
        def covered(one):
            inside = one.kind == "remove" if sync.file == FOLDER else one.file == sync.file
            return inside and one.ended is not None and one.ended < sync.began
        done = [one for one in self.pending if covered(one)]
        if not done:
            return
        self.pending = [one for one in self.pending if not covered(one)]
        for operation in done:
            carry_out(self.safe, operation)
            self.digests.pop(operation.file, None)
        self.version += 1

    def image(self, chosen, cut):
        """The files when the pending operations at the places `chosen` made it, the last one up to `cut`."""
        operations = [self.pending[place] for place in chosen]
        touched = {operation.file for operation in operations}
        files = {name: bytearray(content) if name in touched else content for name, content in self.safe.items()}
        for place, operation in enumerate(operations):
            carry_out(files, operation, cut if place == len(operations) - 1 else None)
        return files, touched

    def digest(self, files, touched):
        """One word for the whole image; what has not changed since the last sync is not read again."""
        total = hashlib.sha256()
        for name in sorted(files):
            if name in touched:
                word = hashlib.sha256(files[name]).digest()
            else:
                word = self.digests.get(name) or hashlib.sha256(files[name]).digest()
                self.digests[name] = word
            total.update(name.encode() + b"\0" + word)
        return total.digest()


class Looker:
    """Opens an image as the gateway's next start would, and says which messages it holds."""

    def __init__(self, folder, bits, by_canary, also=lambda files: None):
        """`also` is shown each image as well, before SQLite has touched it."""
        self.path, self.bits, self.by_canary, self.also = os.path.join(folder, "image.db"), bits, by_canary, also
        os.makedirs(folder, exist_ok=True)

    def look(self, files):
        """(SQLite's complaint or None, mask of messages present, mask of messages that wait without any beginning)."""
        self.also(files)
        self._clear()
        for name, content in files.items():
            with open(self.path + name, "wb") as file:
                file.write(content)
        if not files.get("") and not files.get("-wal"):
            return None, 0, 0
        connection = sqlite3.connect(self.path)
        try:
            connection.execute("PRAGMA synchronous = OFF")
            complaint = connection.execute("PRAGMA integrity_check(3)").fetchall()
            if complaint != [("ok",)]:
                return str(complaint)[:300], 0, 0
            if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'queue'").fetchone():
                return None, 0, 0
            present = self._mask(connection.execute("SELECT id FROM messages"))
            waiting = self._mask(connection.execute("""
                SELECT id FROM queue WHERE NOT EXISTS (SELECT 1 FROM attempts WHERE message = id)
                UNION ALL SELECT id FROM inflight
                WHERE began_at IS NULL AND NOT EXISTS (SELECT 1 FROM attempts WHERE message = id)"""))
            return None, present, waiting
        except sqlite3.DatabaseError as error:
            return str(error), 0, 0
        finally:
            connection.close()

    def _mask(self, rows):
        mask = 0
        for (message,) in rows:
            mask |= 1 << self.bits.setdefault(message, len(self.bits))
        return mask

    def _clear(self):
        for name in ("", "-wal", "-journal", "-shm"):
            if os.path.exists(self.path + name):
                os.unlink(self.path + name)


class Examination:
    """Walks a story and looks at the images that a cut at each step allows."""

    def __init__(self, story, looker, wanted, seed, say=lambda text: None):
        self.story, self.looker, self.wanted, self.say = story, looker, wanted, say
        self.random = random.Random(seed)
        self.known, self.seen = {}, {}
        self.cuts, self.rounds = set(), 0
        self.images_that_lost, self.images_unbegun, self.corrupt, self.most_lost = set(), set(), {}, 0
        self.examples = []

    @property
    def distinct(self):
        return len(self.seen)

    def run(self):
        """Rounds with new luck until there are as many distinct images as wanted, or nothing new to find."""
        while self.rounds < 12:
            before = self.distinct
            self._round()
            self.rounds += 1
            if self.distinct >= self.wanted or self.distinct - before < 10:
                return

    def _round(self):
        operations = self.story.count("operation")
        missing = self._missing_total()
        # Half of what is wanted are single writes missing, the other half prefixes, torn ends and random subsets.
        left = max(self.wanted - self.distinct - self.story.count("sync ends"), self.wanted // 4)
        self.chance_prefix = min(1.0, left * 0.25 / max(1, operations))
        self.chance_missing = min(1.0, left * 0.5 / max(1, missing))
        disk, told, left_mask = Disk(), 0, 0
        for number, (kind, what) in enumerate(self.story.steps):
            boundary = True
            if kind == "operation":
                disk.operate(what)
                boundary = False
            elif kind == "sync ends":
                disk.synced(what)
            elif kind == "told":
                told |= self._bits(what)
            elif kind == "left":
                left_mask |= self._bits(self.looker.by_canary[canary] for canary in what)
            for chosen, cut in self._choices(len(disk.pending), disk, boundary):
                self.cuts.add(number)
                self._judge(disk, chosen, cut, told, left_mask, number)
            if number % 2000 == 1999:
                self.say(f"{number + 1} of {len(self.story.steps)} steps, {self.distinct} images")

    def _missing_total(self):
        total, disk = 0, Disk()
        for kind, what in self.story.steps:
            if kind == "operation":
                disk.operate(what)
                total += len(disk.pending)
            elif kind == "sync ends":
                disk.synced(what)
        return total

    def _bits(self, messages):
        mask = 0
        for message in messages:
            mask |= 1 << self.looker.bits.setdefault(message, len(self.looker.bits))
        return mask

    def _choices(self, count, disk, boundary):
        everything = tuple(range(count))
        luck = self.random.random
        if boundary:
            yield (), None
        if count and (boundary or luck() < self.chance_prefix):
            yield everything, None
        if not count:
            return
        if luck() < self.chance_prefix:
            yield self._torn(everything, disk)
        if luck() < self.chance_prefix:
            some = tuple(place for place in everything if luck() < 0.5)
            yield some, None
            if some:
                yield self._torn(some, disk)
        for place in everything:
            if luck() < self.chance_missing:
                yield everything[:place] + everything[place + 1:], None

    def _torn(self, chosen, disk):
        last = disk.pending[chosen[-1]]
        if last.kind != "write" or len(last.data) <= SECTOR:
            return chosen, None
        return chosen, SECTOR * self.random.randint(1, (len(last.data) - 1) // SECTOR)

    def _judge(self, disk, chosen, cut, told, left, number):
        recipe = (disk.version, chosen, cut)
        digest = self.known.get(recipe)
        if digest is None:
            files, touched = disk.image(chosen, cut)
            digest = self.known[recipe] = disk.digest(files, touched)
            if digest not in self.seen:
                self.seen[digest] = self.looker.look(files)
        complaint, present, waiting = self.seen[digest]
        if complaint:
            self.corrupt[digest] = complaint
            return
        lost = told & ~present
        if lost:
            self.images_that_lost.add(digest)
            self.most_lost = max(self.most_lost, lost.bit_count())
            self._example("lost", number, chosen, lost)
        if left & (waiting | ~present):
            self.images_unbegun.add(digest)
            self._example("left, but waits as if it had not", number, chosen, left & (waiting | ~present))

    def _example(self, what, number, chosen, mask):
        if len(self.examples) < 5:
            self.examples.append({"what": what, "cut_after_step": number, "pending_applied": len(chosen),
                                  "messages": mask.bit_count()})

    def figures(self):
        kinds = ("operation", "sync ends", "told", "left")
        return {
            "distinct_images": self.distinct, "images_that_lost": len(self.images_that_lost),
            "most_messages_lost": self.most_lost, "images_corrupt": len(self.corrupt),
            "images_where_a_sent_message_waits": len(self.images_unbegun),
            "steps": {kind: self.story.count(kind) for kind in kinds}, "cuts_looked_at": len(self.cuts),
            "checkpoints": sum(1 for kind, what in self.story.steps if kind == "sync ends" and what.file == ""),
            "rounds": self.rounds, "acknowledged": len(self.story.told), "messages_sent": len(self.story.left)}
