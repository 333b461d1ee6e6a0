"""Tests of the stand-in itself, with the real git and curl: `python3 Tests/TestSupport/github/selftest.py`."""

import http.client
import os
import subprocess
import sys
import time
import unittest
import urllib.parse

sys.dont_write_bytecode = True

from selfcase import Case  # noqa: E402

DROPPED = (http.client.HTTPException, OSError)


class Strictness(Case):
    def test_wrong_requests_are_refused_and_recorded(self):
        wrong = [
            {"body": {"name": "q", "other": 1}},
            {"body": {}},
            {"body": {"name": 1}},
            {"body": {"name": "q", "private": "yes"}},
            {"body": {"name": "q", "description": None}},
            {"raw": b"{", "Content_Type": "application/json"},
            {"body": {"name": "q"}, "Content_Type": "text/plain"},
            {"body": {"name": "q"}, "Accept": "*/*"},
            {"body": {"name": "q"}, "X_GitHub_Api_Version": None},
            {"body": {"name": "q"}, "Authorization": "token tok-a"},
            {"body": {"name": "q"}, "User_Agent": ""},
        ]
        for number, rest in enumerate(wrong, 1):
            self.assertEqual(self.status("POST", "/user/repos", **rest), 400, rest)
            self.assertEqual(len(self.control("violations")), number, rest)
        self.control("reset", "POST")
        for number, query in enumerate(("?x=1", "?per_page=0", "?per_page=101", "?page=1&page=2", "?sort=odd"), 1):
            self.assertEqual(self.status("GET", "/user/repos" + query), 400, query)
            self.assertEqual(len(self.control("violations")), number, query)
        self.control("reset", "POST")
        self.assertEqual(self.status("GET", "/user", raw=b"{}", Content_Type="application/json"), 400)
        self.assertEqual(self.status("GET", "/nothing"), 404)
        self.assertEqual(self.call("GET", "/nothing", None)[0], 404)
        self.assertEqual(len(self.control("violations")), 3)

    def test_who_may_do_what(self):
        self.film()
        self.assertEqual(self.api("GET", "/user")[1]["login"], "ann")
        self.assertEqual(self.status("GET", "/user", None), 401)
        self.assertEqual(self.status("GET", "/user", "unknown"), 401)
        status, _, headers = self.api("POST", "/user/repos", "tok-c", body={"name": "x"})
        self.assertEqual((status, headers["X-OAuth-Scopes"]), (404, ""))
        self.assertEqual(headers["X-Accepted-OAuth-Scopes"], "public_repo, repo")
        status, value, headers = self.api("POST", "/user/repos", "github_pat_d", body={"name": "x"})
        self.assertEqual((status, headers["X-OAuth-Scopes"]), (403, None))
        self.assertIn("not accessible by personal access token", value["message"])
        self.assertEqual(self.status("POST", "/user/repos", "tok-e", body={"name": "x", "private": True}), 404)
        self.assertEqual(self.status("POST", "/user/repos", "tok-e", body={"name": "x"}), 201)
        self.assertEqual(self.status("POST", "/orgs/acme/repos", "tok-b", body={"name": "x"}), 201)
        self.assertEqual(self.status("POST", "/orgs/acme/repos", "tok-e", body={"name": "y"}), 403)
        self.assertEqual(self.status("PATCH", "/repos/ann/film", "tok-b", body={"description": "x"}), 403)
        self.api("POST", "/user/repos", body={"name": "secret", "private": True, "auto_init": True})
        for token, status in ((None, 404), ("tok-b", 404), ("tok-a", 200)):
            self.assertEqual(self.status("GET", "/repos/ann/secret", token), status)
        self.git("ls-remote", self.remote("ann/secret", None), good=False)
        self.git("ls-remote", self.remote("ann/secret", "tok-b"), good=False)
        self.assertIn("refs/heads/main", self.git("ls-remote", self.remote("ann/secret")))
        self.assertIn("denied to bob", self.git("push", self.remote("ann/film", "tok-b"), "main", at=self.work, good=False))
        self.git("push", self.remote("ann/film", None), "main", at=self.work, good=False)
        self.assertEqual(self.control("violations"), [])

    def test_names(self):
        self.film()
        _, value, _ = self.api("POST", "/user/repos", body={"name": "film"})
        self.assertEqual(value["errors"][0]["message"], "name already exists on this account")
        self.assertEqual(self.api("GET", "/repos/ANN/FILM", None)[1]["full_name"], "ann/film")
        self.assertEqual(self.status("PATCH", "/repos/ann/film", body={"name": "movie"}), 200)
        status, _, headers = self.api("GET", "/repos/ann/film")
        self.assertEqual((status, self.call("GET", headers["Location"])[1]["name"]), (301, "movie"))
        self.assertIn("refs/heads/main", self.git("ls-remote", self.remote("ann/film")))


class Sharing(Case):
    def test_fork_and_pull_request(self):
        self.film()
        path = "/repos/ann/film/pulls"
        status, fork, _ = self.api("POST", "/repos/ann/film/forks", "tok-b")
        self.assertEqual((status, fork["parent"]["full_name"]), (202, "ann/film"))
        self.assertEqual(self.status("POST", "/repos/ann/film/forks", "tok-b", body={"organization": "eve"}), 403)
        self.assertEqual(self.status("GET", "/repos/bob/film/git/ref/heads/main"), 409)
        self.git("ls-remote", self.remote("bob/film", None), good=False)
        end = time.monotonic() + 10
        while self.status("GET", "/repos/bob/film/git/ref/heads/main") != 200:
            self.assertLess(time.monotonic(), end)
            time.sleep(0.05)
        self.assertEqual(self.status("POST", "/repos/ann/film/forks", "tok-b"), 202)

        def propose(**fields):
            body = {"title": "t", "head": "bob:work", "base": "main", **fields}
            return self.api("POST", path, "tok-b", body=body)

        self.assertEqual(propose()[1]["errors"][0]["field"], "head")
        self.assertEqual(propose(head="bob:main", base="x")[1]["errors"][0]["field"], "base")
        self.assertIn("No commits between", propose(head="bob:main")[1]["errors"][0]["message"])
        self.git("checkout", "-q", "-b", "work", at=self.work)
        head = self.commit("two")
        self.git("push", "-q", self.remote("bob/film", "tok-b"), "work", at=self.work)
        status, pull, _ = propose()
        self.assertEqual((status, pull["head"]["sha"], pull["head"]["label"]), (201, head, "bob:work"))
        self.assertEqual((pull["commits"], pull["additions"], pull["mergeable"]), (1, 1, True))
        self.assertIn(head, self.git("ls-remote", self.remote("ann/film"), "refs/pull/1/head"))
        self.assertIn("already exists for bob:work", propose()[1]["errors"][0]["message"])
        self.assertEqual(len(self.api("GET", path + "?state=open&head=bob:work&base=main", None)[1]), 1)
        self.assertEqual(self.status("PATCH", path + "/1", "tok-e", body={"title": "x"}), 403)
        self.assertEqual(self.api("PATCH", path + "/1", "tok-b", body={"state": "closed"})[1]["state"], "closed")
        self.assertEqual(self.api("PATCH", path + "/1", "tok-b", body={"state": "open"})[1]["state"], "open")
        self.assertEqual(self.status("POST", "/repos/ann/film/issues/1/comments", "tok-b", body={"body": "x"}), 201)
        self.assertEqual(self.api("POST", "/repos/ann/film/issues", "tok-b", body={"title": "i"})[1]["number"], 2)
        head = self.commit("three")
        self.git("push", "-q", self.remote("bob/film", "tok-b"), "work", at=self.work)
        self.assertEqual(self.api("GET", path + "/1")[1]["head"]["sha"], head)
        self.git("push", "-q", self.remote("ann/film"), "work:main", at=self.work)
        self.assertEqual(self.api("GET", path + "/1")[1]["merged"], True)
        self.git("push", "-q", self.remote("ann/film"), "main:refs/pull/7/head", at=self.work, good=False)
        self.assertEqual(self.control("violations"), [])
        self.git("fsck", "--strict", at=os.path.join(self.root, "ann", "film.git"))

    def test_pages(self):
        self.film()
        path = "/repos/ann/film/pages"
        self.assertEqual(self.status("GET", path), 404)
        self.assertEqual(self.status("POST", path, body={"source": {"branch": "none"}}), 422)
        status, page, _ = self.api("POST", path, body={"source": {"branch": "main", "path": "/"}})
        self.assertEqual((status, self.status("POST", path, body={"source": {"branch": "main"}})), (201, 409))
        self.assertEqual([self.api("GET", path)[1]["status"] for _ in range(3)], [None, "building", "built"])
        self.assertEqual(self.call("GET", page["html_url"] + "a", None)[1], b"one\n")
        self.assertEqual(self.call("GET", page["html_url"], None)[0], 404)


class Assets(Case):
    options = ("--largest-asset", "1000000", "--most-assets", "3")

    def test_uploads(self):
        self.film()
        release = self.release()
        path = "/repos/ann/film/releases"
        self.assertEqual(self.api("POST", path, body={"tag_name": "media"})[1]["errors"][0]["code"], "already_exists")
        self.assertEqual(self.status("POST", path, "tok-b", body={"tag_name": "x"}), 404)
        self.assertIn("refs/tags/media", self.git("ls-remote", self.remote("ann/film")))
        status, asset, _ = self.upload("my clip.mp4")
        self.assertEqual((status, asset["name"], asset["state"], asset["size"]), (201, "my.clip.mp4", "uploaded", 5))
        self.assertEqual(self.upload("my.clip.mp4")[1]["errors"][0]["code"], "already_exists")
        status, value, _ = self.upload("large", b"0" * 1000001)
        self.assertEqual((status, value["errors"][0]["message"]), (422, "size must be less than or equal to 1000000"))
        self.assertEqual(self.upload("none", b"")[0], 422)
        self.assertEqual(self.upload("x", token="tok-b")[0], 404)
        self.fail_next("path=/uploads/&kind=502-starter")
        self.assertEqual(self.upload("b")[0], 502)
        left = self.assets(release)[1]
        self.assertEqual((left["name"], left["state"], left["size"]), ("b", "starter", 0))
        self.assertEqual(len(self.api("GET", path + "/tags/media")[1]["assets"]), 1)
        self.assertEqual(self.upload("b")[0], 422)
        self.assertEqual(self.status("DELETE", f"{path}/assets/{left['id']}"), 204)
        self.assertEqual(self.upload("b")[0], 201)
        self.fail_next("path=/uploads/&kind=cut-upload&bytes=100000")
        self.assertRaises(DROPPED, self.upload, "cut", b"0" * 900000)
        self.assertEqual(self.assets(release)[-1]["state"], "starter")
        seen, place = [], f"{self.base}/api/v3{path}/{release['id']}/assets?per_page=2"
        while place:
            _, page, headers = self.call("GET", place)
            seen += [one["name"] for one in page]
            nexts = [part for part in (headers["Link"] or "").split(", ") if 'rel="next"' in part]
            place = nexts[0][1 : nexts[0].index(">")] if nexts else None
        self.assertEqual(seen, ["my.clip.mp4", "b", "cut"])
        status, value, _ = self.upload("d")
        self.assertEqual((status, value["errors"][0]["field"]), (422, "file_count"))
        self.assertEqual(value["errors"][0]["message"], "file_count limited to 3 assets per release")
        self.assertEqual(self.upload("b")[1]["errors"][0]["code"], "already_exists")
        self.assertEqual(self.control("violations"), [])
        bare = ["curl", "-s", "-H", "Content-Type:", "-H", "Authorization: Bearer tok-a", "-d", "x"]
        bare += ["-H", "Accept: application/vnd.github+json", "-H", "X-GitHub-Api-Version: 2022-11-28"]
        told = subprocess.run([*bare, self.place + "?name=x"], capture_output=True, text=True, check=True).stdout
        self.assertIn("an upload without Content-Type", told)

    def test_drafts(self):
        self.film()
        draft = self.release(draft=True)
        path = "/repos/ann/film/releases"
        self.assertEqual(self.status("GET", path + "/tags/media"), 404)
        self.assertEqual((len(self.api("GET", path)[1]), len(self.api("GET", path, "tok-b")[1])), (1, 0))
        self.assertEqual(self.status("PATCH", f"{path}/{draft['id']}", body={"draft": False}), 200)
        self.assertEqual(self.api("GET", path + "/latest", None)[1]["id"], draft["id"])


class Downloads(Case):
    options = ("--redirect-downloads", "--link-life", "2")

    def test_redirects_and_ranges(self):
        self.film()
        self.release()
        data = os.urandom(300000)
        asset = self.upload("clip.mp4", data)[1]
        status, _, headers = self.call("GET", asset["browser_download_url"], None)
        place = headers["Location"]
        self.assertEqual(status, 302)
        self.assertNotEqual(urllib.parse.urlsplit(place).netloc, urllib.parse.urlsplit(self.base).netloc)
        self.assertEqual(self.call("GET", place, None)[1], data)
        status, part, headers = self.call("GET", place, None, Range="bytes=100-199")
        self.assertEqual((status, part, headers["Content-Range"]), (206, data[100:200], "bytes 100-199/300000"))
        self.assertEqual(self.call("GET", place, None, Range="bytes=299990-")[1], data[299990:])
        self.assertEqual(self.call("GET", place, None, Range="bytes=-5")[1], data[-5:])
        self.assertEqual(self.call("GET", place, None, Range="bytes=300000-")[0], 416)
        self.assertEqual(self.call("GET", place[:-4] + "0000", None)[0], 403)
        self.assertEqual(self.call("GET", asset["url"], None, Accept="application/octet-stream")[0], 302)
        headers = ["-H", "Authorization: Bearer tok-a", "-H", "Accept: application/octet-stream"]
        headers += ["-H", "X-GitHub-Api-Version: 2022-11-28"]
        got = subprocess.run(["curl", "-sL", *headers, asset["url"]], capture_output=True, check=True).stdout
        self.assertEqual(got, data)
        self.assertEqual(self.control("violations"), [])
        self.assertEqual(self.call("GET", place)[0], 400)
        self.assertEqual(len(self.control("violations")), 1)
        self.assertEqual(self.control("counts")["asset_in"], 300000)
        time.sleep(3)
        self.assertEqual(self.call("GET", place, None)[0], 403)


class Failures(Case):
    options = ("--largest-file", "1000")

    def test_ordered_failures(self):
        user = "path=/api/v3/user"
        self.fail_next(user + "&status=503&count=2")
        self.assertEqual([self.status("GET", "/user") for _ in range(3)], [503, 503, 200])
        for rest in ("", "&bytes=0", "&bytes=20"):
            self.fail_next(user + "&kind=cut" + rest)
            self.assertRaises(DROPPED, self.api, "GET", "/user")
        self.fail_next(user + "&kind=slow&seconds=0.5")
        begun = time.monotonic()
        self.assertEqual(self.status("GET", "/user"), 200)
        self.assertGreater(time.monotonic() - begun, 0.45)
        self.assertEqual(sum(bool(entry.get("cut")) for entry in self.control("log")), 3)
        self.assertEqual(self.control("violations"), [])

    def test_limits_last_as_long_as_they_tell(self):
        user = "path=/api/v3/user"
        self.fail_next(user + "&kind=rate&retry_after=50")
        status, _, headers = self.api("GET", "/user")
        self.assertEqual((status, headers.get_all("x-ratelimit-remaining")), (403, ["0"]))
        self.assertAlmostEqual(int(headers["x-ratelimit-reset"]), time.time() + 50, delta=5)
        self.assertEqual(self.control("violations"), [])
        self.assertEqual((self.status("GET", "/user"), self.status("GET", "/users/ann")), (403, 403))
        self.assertEqual(self.status("GET", "/rate_limit"), 200)
        self.assertEqual([one["path"] for one in self.control("violations")], ["/api/v3/user", "/api/v3/users/ann"])
        self.assertIn("before the time", self.control("violations")[0]["problem"])
        for kind, status in (("rate", 403), ("rate", 429), ("secondary", 403), ("secondary", 429)):
            self.control("reset", "POST")
            self.fail_next(f"{user}&kind={kind}&status={status}&retry_after=1&after=1&count=2")
            self.fail_next(user + "&status=503&after=1")
            self.assertEqual(self.status("GET", "/user"), 200)
            for _ in range(2):
                found, _, headers = self.api("GET", "/user")
                self.assertEqual(found, status)
                if (kind, status) == ("rate", 403):
                    self.assertIsNone(headers["Retry-After"])
                    time.sleep(max(0, int(headers["x-ratelimit-reset"]) - time.time()))
                else:
                    self.assertEqual(headers["Retry-After"], "1")
                    time.sleep(1)
            self.assertEqual([self.status("GET", "/user") for _ in range(2)], [503, 200])
            self.assertEqual(self.control("violations"), [])

    def test_git_is_cut_and_large_files_are_refused(self):
        self.film()
        self.fail_next("path=/ann/film.git/git-upload-pack&kind=cut&bytes=50&after=1")
        clone = os.path.join(self.folder, "clone")
        self.git("clone", "-q", self.remote("ann/film"), clone, good=False)
        self.git("clone", "-q", self.remote("ann/film"), clone)
        self.commit("0" * 2000)
        told = self.git("push", self.remote("ann/film"), "main", at=self.work, good=False)
        self.assertIn("GH001", told)


if __name__ == "__main__":
    unittest.main()
