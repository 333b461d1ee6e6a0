"""A manifest of a million frames."""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess

from measure import ENVIRONMENT, clip, row, run


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

    row("1,000,000 frames: load", [run(vidgit, "show", folder=repository)], None, "", "a few seconds")
    row(
        "1,000,000 frames: pass, commit, check out",
        [run(vidgit, "filter", "graph:hue=s=0", "-b", "all", folder=repository)], None, "",
        "a few seconds, 1 GiB")
    row(
        "1,000,000 frames: git diff --stat",
        [run("git", "diff", "--stat", "main", "all", folder=repository)], None, "", "a few seconds")
    variants(vidgit, repository)


def variants(vidgit, repository):
    """Comparing, combining and cutting a million frames."""
    few = "a few seconds"

    def measure(name, *arguments):
        row(
            f"1,000,000 frames: {name}", [run(vidgit, *arguments, folder=repository)], None, "", few)

    measure("diff, every frame changed", "diff", "main", "all", "--json")
    run("git", "switch", "-q", "-c", "cut", "all", folder=repository)
    measure("cut of 10 s", "cut", "1:00:00..1:00:10")
    measure("diff, one cut", "diff", "all", "cut", "--json")
    measure("move of 10 s", "move", "1:00:00..1:00:10", "2:00:00")
    measure("blame", "blame", "--json")
    run("git", "switch", "-q", "-c", "side", "main", folder=repository)
    run(vidgit, "cut", "0s..10s", folder=repository)
    measure("merge of cuts and a filter on every frame", "merge", "cut")
