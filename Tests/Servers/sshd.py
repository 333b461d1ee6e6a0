#!/usr/bin/env python3
"""Runs OpenSSH's server on a free port of loopback for the tests, as who runs them.

    sshd.py FOLDER [ROOT]

FOLDER gets its configuration and host key, and holds `authorized_keys`, which tests write. With ROOT, paths of
repositories begin there. Prints one line of JSON when it is there ("port", "user", "key": the host's public key), and
ends with its standard input.
"""

import getpass
import json
import os
import signal
import socket
import subprocess
import sys
import time

folder = os.path.abspath(sys.argv[1])
root = os.path.abspath(sys.argv[2]) if len(sys.argv) > 2 else ""
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
# The server's own check for a folder that the start of the system's service makes.
if os.getuid() == 0:
    os.makedirs("/run/sshd", mode=0o755, exist_ok=True)
key = f"{folder}/host_key"
subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
with open(f"{folder}/serve", "w", encoding="utf-8") as file:
    file.write(f'#!/bin/sh\neval "set -- $SSH_ORIGINAL_COMMAND"\nexec "$1" "{root}$2"\n')
os.chmod(f"{folder}/serve", 0o755)
with open(f"{folder}/config", "w", encoding="utf-8") as file:
    file.write(
        f"""
Port {port}
ListenAddress 127.0.0.1
HostKey {key}
PidFile none
AuthorizedKeysFile {folder}/authorized_keys
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
AllowTcpForwarding no
LogLevel ERROR
"""
        + (f"ForceCommand {folder}/serve\n" if root else "")
    )
# The server must not outlive this program.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
process = subprocess.Popen(
    ["/usr/sbin/sshd", "-D", "-e", "-f", f"{folder}/config"],
    stdin=subprocess.DEVNULL,
    stdout=subprocess.DEVNULL,
    stderr=open(f"{folder}/log", "w", encoding="utf-8"),
)
try:
    for _ in range(400):
        if process.poll() is not None:
            with open(f"{folder}/log", encoding="utf-8") as log:
                sys.exit(log.read())
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            break
        except OSError:
            time.sleep(0.025)
    with open(f"{key}.pub", encoding="utf-8") as file:
        public = " ".join(file.read().split()[:2])
    print(json.dumps({"port": str(port), "user": getpass.getuser(), "key": public}), flush=True)
    sys.stdin.buffer.read()
finally:
    process.kill()
    process.wait()
