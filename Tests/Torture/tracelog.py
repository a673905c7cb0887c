"""Reads what strace wrote of one process and tells it as steps: writes, truncations and removals of the database's
files, syncs, acknowledgements to clients, and messages whose bytes left for a provider."""

import collections
import os
import re

SYSCALLS = ("pwrite64,pwritev,pwritev2,write,writev,sendto,sendmsg,sendmmsg,fdatasync,fsync,sync_file_range,ftruncate,"
            "fallocate,unlink,unlinkat,rename,renameat,renameat2")

# What happens to a file. `data` is bytes for a write, a size for a truncation, None for a removal.
Operation = collections.namedtuple("Operation", "kind file offset data began ended")
# A step of the story: ("operation", Operation), ("sync begins", Sync), ("sync ends", Sync), ("told", ids),
# ("left", canaries).
Sync = collections.namedtuple("Sync", "file began ended")
FOLDER = "folder"

_HEX = re.compile(r"(?:\\x[0-9a-f]{2})+")
_QUOTED = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
_LINE = re.compile(r"(\d+)\s+(.*)")
_CALL = re.compile(r"(\w+)\((.*)", re.DOTALL)
_RESUMED = re.compile(r"<\.\.\. (\w+) resumed>(.*)")
_RESULT = re.compile(r"\)\s+= (-?\d+|\?)(.*)$")
_DESCRIPTOR = re.compile(r"(-?\d+)<(.*?)>[,) ]")
_ID = re.compile(rb"msg_[0-9A-HJKMNP-TV-Z]{13}")
# Content, not envelope: a RCPT alone delivers nothing.
_LEFT = re.compile(rb"X-Kannel-To: 7900(1\d{6})|\nTo:[^\r\n]*?r(1\d{6})@")


def strace(log, *more):
    """The command that goes before the traced one."""
    return ["strace", "-f", "-yy", "-xx", "-s", "1000000", "-o", log, "-e", "trace=" + SYSCALLS, *more]


def bytes_of(text):
    return bytes.fromhex(text.replace("\\x", ""))


class Call:
    """One system call: where in the log it began and ended, and what it returned (None: never)."""

    __slots__ = ("name", "words", "began", "ended", "result", "injected")

    def __init__(self, name, words, began):
        self.name, self.words, self.began = name, words, began
        self.ended = self.result = None
        self.injected = False

    def end(self, line, tail):
        found = _RESULT.search(tail)
        if not found or found[1] == "?":
            return
        self.ended, self.result, self.injected = line, int(found[1]), "INJECTED" in found[2]

    def descriptor(self):
        """What the first argument points to, in clear."""
        found = _DESCRIPTOR.match(self.words)
        return _HEX.sub(lambda run: bytes_of(run[0]).decode("utf-8", "replace"), found[2]) if found else ""

    def strings(self):
        # Everything before the first argument's end is the name of a descriptor, not data.
        found = _DESCRIPTOR.match(self.words)
        for run in _QUOTED.finditer(self.words, found.end() if found else 0):
            if run[2]:
                raise ValueError("strace cut a string: raise -s")
            yield bytes_of(run[1])


def calls(path):
    """All calls in the order of their beginnings."""
    all_calls, open_calls = [], {}
    with open(path, encoding="ascii", errors="replace") as log:
        for line, text in enumerate(log):
            found = _LINE.match(text)
            if not found:
                continue
            thread, rest = found[1], found[2].rstrip("\n")
            resumed = _RESUMED.match(rest)
            if resumed:
                call = open_calls.pop(thread, None)
                if call:
                    call.end(line, resumed[2])
                continue
            started = _CALL.match(rest)
            if not started:
                continue
            call = Call(started[1], started[2], line)
            all_calls.append(call)
            if rest.endswith("<unfinished ...>"):
                open_calls[thread] = call
            else:
                call.end(line, rest)
    return all_calls


class Story:
    """The steps of one log, as far as they concern one database."""

    def __init__(self, log, database):
        self.database, self.folder = database, os.path.dirname(database)
        self.files = {database: "", database + "-wal": "-wal", database + "-journal": "-journal"}
        placed = []
        for call in calls(log):
            placed += self._steps(call)
        placed.sort(key=lambda step: step[0])
        self.steps = [(kind, what) for _, kind, what in placed]
        self.told = frozenset().union(*(what for kind, what in self.steps if kind == "told"))
        self.left = frozenset().union(*(what for kind, what in self.steps if kind == "left"))

    def count(self, kind):
        return sum(1 for step, _ in self.steps if step == kind)

    def _steps(self, call):
        if call.name in ("pwrite64", "pwritev", "pwritev2", "write", "writev", "sendto", "sendmsg", "sendmmsg"):
            return self._written(call)
        if call.name in ("fdatasync", "fsync"):
            return self._synced(call)
        if call.name in ("ftruncate", "fallocate", "sync_file_range"):
            return self._truncated(call)
        return self._removed(call)

    def _written(self, call):
        target = call.descriptor()
        if target in self.files:
            return self._to_file(call, self.files[target])
        if target.startswith("UNIX"):
            told = frozenset(found.decode() for data in call.strings() for found in _ID.findall(data))
            return [(call.began, "told", told)] if told else []
        if target.startswith("TCP"):
            left = frozenset(int(sms or mail) for data in call.strings() for sms, mail in _LEFT.findall(data))
            return [(call.began, "left", left)] if left else []
        return []

    def _to_file(self, call, file):
        if call.name != "pwrite64":
            raise ValueError(f"{call.name} on the database: this reader knows pwrite64 only")
        data = b"".join(call.strings())
        offset = int(re.search(r", (\d+)(?:\)\s+=.*| <unfinished \.\.\.>)$", call.words)[1])
        # A call that never returned may have written all; one that failed has written nothing.
        written = len(data) if call.result is None else call.result
        if written <= 0:
            return []
        return self._operation(call, "write", file, offset, data[:written])

    @staticmethod
    def _operation(call, kind, file, offset=0, data=None):
        return [(call.began, "operation", Operation(kind, file, offset, data, call.began, call.ended))]

    def _synced(self, call):
        target = call.descriptor()
        file = FOLDER if target == self.folder else self.files.get(target)
        # A sync that failed, never came back or was only pretended makes nothing safe.
        if file is None or call.result != 0 or call.injected:
            return []
        sync = Sync(file, call.began, call.ended)
        return [(call.began, "sync begins", sync), (call.ended, "sync ends", sync)]

    def _truncated(self, call):
        file = self.files.get(call.descriptor())
        if file is None or call.result != 0:
            return []
        if call.name != "ftruncate":
            raise ValueError(f"{call.name} on the database is not modelled")
        size = int(re.search(r">, (\d+)(?:\)| <unfinished)", call.words)[1])
        return self._operation(call, "truncate", file, data=size)

    def _removed(self, call):
        names = [data.decode("utf-8", "replace") for data in call.strings()]
        file = next((self.files[name] for name in names if name in self.files), None)
        if file is None or call.result != 0:
            return []
        if not call.name.startswith("unlink"):
            raise ValueError(f"{call.name} of the database is not modelled")
        return self._operation(call, "remove", file)
