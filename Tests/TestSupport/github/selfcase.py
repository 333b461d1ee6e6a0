"""Starts the stand-in for a test of it, and asks it things with the real git and urllib."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.parse
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
PEOPLE = ("ann:tok-a", "bob:tok-b", "cat:tok-c:", "dan:github_pat_d:", "eve:tok-e:public_repo")


class Unfollowed(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


OPENER = urllib.request.build_opener(Unfollowed)


class Case(unittest.TestCase):
    options = ()

    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.root = os.path.join(self.folder, "root")
        command = [sys.executable, HERE, "--port", "0", "--until-eof", "--root", self.root, *self.options]
        command += [word for person in PEOPLE for word in ("--user", person)] + ["--org", "acme:ann,bob"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.base = self.process.stdout.readline().decode().strip()

    def tearDown(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.assertEqual(self.process.wait(10), 0)
        shutil.rmtree(self.folder)

    def call(self, method, path, token="tok-a", body=None, raw=None, **headers):
        """(status, JSON or bytes, headers) of one call; a header of None is left out."""
        known = {"User-Agent": "selftest", "Accept": "application/vnd.github+json"}
        known["X-GitHub-Api-Version"] = "2022-11-28"
        known["Authorization"] = f"Bearer {token}" if token else None
        if body is not None:
            raw, known["Content-Type"] = json.dumps(body).encode(), "application/json"
        known.update({name.replace("_", "-"): value for name, value in headers.items()})
        known = {name: value for name, value in known.items() if value is not None}
        place = path if path.startswith("http") else self.base + path
        try:
            answer = OPENER.open(urllib.request.Request(place, data=raw, method=method, headers=known))
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            data = answer.read()
            is_json = data and "json" in answer.headers.get("Content-Type", "")
            return answer.status, json.loads(data) if is_json else data, answer.headers

    def api(self, method, path, token="tok-a", **rest):
        return self.call(method, "/api/v3" + path, token, **rest)

    def status(self, *arguments, **rest):
        return self.api(*arguments, **rest)[0]

    def control(self, path, method="GET"):
        return self.call(method, "/control/" + path, None)[1]

    def fail_next(self, query):
        self.control("fail?" + query, "POST")

    def git(self, *arguments, at=None, good=True):
        names = {f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        chosen = {**os.environ, **names, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        chosen["GIT_TERMINAL_PROMPT"] = "0"
        done = subprocess.run(["git", *arguments], cwd=at, env=chosen, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode == 0, good, done.stderr)
        return done.stdout.strip() if good else done.stderr

    def remote(self, name, token="tok-a"):
        return self.base.replace("://", f"://x:{token}@" if token else "://") + f"/{name}.git"

    def film(self):
        """A repository with one commit on `main`, and a clone of it."""
        self.assertEqual(self.status("POST", "/user/repos", body={"name": "film"}), 201)
        self.work = os.path.join(self.folder, "work")
        self.git("init", "-q", "-b", "main", self.work)
        self.commit("one")
        self.git("push", "-q", self.remote("ann/film"), "main", at=self.work)

    def commit(self, text):
        with open(os.path.join(self.work, "a"), "a", encoding="ascii") as file:
            file.write(text + "\n")
        self.git("add", ".", at=self.work)
        self.git("commit", "-q", "-m", text, at=self.work)
        return self.git("rev-parse", "HEAD", at=self.work)

    def release(self, **fields):
        status, value, _ = self.api("POST", "/repos/ann/film/releases", body={"tag_name": "media", **fields})
        self.assertEqual(status, 201)
        self.place = value["upload_url"].split("{")[0]
        return value

    def upload(self, name, raw=b"bytes", token="tok-a", **headers):
        place = f"{self.place}?name={urllib.parse.quote(name)}"
        return self.call("POST", place, token, raw=raw, Content_Type="video/mp4", **headers)

    def assets(self, release):
        return self.api("GET", f"/repos/ann/film/releases/{release['id']}/assets")[1]
