#!/usr/bin/env python3
"""Push and pull of many stored frames, beside `rclone copy` and `dvc push`/`pull` of the same files.

    bench/stores.py PROGRAM [WORK_FOLDER [FRAMES]]

The store is moto's S3 on loopback (PyPI: moto[server], boto3), which answers some hundreds of requests
a second: what is measured is mostly how many there are. rclone and dvc (PyPI: dvc[s3]) are left out
where they are missing. DVC names the program, if it is not on PATH.
"""

import json
import os
import shutil
import subprocess
import sys

from measure import ENVIRONMENT, ffmpeg, run


def repository(vidgit, folder, frames):
    """A repository with a stored object for every frame."""
    place = f"{folder}/repo"
    if not os.path.isdir(f"{place}/.git/vidgit/objects"):
        shutil.rmtree(place, ignore_errors=True)
        clip = f"{folder}/clip.mp4"
        source = f"testsrc2=s=160x90:r=25:d={frames / 25},noise=alls=20:allf=t"
        ffmpeg("-f", "lavfi", "-i", source, "-c:v", "libx264", "-preset", "ultrafast", clip)
        run(vidgit, "split", clip, place)
        run(vidgit, "filter", "graph:tmix=frames=3", "-b", "mix", folder=place)
    return place


def files(folder):
    return sum(len(names) for _, _, names in os.walk(folder))


def line(work, seconds, other=None, tool=None):
    beside = f" {tool} {other:.1f} s | {seconds / other:.2f} |" if other else " | |"
    print(f"| {work} | {seconds:.1f} s |{beside}", flush=True)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    vidgit = os.path.abspath(sys.argv[1])
    folder = os.path.abspath(sys.argv[2] if len(sys.argv) > 2 else "bench/work/stores")
    frames = int(sys.argv[3]) if len(sys.argv) > 3 else 10_000
    os.makedirs(folder, exist_ok=True)
    source = repository(vidgit, folder, frames)
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Tests/Servers/s3.py")
    server = subprocess.Popen(
        [sys.executable, script, "--no-checks"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        facts = json.loads(server.stdout.readline())
        # rclone of Debian 12 does not start with it.
        ENVIRONMENT.pop("AWS_CA_BUNDLE", None)
        ENVIRONMENT.update(AWS_ACCESS_KEY_ID=facts["key"], AWS_SECRET_ACCESS_KEY=facts["secret"])
        measure(vidgit, folder, source, facts)
    finally:
        server.stdin.close()
        server.wait()


def measure(vidgit, folder, source, facts):
    objects = f"{source}/.git/vidgit/objects"
    size = int(subprocess.check_output(["du", "-sb", objects]).split()[0])
    print(f"{files(objects)} objects, {size / 1e6:.0f} MB; {os.cpu_count()} cores\n")
    print("| work | vidgit | beside | ratio |")
    print("|---|---|---|---|")
    add = ["store", "add", "bucket", "s3://films/vidgit", "--endpoint", facts["base"],
           "--region", "eu-central-1"]
    subprocess.run([vidgit, "store", "remove", "bucket"], cwd=source, stderr=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL)
    run(vidgit, *add, folder=source)
    push, memory = run(vidgit, "push", "--no-media", folder=source)
    again, _ = run(vidgit, "push", "--no-media", folder=source)
    clone = f"{folder}/clone"
    shutil.rmtree(clone, ignore_errors=True)
    run("git", "clone", "-q", "-b", "mix", source, clone)
    run(vidgit, *add, folder=clone)
    pull, other = run(vidgit, "pull", "--no-media", folder=clone)
    assert files(f"{clone}/.git/vidgit/objects") == files(objects)
    for name, (up, down) in {"rclone": rclone(folder, objects, facts), "dvc": dvc(folder, objects, facts)}.items():
        if up:
            line("push", push, up, name)
            line("pull", pull, down, name)
    line("push again, nothing to do", again)
    print(f"\npeak memory: push {memory:.0f} MiB, pull {other:.0f} MiB")


def rclone(folder, objects, facts):
    if not shutil.which("rclone"):
        print("no rclone: left out", file=sys.stderr)
        return None, None
    ENVIRONMENT.update(
        RCLONE_CONFIG_BENCH_TYPE="s3", RCLONE_CONFIG_BENCH_PROVIDER="Other",
        RCLONE_CONFIG_BENCH_ENDPOINT=facts["base"], RCLONE_CONFIG_BENCH_ENV_AUTH="true",
        RCLONE_CONFIG_BENCH_REGION="eu-central-1", RCLONE_CONFIG=f"{folder}/rclone.conf")
    open(f"{folder}/rclone.conf", "w").close()
    back = f"{folder}/rclone-back"
    shutil.rmtree(back, ignore_errors=True)
    up, _ = run("rclone", "copy", "--transfers", "8", objects, "bench:films/rclone")
    down, _ = run("rclone", "copy", "--transfers", "8", "bench:films/rclone", back)
    assert files(back) == files(objects)
    return up, down


def dvc(folder, objects, facts):
    program = os.environ.get("DVC") or shutil.which("dvc")
    if not program:
        print("no dvc: left out", file=sys.stderr)
        return None, None
    place = f"{folder}/dvc"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(objects, f"{place}/data")
    ENVIRONMENT.update(DVC_NO_ANALYTICS="1", AWS_DEFAULT_REGION="eu-central-1")
    run(program, "init", "--no-scm", "-q", folder=place)
    run(program, "remote", "add", "-d", "bucket", "s3://films/dvc", folder=place)
    run(program, "remote", "modify", "bucket", "endpointurl", facts["base"], folder=place)
    run(program, "add", "-q", "data", folder=place)
    up, _ = run(program, "push", "-q", folder=place)
    shutil.rmtree(f"{place}/.dvc/cache")
    shutil.rmtree(f"{place}/data")
    down, _ = run(program, "pull", "-q", folder=place)
    assert files(f"{place}/data") == files(objects)
    return up, down


main()
