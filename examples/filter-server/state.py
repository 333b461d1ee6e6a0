"""What the service knows: counts, files and jobs, and how the next calls shall fail."""

import collections
import concurrent.futures
import hashlib
import os
import threading

KEPT_BYTES = 256 << 20


class State:
    """Counts, files and jobs; every access holds the lock."""

    def __init__(self, work, sign=None):
        self.lock = threading.RLock()
        self.work = work
        self.sign = sign
        self.reset()

    def reset(self):
        with self.lock:
            self.requests = 0
            self.connections = 0
            self.cancelled = 0
            self.paid = collections.Counter()
            self.failures = collections.Counter()
            self.files = collections.OrderedDict()
            self.keys = collections.OrderedDict()
            self.jobs = collections.OrderedDict()
            self.rules = []
            self.sign_at = None

    def arm(self, frames):
        """The sign is to be there once so many different frames are paid."""
        with self.lock:
            if self.sign and os.path.exists(self.sign):
                os.unlink(self.sign)
            self.sign_at = frames
            self.give_sign()

    def give_sign(self):
        if self.sign and self.sign_at is not None and len(self.paid) >= self.sign_at:
            self.sign_at = None
            open(self.sign, "w").close()

    def counts(self):
        with self.lock:
            return {
                "requests": self.requests,
                "connections": self.connections,
                "frames": len(self.paid),
                "paid": sum(self.paid.values()),
                "paidTwice": sum(1 for times in self.paid.values() if times > 1),
                "cancelled": self.cancelled,
                "failures": dict(self.failures),
            }

    def times(self):
        """How often each frame was paid, by the SHA-256 of what came in."""
        with self.lock:
            return dict(self.paid)

    def pay(self, data):
        with self.lock:
            self.paid[hashlib.sha256(data).hexdigest()] += 1
            self.give_sign()

    def once(self, key, make):
        """What `make` gave for this key, also where that is still under way."""
        with self.lock:
            known = self.keys.get(key)
            if known is None:
                mine = self.keys[key] = concurrent.futures.Future()
                while len(self.keys) > 10_000:
                    self.keys.popitem(last=False)
        if known is not None:
            return known.result(timeout=600)
        try:
            mine.set_result(make())
        except BaseException as error:
            with self.lock:
                self.keys.pop(key, None)
            mine.set_exception(error)
        return mine.result()

    def add_job(self, job):
        with self.lock:
            self.jobs[job["id"]] = job
            while len(self.jobs) > 10_000:
                self.jobs.popitem(last=False)

    def keep(self, name, data):
        with self.lock:
            self.files[name] = data
            while sum(map(len, self.files.values())) > KEPT_BYTES:
                self.files.popitem(last=False)

    def failure(self, query, method):
        """How this call shall fail: what its query says, or the next rule that was set and is meant for it."""
        with self.lock:
            rule = query if "fail" in query else None
            if rule is None:
                first = next((one for one in self.rules if one["query"].get("method", method) == method), None)
                if first and first["after"] > 0:
                    first["after"] -= 1
                elif first:
                    rule = first["query"]
                    first["count"] -= 1
                    if first["count"] <= 0:
                        self.rules.remove(first)
            if rule is None:
                return None, {}
            self.failures[rule["fail"]] += 1
            return rule["fail"], rule
