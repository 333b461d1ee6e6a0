"""The real git: commands on the bare repositories, and `git http-backend` behind the web addresses."""

import os
import subprocess
import threading

# GitHub's servers allow partial clones and wants by name, check objects, and keep refs/pull to themselves.
SETTINGS = {
    "http.receivepack": "true",
    "uploadpack.allowFilter": "true",
    "uploadpack.allowAnySHA1InWant": "true",
    "receive.fsckObjects": "true",
    "receive.hideRefs": "refs/pull",
    "gc.auto": "0",
    "safe.directory": "*",
}
PIECE = 1 << 16
# Run before a push is taken in: GitHub refuses files over 100 MB wherever they are in what is new.
HOOK = """#!/bin/sh
none=$(git hash-object --stdin </dev/null | tr 0-9a-f 0)
large=$(while read -r old new name; do [ "$new" = "$none" ] || echo "$new"; done |
  git rev-list --objects --stdin --not --all |
  git cat-file --batch-check='%(objecttype) %(objectsize) %(rest)' |
  while read -r type size path; do
    [ "$type" != blob ] || [ "$size" -le {largest} ] ||
      echo "error: File $path is $size bytes; this exceeds GitHub's file size limit of {largest} bytes"
  done)
[ -z "$large" ] && exit 0
echo "error: GH001: Large files detected." >&2
echo "$large" >&2
exit 1
"""


class GitError(Exception):
    pass


def environment(settings=()):
    chosen = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    chosen.update(GIT_CONFIG_NOSYSTEM="1", GIT_CONFIG_GLOBAL=os.devnull, GIT_TERMINAL_PROMPT="0")
    for who in ("AUTHOR", "COMMITTER"):
        chosen.update({f"GIT_{who}_NAME": "GitHub", f"GIT_{who}_EMAIL": "noreply@github.com"})
    chosen["GIT_CONFIG_COUNT"] = str(len(settings))
    for index, name in enumerate(settings):
        chosen[f"GIT_CONFIG_KEY_{index}"] = name
        chosen[f"GIT_CONFIG_VALUE_{index}"] = settings[name]
    return chosen


def run(*arguments, path=None, accept=(0,), text=True, input=None):
    """The output of one git command, in the bare repository at `path`."""
    command = ["git"] + ([f"--git-dir={path}"] if path else []) + list(arguments)
    done = subprocess.run(
        command, env=environment(), input=input, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False
    )
    if done.returncode not in accept:
        raise GitError(f"git {' '.join(arguments)}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode(errors="replace").strip() if text else done.stdout


def resolve(path, name):
    """The object id of a full reference or revision, or None."""
    return run("rev-parse", "--verify", "--quiet", "--end-of-options", name, path=path, accept=(0, 1, 128)) or None


def branch(path, name):
    return resolve(path, f"refs/heads/{name}")


def branches(path, under="refs/heads/"):
    lines = run("for-each-ref", "--format=%(objectname) %(refname)", under, path=path).splitlines()
    return {line.split(" ", 1)[1]: line.split(" ", 1)[0] for line in lines}


def default_branch(path):
    with open(os.path.join(path, "HEAD"), encoding="utf-8") as file:
        return file.read().strip()[len("ref: refs/heads/") :]


def is_ancestor(path, older, newer):
    command = ["git", f"--git-dir={path}", "merge-base", "--is-ancestor", older, newer]
    return subprocess.run(command, env=environment(), stderr=subprocess.DEVNULL, check=False).returncode == 0


def merges(path, one, other):
    """Whether the two merge without a conflict; None where this git cannot say (before 2.38)."""
    command = ["git", f"--git-dir={path}", "merge-tree", "--write-tree", one, other]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    done = subprocess.run(command, env=environment(), check=False, **quiet)
    return {0: True, 1: False}.get(done.returncode)


def merge_base(path, one, other):
    return run("merge-base", one, other, path=path, accept=(0, 1, 128)) or None


def copy(source, target, *references):
    """Brings references with their objects from one bare repository into another."""
    run("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", source, *references, path=target)


def first_commit(path, name, text):
    blob = run("hash-object", "-w", "--stdin", path=path, input=text.encode())
    tree = run("mktree", path=path, input=f"100644 blob {blob}\tREADME.md\n".encode())
    commit = run("commit-tree", "-m", "Initial commit", tree, path=path)
    run("update-ref", f"refs/heads/{name}", commit, path=path)


def choose_default(path):
    """After a first push, the default branch is one that exists."""
    known = [name[len("refs/heads/") :] for name in branches(path)]
    if known and default_branch(path) not in known:
        chosen = next((name for name in ("main", "master") if name in known), known[0])
        run("symbolic-ref", "HEAD", f"refs/heads/{chosen}", path=path)


def write_hook(folder, largest):
    """The hook of all repositories: see `HOOK`."""
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "pre-receive")
    with open(path, "w", encoding="ascii") as file:
        file.write(HOOK.replace("{largest}", str(largest)))
    os.chmod(path, 0o755)


def serve(handler, repository, service, login, finish):
    """Answers a smart HTTP request through `git http-backend`; `finish` runs before the end of the answer."""
    headers = handler.headers
    hooks = os.path.join(handler.state.root, ".hooks")
    chosen = environment({**SETTINGS, "core.hooksPath": hooks})
    root, folder = os.path.split(os.path.dirname(repository.path))
    chosen.update(
        GIT_PROJECT_ROOT=root,
        GIT_HTTP_EXPORT_ALL="1",
        PATH_INFO=f"/{folder}/{os.path.basename(repository.path)}/{service}",
        REQUEST_METHOD=handler.command,
        QUERY_STRING=handler.path.partition("?")[2],
        CONTENT_TYPE=headers.get("Content-Type", ""),
        HTTP_CONTENT_ENCODING=headers.get("Content-Encoding", ""),
        GIT_PROTOCOL=headers.get("Git-Protocol", ""),
        REMOTE_ADDR="127.0.0.1",
        SERVER_PROTOCOL="HTTP/1.1",
    )
    if login:
        chosen["REMOTE_USER"] = login
    process = subprocess.Popen(
        ["git", "http-backend"],
        env=chosen,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    failures = []

    def feed():
        try:
            for piece in handler.body.pieces():
                process.stdin.write(piece)
        except BrokenPipeError:
            handler.body.drain()
        except Exception as failure:  # what the caller did: it is raised again below
            failures.append(failure)
            process.kill()
        finally:
            try:
                process.stdin.close()
            except OSError:
                pass

    feeder = threading.Thread(target=feed, daemon=True)
    feeder.start()
    try:
        status, answer = 200, {}
        for line in iter(process.stdout.readline, b""):
            if not line.strip():
                break
            name, _, value = line.decode("latin-1").partition(":")
            if name.lower() == "status":
                status = int(value.split()[0])
            else:
                answer[name] = value.strip()
        if not answer:
            feeder.join()
            if failures:
                raise failures[0]
            raise GitError("git http-backend gave no answer")
        handler.begin(status, answer)
        while True:
            piece = process.stdout.read1(PIECE)
            if not piece:
                break
            handler.send_piece(piece)
        process.wait()
        feeder.join()
        if failures:
            raise failures[0]
        finish()
        handler.end()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
