"""Programs that stay, on standard input and output, beside the same program in a pipe of ffmpegs.

    bench/stream.py PROGRAM [WORK_FOLDER]

Both sides decode 1080p, hand each picture to the same trivial program and keep what comes back without
loss. vidgit runs as many programs as there are cores, hashes every picture, and puts each result on
disk and on record before it goes on; a pipe has one program and one file at the end.
"""

import json
import os
import shutil
import sys

from measure import RUNS, clip, ffmpeg, row, run

SECONDS = 1

WORKER = r'''
import struct, sys
source, out = sys.stdin.buffer, sys.stdout.buffer
if sys.argv[1] == "y4m":
    header = source.readline()
    words = {word[:1]: word[1:] for word in header.decode().split()[1:]}
    size = int(words["W"]) * int(words["H"]) * 3 // 2
    table = bytes(255 - value for value in range(256))
    out.write(header)
    while source.readline():
        out.write(b"FRAME\n" + source.read(size).translate(table))
        out.flush()
else:
    # Images go back as they came: turned into RGB they are others than the frames already.
    while head := source.read(8):
        out.write(head)
        kind = b""
        while kind != b"IEND":
            head = source.read(8)
            size, kind = struct.unpack(">I4s", head)
            out.write(head + source.read(size + 4))
        out.flush()
'''

PIPES = {
    "y4m": ("-f yuv4mpegpipe -strict -1 -", "-f yuv4mpegpipe -i -"),
    "png-stream": ("-c:v png -f image2pipe -", "-f image2pipe -c:v png -framerate 60 -i -"),
}


def stream(vidgit, folder):
    source = os.path.join(folder, "short.mp4")
    if not os.path.exists(source):
        ffmpeg("-i", clip(folder), "-t", str(SECONDS), "-an", "-c", "copy", source + ".mp4")
        os.rename(source + ".mp4", source)
    worker = os.path.join(folder, "worker.py")
    with open(worker, "w") as file:
        file.write(WORKER)
    repository = os.path.join(folder, "stream")
    shutil.rmtree(repository, ignore_errors=True)
    run(vidgit, "split", source, repository)
    for protocol in PIPES:
        ours, single, theirs, dropped = [], [], [], []
        for index in range(RUNS):
            ours.append(ours_run(vidgit, folder, repository, protocol, f"a{index}"))
            single.append(ours_run(vidgit, folder, repository, protocol, f"b{index}", "--jobs", "1"))
            end = os.path.join(folder, "stream.mkv")
            # As vidgit stores them: each picture by itself.
            theirs.append(pipe(source, worker, protocol, f"-c:v ffv1 -level 3 -g 1 '{end}'"))
            dropped.append(pipe(source, worker, protocol, "-f null -"))
        name = f"program, {protocol}"
        row(name, ours, theirs, "pipe of ffmpegs, ffv1", "")
        row(f"{name}, --jobs 1", single, theirs, "the same", "")
        row(name, ours, dropped, "the same pipe, nothing kept", "")


def pipe(source, worker, protocol, target):
    out, back = PIPES[protocol]
    return run("bash", "-o", "pipefail", "-c", (
        f"ffmpeg -v error -nostdin -i '{source}' {out} | python3 '{worker}' {protocol} | "
        f"ffmpeg -v error -y {back} {target}"))


def ours_run(vidgit, folder, repository, protocol, name, *arguments):
    """A pass by a recipe that no run before has had, so that no result is known."""
    recipe = os.path.join(folder, "worker.json")
    with open(recipe, "w") as file:
        json.dump({
            "name": "worker", "engine": "command", "scope": "frame", "protocol": protocol,
            "argv": ["python3", "worker.py", protocol, name]}, file)
    run("git", "switch", "-q", "main", folder=repository)
    return run(
        vidgit, "filter", recipe, "-b", f"{protocol}-{name}", *arguments, folder=repository)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    place = os.path.abspath(sys.argv[2] if len(sys.argv) > 2 else "bench/work")
    os.makedirs(place, exist_ok=True)
    stream(os.path.abspath(sys.argv[1]), place)
