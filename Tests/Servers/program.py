#!/usr/bin/env python3
"""Runs a server program on a free port of loopback for the tests.

    program.py nginx FOLDER            files by HTTP, with ranges
    program.py webdav FOLDER           WebDAV, by rclone
    program.py sftp FOLDER             SFTP, by rclone; "ada" has the password "secret"

Prints one line of JSON when it is there, and ends with its standard input.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

kind, folder = sys.argv[1], os.path.abspath(sys.argv[2])
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
scratch = tempfile.mkdtemp(prefix="vidgit-server-")
if kind == "nginx":
    configuration = f"""
daemon off; master_process off; pid {scratch}/pid; error_log stderr crit;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {scratch}/body; proxy_temp_path {scratch}/proxy;
  fastcgi_temp_path {scratch}/fastcgi; uwsgi_temp_path {scratch}/uwsgi; scgi_temp_path {scratch}/scgi;
  server {{ listen 127.0.0.1:{port}; root "{folder}"; }}
}}
"""
    with open(f"{scratch}/nginx.conf", "w") as file:
        file.write(configuration)
    if os.getuid() == 0:
        with open(f"{scratch}/nginx.conf", "a") as file:
            file.write("user root;\n")
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    command = [program, "-c", f"{scratch}/nginx.conf", "-e", "stderr"]
else:
    command = ["rclone", "serve", kind, "--addr", f"127.0.0.1:{port}", "--config", f"{scratch}/none"]
    # The server makes a key for itself there.
    command += ["--cache-dir", scratch] + (["--user", "ada", "--pass", "secret"] if kind == "sftp" else [])
    command.append(folder)
# The server must not outlive this program.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
try:
    for _ in range(400):
        if process.poll() is not None:
            sys.exit(process.stderr.read().decode())
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            break
        except OSError:
            time.sleep(0.025)
    print(json.dumps({"base": f"http://127.0.0.1:{port}", "port": str(port)}), flush=True)
    sys.stdin.buffer.read()
finally:
    process.kill()
    process.wait()
    shutil.rmtree(scratch, ignore_errors=True)
