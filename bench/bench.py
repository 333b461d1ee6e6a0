#!/usr/bin/env python3
"""Speed and memory beside the ffmpeg program: prints a table of medians and ratios.

    bench/bench.py PROGRAM [WORK_FOLDER [video|stream|service|million]]

Each vidgit run is followed by its ffmpeg twin, so that a machine whose speed drifts does not favour
either. Peak memory is that of the largest single process. Nothing is judged: read the ratios.
"""

import os
import subprocess
import sys

from million import million
from service import service
from stream import stream
from video import video


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    vidgit = os.path.abspath(sys.argv[1])
    folder = os.path.abspath(sys.argv[2] if len(sys.argv) > 2 else "bench/work")
    parts = {"video": video, "stream": stream, "service": service, "million": million}
    os.makedirs(folder, exist_ok=True)
    print(f"{os.cpu_count()} cores; {subprocess.getoutput('ffmpeg -version').splitlines()[0]}\n")
    print("| work | vidgit | peak memory | beside | ratio | bar |")
    print("|---|---|---|---|---|---|")
    for name in sys.argv[3:] or parts:
        parts[name](vidgit, folder)


main()
