#!/usr/bin/env python3
"""Stands in for `ssh` between git and a server, and has hung up before the last words are read.

    GIT_SSH_COMMAND="exec python3 hangup.py"

What the program at the server says after its list of references is held back until that program has ended. By then
nothing can be written to it, as is the case now and then with a server that is quick to end.
"""

import os
import subprocess
import sys

process = subprocess.Popen(["ssh", *sys.argv[1:]], stdout=subprocess.PIPE)
os.close(0)
output = sys.stdout.buffer
while True:
    length = process.stdout.read(4)
    output.write(length)
    if length in (b"0000", b""):
        break
    output.write(process.stdout.read(int(length, 16) - 4))
output.flush()
last = process.stdout.read()
status = process.wait()
output.write(last)
output.flush()
sys.exit(status)
