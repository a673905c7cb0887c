#!/usr/bin/env python3
"""Kannel draining its queue of short messages into the sink over HTTP, in the words of its own `sendsms` interface. Its
store is a spool of files, which it does not fsync."""
import http.client
import os
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request

import peer

args = peer.arguments()
BEARERBOX, SMSBOX = "/usr/sbin/bearerbox", "/usr/sbin/smsbox"
peer.need(BEARERBOX, SMSBOX)

CONF = """
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = adm
smsbox-port = {box}
smsbox-interface = 127.0.0.1
box-allow-ip = "127.0.0.1"
log-file = "{folder}/bearerbox.log"
log-level = 3
store-type = spool
store-location = "{folder}/store"
dlr-storage = internal

group = smsc
smsc = http
smsc-id = SINK
system-type = kannel
port = {mo}
connect-allow-ip = 127.0.0.1
smsc-username = foo
smsc-password = bar
send-url = "http://127.0.0.1:{sink}/cgi-bin/sendsms"
no-sender = true
no-coding = true
max-pending-submits = 64

group = smsbox
smsbox-id = box
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1
global-sender = UKDOM
log-file = "{folder}/smsbox.log"
log-level = 3

group = sendsms-user
username = foo
password = bar
max-messages = 8
concatenation = true
"""


def queued(admin):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{admin}/status.xml?password=adm", timeout=5) as reply:
            text = reply.read().decode("utf-8", "replace")
        return int(text.split("<storesize>")[1].split("<")[0])
    except (OSError, IndexError, ValueError):
        return 0


def fill(sendsms, count):
    """Over keep-alive connections, from four threads."""
    refusals = []

    def work(share):
        connection = http.client.HTTPConnection("127.0.0.1", sendsms)
        text = urllib.parse.quote("Bill 3250.50 by 15.12. Home Ltd. " * 4)
        for number in range(share):
            connection.request("GET", f"/cgi-bin/sendsms?username=foo&password=bar&to=7999{number:07}&text={text}")
            reply = connection.getresponse().read()
            if not reply.startswith((b"0:", b"3:")):
                refusals.append(reply)
                return
    threads = [threading.Thread(target=work, args=(count // 4,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if refusals:
        peer.missing(f"Kannel refuses: {refusals[0].decode()}")


with peer.Folder() as folder:
    os.mkdir(folder + "/store")
    ports = {name: peer.free_port() for name in ("admin", "box", "mo", "sendsms")}
    with open(folder + "/kannel.conf", "w") as file:
        file.write(CONF.format(folder=folder, sink=args.port, **ports))
    out = sys.stderr
    bearerbox = subprocess.Popen([BEARERBOX, "-v", "4", folder + "/kannel.conf"], stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    boxes = [bearerbox]
    try:
        peer.wait_port(ports["box"])
        boxes.insert(0, subprocess.Popen(
            [SMSBOX, "-v", "4", folder + "/kannel.conf"], stdin=subprocess.DEVNULL, stdout=out, stderr=out))
        peer.wait_port(ports["sendsms"])
        # The sink is deaf meanwhile: what is in the queue stays there.
        fill(ports["sendsms"], args.count)
        deadline = time.monotonic() + 20
        while queued(ports["admin"]) < args.count * 9 // 10 and time.monotonic() < deadline:
            time.sleep(0.2)
        peer.ready(*(box.pid for box in boxes))
        peer.until_the_end()
    finally:
        for box in boxes:
            # It would take half a minute to say goodbye, and nothing here is worth keeping.
            box.kill()
            box.wait()
