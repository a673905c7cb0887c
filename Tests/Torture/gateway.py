"""An installation in a folder of its own, run as users run it: the built binary, its configuration, its sandbox."""

import ctypes
import json
import os
import re
import signal
import subprocess
import time

from stage import PROJECT, Fault

# A child goes when this script goes, however it goes.
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def _die_with_parent():
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Process:
    """A process of ours; both its streams go to files."""

    def __init__(self, stage, command, name, environment=None):
        self.out_path, self.err_path = stage.path(name + ".out"), stage.path(name + ".err")
        everything = {**os.environ, "VESTNIK_LANG": "en", "NO_COLOR": "1", **(environment or {})}
        with open(self.out_path, "wb") as out, open(self.err_path, "wb") as err:
            self.spawned = time.time()
            self.popen = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=everything,
                preexec_fn=_die_with_parent)  # pylint: disable=subprocess-popen-preexec-fn
        stage.running.append(self)
        self._stage = stage

    @property
    def pid(self):
        return self.popen.pid

    def out(self):
        with open(self.out_path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def err(self):
        with open(self.err_path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def line(self, text, within=60):
        """The first line on either stream that holds `text`."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            ended = self.popen.poll() is not None
            for stream in (self.err(), self.out()):
                for line in stream.splitlines():
                    if text in line:
                        return line
            if ended:
                break
            time.sleep(0.02)
        raise Fault(f"no line with «{text}»: {self.err()[-2000:]} {self.out()[-500:]}")

    def says(self, text):
        return text in self.err() or text in self.out()

    def end(self, within):
        """The exit code, negative for a signal."""
        try:
            code = self.popen.wait(within)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Fault(f"still running after {within} s: {self.err()[-2000:]}") from None
        self._forget()
        return code

    def signal(self, number):
        self.popen.send_signal(number)

    def kill(self):
        if self.popen.poll() is None:
            # A gateway under strace would outlive it.
            children = self._children()
            self.popen.kill()
            self.popen.wait()
            for child in children:
                try:
                    os.kill(child, signal.SIGKILL)
                except ProcessLookupError:
                    continue
        self._forget()

    def _children(self):
        with open(f"/proc/{self.pid}/task/{self.pid}/children", encoding="ascii") as file:
            return [int(number) for number in file.read().split()]

    def _forget(self):
        if self in self._stage.running:
            self._stage.running.remove(self)


class Answer:
    """What one command said."""

    def __init__(self, code, out, err, seconds):
        self.code, self.out, self.err, self.seconds = code, out, err, seconds

    def lines(self):
        return [json.loads(line) for line in self.out.splitlines() if line.startswith("{")]

    def ids(self):
        """Acknowledged ids: the client's own word that it was told so."""
        return [line["id"] for line in self.lines() if line.get("id") and not line.get("problem")]


class Site:
    """Configuration and database of one gateway."""

    def __init__(self, stage, providers, worker=None, folder=None, database="vestnik.db"):
        self.stage, self.binary = stage, stage.args.binary
        self.folder = folder or stage.path("site")
        os.makedirs(self.folder, exist_ok=True)
        self.config = self.path("vestnik.yaml")
        self.database = os.path.join(self.folder, database)
        self._starts = 0
        self._write("key", "sandbox-key", 0o600)
        self._write("purposes.yaml", _purposes())
        self._write("vestnik.yaml", _configuration(database, worker or {}, providers))

    def path(self, name):
        return os.path.join(self.folder, name)

    def _write(self, name, text, mode=0o644):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(self.path(name), mode)

    def command(self, *arguments):
        return [self.binary, *arguments, "--config", self.config]

    def run(self, *arguments, within=120):
        began = time.monotonic()
        done = subprocess.run(
            self.command(*arguments), capture_output=True, text=True, timeout=within, check=False,
            stdin=subprocess.DEVNULL, env={**os.environ, "VESTNIK_LANG": "en", "NO_COLOR": "1"},
            preexec_fn=_die_with_parent)  # pylint: disable=subprocess-popen-preexec-fn
        return Answer(done.returncode, done.stdout, done.stderr, time.monotonic() - began)

    def start(self, *arguments, prefix=()):
        self._starts += 1
        # One pair of files per name is enough: a run of 500 kills must not leave a thousand.
        return Process(self.stage, [*prefix, *self.command(*arguments)], f"{arguments[0]}-{self._starts % 8}")

    def send(self, bodies, within=600, name="bodies.ndjson"):
        """`vestnik send --file`: through the running owner, or on the spot when nobody owns the database."""
        path = self.stage.path(name)
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(body + "\n" for body in bodies)
        return self.run("send", "--file", path, "--json", within=within)

    def stats(self):
        answer = self.run("queue", "stats", "--json")
        if answer.code != 0:
            raise Fault(f"queue stats: {answer.code} {answer.err}")
        return answer.lines()[0]["states"]

    def drain(self, within):
        """Waits until nothing is queued or being sent."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            states = self.stats()
            if states.get("queued", 0) + states.get("sending", 0) == 0:
                return states
            time.sleep(0.3)
        raise Fault(f"not drained in {within} s: {states}")


def _purposes():
    """As shipped, without quiet hours: a run must not depend on the hour."""
    with open(os.path.join(PROJECT, "Config/purposes.yaml"), encoding="utf-8") as file:
        return re.sub(r"(?m)^(\s+)quiet_hours:.*$", r"\1quiet_hours: none", file.read())


def _configuration(database, worker, providers):
    lines = [
        "language: en", "country: ru", "org_kind: private", "time_zone: Europe/Moscow", "organisation:",
        "  name: УК «Наш дом»", '  phone: "+74951234567"', '  emergency_phone: "+74957654321"',
        f"database: {database}", f"templates: {PROJECT}/Templates", "purposes: purposes.yaml",
        f"provider_files: {PROJECT}/Config/providers", "listen:", "  control: control.sock", "  api: 127.0.0.1:0", "  public: 127.0.0.1:0",
        "log:", "  level: notice"]
    if worker:
        lines += ["worker:"] + [f"  {key}: {value}" for key, value in worker.items()]
    lines += ["providers:"]
    for name, keys in providers.items():
        lines += [f"  {name}:"] + [f"    {key}: {value}" for key, value in keys.items()]
    return "\n".join(lines) + "\n"


def smtp(port, **more):
    return {
        "kind": "smtp", "base_url": f"smtp://localhost:{port}", "tls": "none", "helo_name": "gateway.dom.example",
        "sender": "УК «Наш дом» <info@nash-dom.example>", **more}


def kannel(port, **more):
    return {
        "kind": "kannel", "base_url": f"http://127.0.0.1:{port}", "user": "foo", "secret": "{file: key}",
        "sender": "UK-DOM", "concurrency": 4, **more}


def messenger_max(port, **more):
    return {"kind": "max", "base_url": f"http://127.0.0.1:{port}", "secret": "{file: key}", **more}


class Sandbox:
    """`vestnik sandbox` on free ports. Its log of arrivals shares no code and no file with the gateway."""

    def __init__(self, stage, chaos=(), log="arrivals.ndjson"):
        self.log = stage.path(log)
        flags = [word for switch in chaos for word in ("--chaos", switch)]
        self.process = Process(
            stage, [stage.args.binary, "sandbox", "--smtp-port", "0", "--http-port", "0", "--witness", self.log,
                    "--seed", str(stage.args.seed), "--json", *flags], "sandbox")
        ports = json.loads(self.process.line('"smtp"'))
        self.smtp, self.http = ports["smtp"], ports["http"]
