"""A pass by an image service on loopback, beside a Python script as one would write it: ffmpeg to PNG files, `requests`
with as many threads as vidgit makes calls, and files back."""

import json
import os
import shutil
import subprocess
import sys

from measure import RUNS, ffmpeg, row, run

FRAMES = 1000
PARALLEL = 8
HERE = os.path.dirname(os.path.abspath(__file__))


def service(vidgit, folder):
    folder = os.path.join(folder, "service")
    os.makedirs(folder, exist_ok=True)
    clip, python = source(folder), client(folder)
    server = subprocess.Popen(
        [sys.executable, os.path.join(HERE, "echo.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        measure(vidgit, folder, clip, python, server.stdout.readline().strip())
    finally:
        server.stdin.close()
        server.wait()


def measure(vidgit, folder, clip, python, base):
    repository = os.path.join(folder, "repository")
    sent, made = os.path.join(folder, "sent"), os.path.join(folder, "made")
    ours, whole, posts = [], [], []
    for index in range(RUNS):
        shutil.rmtree(repository, ignore_errors=True)
        run(vidgit, "split", clip, repository)
        run("git", "config", "vidgit.allowHost", "127.0.0.1", folder=repository)
        ours.append(run(vidgit, "filter", recipe(folder, base), "-b", "made", folder=repository))
        for path in (sent, made):
            shutil.rmtree(path, ignore_errors=True)
            os.makedirs(path)
        before = ffmpeg("-i", clip, os.path.join(sent, "%06d.png"))
        post = run(python, os.path.join(HERE, "client.py"), base + "/", sent, made, str(PARALLEL))
        after = ffmpeg("-framerate", "25", "-i", os.path.join(made, "%06d.png"), "-c:v", "ffv1",
                       os.path.join(folder, "made.mkv"))
        posts.append(post)
        whole.append((before[0] + post[0] + after[0], max(before[1], post[1], after[1])))
    each = sorted(seconds for seconds, _ in ours)[len(ours) // 2] * 1000 / FRAMES
    work = f"{FRAMES:,} frames by a service, {PARALLEL} calls at once: {each:.2f} ms a frame"
    row(work, ours, whole, "ffmpeg, requests, ffmpeg", "1.0")
    row(work, ours, posts, "requests alone", "")


def recipe(folder, base):
    path = os.path.join(folder, "echo.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({
            "name": "echo", "engine": "http", "scope": "frame", "parallel": PARALLEL,
            "request": {"method": "POST", "url": base + "/", "raw": "$SINGLE_INPUT"},
        }, file)
    return path


def source(folder):
    path = os.path.join(folder, "clip.mkv")
    if not os.path.exists(path):
        # Noise, so that no frame is like another and none is sent for two.
        ffmpeg(
            "-f", "lavfi", "-i", f"testsrc2=s=640x360:r=25:d={FRAMES // 25},noise=alls=6:allf=t",
            "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", path + ".mkv")
        os.rename(path + ".mkv", path)
    return path


def client(folder):
    """A Python that has `requests`."""
    venv = os.path.join(folder, "venv")
    python = os.path.join(venv, "bin", "python")
    if not os.path.exists(python) or subprocess.call([python, "-c", "import requests"]) != 0:
        subprocess.check_call([sys.executable, "-m", "venv", venv])
        subprocess.check_call([python, "-m", "pip", "install", "--quiet", "requests>=2.31,<3"])
    return python
