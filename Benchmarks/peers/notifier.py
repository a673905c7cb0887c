#!/usr/bin/env python3
"""Apprise as a library, as one uses it to send many messages: sixteen threads, its JSON-over-HTTP plug-in, nothing on the
disk. Not called apprise.py: Python would import this file instead of the library."""
import os
import queue
import sys
import threading

import peer

DEBIAN = "/usr/bin/python3"

try:
    import apprise
except ImportError:
    # Debian's package belongs to Debian's Python, which need not be the first one on the path.
    if os.access(DEBIAN, os.X_OK) and not os.path.samefile(sys.executable, DEBIAN):
        os.execv(DEBIAN, [DEBIAN] + sys.argv)
    peer.missing("apprise is not installed")

args = peer.arguments()
THREADS = 16


def work(numbers):
    notifier = apprise.Apprise()
    if not notifier.add(f"json://127.0.0.1:{args.port}/cgi-bin/sendsms"):
        os._exit(69)
    while True:
        try:
            numbers.get_nowait()
        except queue.Empty:
            return
        if not notifier.notify(body=peer.SMS):
            # A measurement that went wrong is none.
            os._exit(69)


waiting = queue.SimpleQueue()
for number in range(args.count):
    waiting.put(number)
peer.ready(os.getpid())
threads = [threading.Thread(target=work, args=(waiting,), daemon=True) for _ in range(THREADS)]
for thread in threads:
    thread.start()
peer.until_the_end()
