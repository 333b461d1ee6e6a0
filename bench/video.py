"""Split, filter and render beside the ffmpeg program."""

import os
import shutil

from measure import RUNS, clip, ffmpeg, row, run

GRAPH = "hue=s=0,eq=contrast=1.4"
FLAGS = ["-sws_flags", "bicubic+full_chroma_int+accurate_rnd+bitexact"]


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
