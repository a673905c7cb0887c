#!/usr/bin/env python3
"""Postfix draining its active queue into the sink: an instance of its own with its own folders, 20 deliveries at once,
the connection cache off, which is its fastest setting against a server that is near. Needs root, as Postfix does."""
import os
import pwd
import subprocess
import sys
import time

import peer

args = peer.arguments()
os.umask(0o022)
SOURCE = "/usr/sbin/smtp-source"
peer.need("/usr/sbin/postfix", SOURCE)
if os.getuid() != 0:
    peer.missing("Postfix can only be started by root")

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = loopback-only
inet_protocols = ipv4
myhostname = bench.localdomain
mydestination =
local_recipient_maps =
relay_domains = zhiteli.example
relayhost = [127.0.0.1]:{sink}
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtp_connection_cache_on_demand = no
default_destination_concurrency_limit = 20
relay_destination_concurrency_limit = 20
initial_destination_concurrency = 20
default_process_limit = 100
qmgr_message_active_limit = 50000
qmgr_message_recipient_limit = 50000
in_flow_delay = 0
maillog_file = {folder}/log/mail.log
maillog_file_prefixes = {folder}
smtputf8_enable = no
alias_maps =
alias_database =
notify_classes =
"""

MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
"""


def queued(folder):
    """Mails that wait, wherever they do."""
    total = 0
    for name in ("maildrop", "incoming", "active", "deferred"):
        for _, _, files in os.walk(f"{folder}/spool/{name}"):
            total += len(files)
    return total


with peer.Folder() as folder:
    config = folder + "/etc"
    port = peer.free_port()
    for name in ("etc", "spool", "data", "log"):
        os.mkdir(f"{folder}/{name}")
    owner = pwd.getpwnam("postfix")
    os.chown(f"{folder}/data", owner.pw_uid, owner.pw_gid)
    with open(config + "/main.cf", "w") as file:
        file.write(MAIN.format(folder=folder, sink=args.port))
    with open(config + "/master.cf", "w") as file:
        file.write(MASTER.format(port=port))

    def postfix(*words):
        return subprocess.run(["/usr/sbin/postfix", "-c", config, *words], stdout=sys.stderr, stderr=sys.stderr, timeout=60)

    if postfix("start").returncode != 0:
        peer.missing("Postfix does not start")
    try:
        peer.wait_port(port)
        # The sink is deaf meanwhile: what is in the queue stays there.
        subprocess.run(
            [SOURCE, "-s", "20", "-m", str(args.count), "-l", "1100", "-f", "info@dom.example",
             "-t", "kv1@zhiteli.example", f"127.0.0.1:{port}"], stdout=sys.stderr, stderr=sys.stderr, timeout=170)
        deadline = time.monotonic() + 30
        while queued(folder) < args.count and time.monotonic() < deadline:
            time.sleep(0.1)
        with open(f"{folder}/spool/pid/master.pid") as file:
            master = int(file.read())
        peer.ready(master)
        peer.until_the_end()
    finally:
        postfix("stop")
