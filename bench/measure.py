"""Runs programs one by one and prints rows of a table: seconds, peak memory, ratios."""

import os
import statistics
import subprocess
import sys
import time

RUNS = 3
ENVIRONMENT = dict(
    os.environ,
    GIT_AUTHOR_NAME="Bench", GIT_AUTHOR_EMAIL="bench@example.com",
    GIT_COMMITTER_NAME="Bench", GIT_COMMITTER_EMAIL="bench@example.com",
)


def run(*command, folder=None):
    """Runs a command; returns seconds and peak memory in MiB."""
    start = time.monotonic()
    process = subprocess.Popen(
        command, cwd=folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)}: {errors.decode(errors='replace')}")
    unit = 1 if sys.platform == "darwin" else 1024
    return seconds, usage.ru_maxrss * unit / 2**20


def ffmpeg(*arguments):
    return run("ffmpeg", "-v", "error", "-nostdin", "-y", *arguments)


def row(work, ours, theirs, tool, bar):
    seconds = statistics.median(s for s, _ in ours)
    memory = max(m for _, m in ours)
    text = f"| {work} | {seconds:.2f} s | {memory:.0f} MiB |"
    if theirs:
        other = statistics.median(s for s, _ in theirs)
        ratio = statistics.median(a / b for (a, _), (b, _) in zip(ours, theirs))
        text += f" {other:.2f} s ({tool}) | {ratio:.2f} | {bar} |"
    else:
        text += f" | | {bar} |"
    print(text, flush=True)


def clip(folder):
    path = os.path.join(folder, "clip.mp4")
    if not os.path.exists(path):
        ffmpeg(
            "-f", "lavfi", "-i", "testsrc2=s=1920x1080:r=60:d=20", "-f", "lavfi", "-i",
            "sine=f=330:d=20", "-vf", "noise=alls=12:allf=t", "-c:v", "libx264", "-preset", "fast",
            "-pix_fmt", "yuv420p", "-g", "120", "-b:v", "12M", "-c:a", "aac", path + ".mp4")
        os.rename(path + ".mp4", path)
    return path
