#!/usr/bin/env python3
"""Clone of a published video, beside a clone of the same frames as PNG files in Git LFS.

    bench/clone.py PROGRAM [WORK_FOLDER [FRAMES]]

Both are bare repositories on this disk, so that no network is measured: what is compared is what moves,
and the work of moving it. A clone of vidgit's holds the manifests, from which every frame can be made once its
medium is fetched; one of Git LFS holds the pictures, or with GIT_LFS_SKIP_SMUDGE=1 their names. Git LFS (git-lfs) is
left out where it is missing.
"""

import os
import shutil
import subprocess
import sys

from measure import ENVIRONMENT, ffmpeg, run


def size(folder):
    return sum(
        os.lstat(os.path.join(path, name)).st_size
        for path, _, names in os.walk(folder) for name in names
    )


def line(work, seconds, place):
    print(f"| {work} | {seconds:.1f} s | {size(place) / 2**20:.1f} MiB |", flush=True)


def fresh(folder):
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def video(vidgit, folder, clip):
    repository, bare = fresh(f"{folder}/video"), fresh(f"{folder}/video.git")
    run(vidgit, "split", clip, repository)
    run(vidgit, "filter", "noir", "-b", "noir", folder=repository)
    run("git", "switch", "-q", "main", folder=repository)
    run("git", "init", "-q", "--bare", "-b", "main", bare)
    run(vidgit, "publish", bare, "--no-media", folder=repository)
    clone = fresh(f"{folder}/video-clone")
    seconds, _ = run(vidgit, "clone", bare, clone)
    line("vidgit clone, two variants", seconds, clone)


def pictures(folder, clip):
    source, bare = fresh(f"{folder}/pictures"), fresh(f"{folder}/pictures.git")
    os.makedirs(f"{source}/frames")
    ffmpeg("-i", clip, "-fps_mode", "passthrough", f"{source}/frames/%06d.png")
    run("git", "init", "-q", "-b", "main", folder=source)
    run("git", "lfs", "install", "--local", folder=source)
    run("git", "lfs", "track", "*.png", folder=source)
    seconds, _ = run("git", "add", ".", folder=source)
    print(f"| Git LFS: add, one variant | {seconds:.1f} s | |", flush=True)
    run("git", "commit", "-q", "-m", "frames", folder=source)
    run("git", "init", "-q", "--bare", "-b", "main", bare)
    # What a push would do, without its walk over all blobs.
    run("git", "push", "-q", "--no-verify", f"file://{bare}", "main", folder=source)
    shutil.copytree(f"{source}/.git/lfs", f"{bare}/lfs", copy_function=os.link)
    for skip, words in (("1", "names alone"), ("0", "with the pictures")):
        clone = fresh(f"{folder}/pictures-clone")
        ENVIRONMENT["GIT_LFS_SKIP_SMUDGE"] = skip
        seconds, _ = run(
            "git", "-c", "filter.lfs.smudge=git-lfs smudge -- %f", "-c",
            "filter.lfs.process=git-lfs filter-process", "-c", "filter.lfs.required=true", "clone",
            "-q", f"file://{bare}", clone)
        line(f"Git LFS: clone, one variant, {words}", seconds, clone)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    vidgit = os.path.abspath(sys.argv[1])
    folder = os.path.abspath(sys.argv[2] if len(sys.argv) > 2 else "bench/work/clone")
    frames = int(sys.argv[3]) if len(sys.argv) > 3 else 36_000
    os.makedirs(folder, exist_ok=True)
    clip = f"{folder}/clip.mp4"
    if not os.path.exists(clip):
        ffmpeg(
            "-f", "lavfi", "-i", f"testsrc2=s=64x48:r=60:d={frames / 60},noise=alls=20:allf=t",
            "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", clip)
    print(f"{frames} frames\n\n| work | time | size of the clone |\n|---|---|---|", flush=True)
    video(vidgit, folder, clip)
    if subprocess.run(["git", "lfs", "version"], capture_output=True).returncode == 0:
        pictures(folder, clip)


main()
