#!/usr/bin/env python3
"""Speed and memory beside the ffmpeg program: prints a table of medians and ratios.

    bench/bench.py PROGRAM [WORK_FOLDER]

Each vidgit run is followed by its ffmpeg twin, so that a machine whose speed drifts does not favour
either. Peak memory is that of the largest single process. Nothing is judged: read the ratios.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time

RUNS = 3
GRAPH = "hue=s=0,eq=contrast=1.4"
FLAGS = ["-sws_flags", "bicubic+full_chroma_int+accurate_rnd+bitexact"]
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


def video(vidgit, folder):
    source = clip(folder)
    repository = os.path.join(folder, "repository")
    ours, null, hashed = [], [], []
    for _ in range(RUNS):
        shutil.rmtree(repository, ignore_errors=True)
        ours.append(run(vidgit, "split", source, repository))
        null.append(ffmpeg("-i", source, "-map", "0:v", "-f", "null", "-"))
        hashed.append(ffmpeg("-i", source, "-map", "0:v", "-f", "framehash", "-hash", "sha256", "-"))
    row("split", ours, null, "ffmpeg -f null", "1.3")
    row("split", ours, hashed, "ffmpeg -f framehash", "0.4")

    ours, theirs, again = [], [], []
    for index in range(RUNS):
        run("git", "switch", "-q", "main", folder=repository)
        # Another contrast every time, so that no result is known.
        graph = f"hue=s=0,eq=contrast=1.{4 + index}"
        ours.append(run(vidgit, "filter", "graph:" + graph, "-b", f"made-{index}", folder=repository))
        theirs.append(ffmpeg(*FLAGS, "-i", source, "-map", "0:v", "-vf", graph, "-f", "null", "-"))
        run("git", "switch", "-q", "main", folder=repository)
        again.append(run(vidgit, "filter", "graph:" + graph, "-b", f"again-{index}", folder=repository))
    row("exact filter pass", ours, theirs, "ffmpeg -vf -f null", "1.25")
    row("the same pass again, 1,200 frames", again, None, "", "no frame decoded")

    ours, theirs = [], []
    for _ in range(RUNS):
        ours.append(run(
            vidgit, "render", "made-0", "-o", os.path.join(folder, "ours.mp4"), "--preset",
            "veryfast", folder=repository))
        theirs.append(ffmpeg(
            *FLAGS, "-i", source, "-vf", GRAPH, "-c:v", "libx264", "-preset", "veryfast", "-c:a",
            "copy", os.path.join(folder, "theirs.mp4")))
    row("render, veryfast", ours, theirs, "ffmpeg -vf libx264", "1.15")


def million(vidgit, folder, count=1_000_000):
    """A manifest of a million frames, with results for one recipe already known."""
    repository = os.path.join(folder, "million")
    shutil.rmtree(repository, ignore_errors=True)
    run(vidgit, "split", clip(folder), repository, "--range", "..10")
    recipe = json.loads(subprocess.run(
        [vidgit, "filter", "graph:hue=s=0", "-b", "one", "--json"], cwd=repository,
        env=ENVIRONMENT, check=True, capture_output=True).stdout)["recipes"][0]
    run("git", "switch", "-q", "main", folder=repository)

    database = sqlite3.connect(os.path.join(repository, ".git/vidgit/local.sqlite"))
    names = dict(database.execute("SELECT name, id FROM names"))
    shape = names["1920x1080-yuv420p"]
    rows = []
    for shard in range(count // 1000):
        lines = []
        for place in range(1000):
            number = shard * 1000 + place
            digest = hashlib.sha256(str(number).encode())
            lines.append(
                f'{{"pts":{number * 256},"dur":256,"hash":"sha256:{digest.hexdigest()}",'
                f'"uri":"media/clip.json","filters":[]}}\n')
            rows.append((
                names[recipe], shape, digest.digest(), shape,
                hashlib.sha256(digest.digest()).digest()))
        with open(os.path.join(repository, f"frames/{shard:06}.jsonl"), "w") as file:
            file.writelines(lines)
    database.executemany("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?)", rows)
    database.commit()
    database.close()
    run("git", "add", "-A", folder=repository)
    run("git", "commit", "-qm", "A million frames", folder=repository)

    row("1,000,000 frames: load", [run(vidgit, "render", "-o", "x.nut", "--range", "2000000..", folder=repository)], None, "", "a few seconds")
    row(
        "1,000,000 frames: pass, commit, check out",
        [run(vidgit, "filter", "graph:hue=s=0", "-b", "all", folder=repository)], None, "",
        "a few seconds, 1 GiB")
    row(
        "1,000,000 frames: git diff --stat",
        [run("git", "diff", "--stat", "main", "all", folder=repository)], None, "", "a few seconds")


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    vidgit = os.path.abspath(sys.argv[1])
    folder = os.path.abspath(sys.argv[2] if len(sys.argv) > 2 else "bench/work")
    os.makedirs(folder, exist_ok=True)
    print(f"{os.cpu_count()} cores; {subprocess.getoutput('ffmpeg -version').splitlines()[0]}\n")
    print("| work | vidgit | peak memory | beside | ratio | bar |")
    print("|---|---|---|---|---|---|")
    video(vidgit, folder)
    million(vidgit, folder)


main()
