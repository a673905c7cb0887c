#!/usr/bin/env python3
"""P10, the other half: the disk answers with errors for a while. strace lets some calls of a real `vestnik serve`
fail in the middle of a drain: first fdatasync, then pwrite64 with EIO, then pwrite64 with EROFS, as a file system answers
that turned read-only and was mounted writable again.

Promised: nothing that was not recorded is sent, nothing is lost or sent twice, the gateway goes on by itself when the
errors end, and the database is whole. The control lets a stranger send one of our messages meanwhile.
"""

import shutil
import time

import gateway
import oracle
import stage as stages
import tracelog
from crashpoints import stop
from outage import ghost, told, wait_for
from witnesses import Arrivals, Books, Order

# Which calls fail, counted in each thread by itself: some after the start is over, for a while.
FAULTS = {
    "fdatasync": "inject=fdatasync:error=EIO:when=20..26", "pwrite64": "inject=pwrite64:error=EIO:when=300..320",
    "read-only": "inject=pwrite64:error=EROFS:when=300..320"}


def body(stage):
    if not shutil.which("strace"):
        raise stages.Skip("strace is not installed: .ci/setup tests")
    stage.must_break = tuple(f"{call}: I2" for call in FAULTS)
    for call, inject in FAULTS.items():
        one(stage, call, inject)


def one(stage, call, inject):
    sandbox = gateway.Sandbox(stage, chaos=["delay=10"], log=f"arrivals-{call}.ndjson")
    site = gateway.Site(
        stage, {"smtp-main": gateway.smtp(sandbox.smtp), "sms-a": gateway.kannel(sandbox.http)},
        worker={"retry": "[1s, 2s, 5s, 10s, 30s]"}, folder=stage.path(call))
    arrivals, total = Arrivals(sandbox.log), stage.args.messages
    acknowledged = told(site.send(Order(place).body() for place in range(total)))
    serve = site.start("serve", prefix=tracelog.strace("/dev/null", "-qq", "-e", inject))
    serve.line("ready api=")
    wait_for(lambda: serve.says("disk I/O error"), 60, "no call failed")
    stage.say(f"{call} fails")
    answer = site.send([Order(total).body()])
    acknowledged += answer.ids()
    if stage.args.control:
        ghost(stage, sandbox, arrivals, total)
    began = time.monotonic()
    site.drain(within=120 + total / 10)
    stop(serve)
    code = serve.end(60)
    arrivals.read()
    verdict = oracle.Verdict(stage, acknowledged, Books(site.database), arrivals)
    for name, count in verdict.counts.items():
        stage.promise(f"{call}: {name} {verdict.WORDS[name]}", count == 0, broken=count)
    copies = sum(len(copies) - 1 for copies in arrivals.copies.values())
    stage.promise(f"{call}: no message twice", copies == 0, copies=copies)
    stage.promise(f"{call}: integrity_check", verdict.books.integrity == ["ok"], said=verdict.books.integrity[:2])
    stage.promise(f"{call}: the gateway goes on and ends with 0", code == 0, code=code)
    stage.figures[call] = {
        **verdict.figures(), "failed_commits_in_the_log": serve.err().count("disk I/O error"),
        "send_answered": answer.code, "drained_after_s": round(time.monotonic() - began, 1)}


def main():
    parser = stages.parser(__doc__)
    parser.add_argument("--messages", type=int, default=600)
    stages.run("disk_errors", parser.parse_args(), body)


if __name__ == "__main__":
    main()
