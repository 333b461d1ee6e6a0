"""The shapes of API that work by jobs: Replicate and fal."""

import time
import uuid

from pictures import Problem, apply, decode


class Jobs:
    """Goes together with the other shapes and the handler."""

    def begin(self, name, data, fail):
        """A job. It is paid from its beginning."""
        job = {"id": uuid.uuid4().hex, "begun": time.monotonic(), "polls": 0, "fail": fail}
        job["result"] = apply(name, data)
        self.state.pay(data)
        self.state.add_job(job)
        return job

    def job(self, name):
        with self.state.lock:
            job = self.state.jobs.get(name)
        if job is None:
            raise Problem(404, "there is no such job")
        return job

    def progress(self, job):
        """It takes the time of --work, and one poll at least."""
        if job.get("cancelled"):
            return "cancelled"
        if job["polls"] == 0:
            return "waiting"
        if time.monotonic() - job["begun"] < self.state.work:
            return "running"
        return "failed" if job["fail"] == "error" else "done"

    def cancel(self, job):
        if self.progress(job) in ("waiting", "running"):
            job["cancelled"] = True
            with self.state.lock:
                self.state.cancelled += 1

    def output(self, job):
        """The address of a job's result."""
        self.state.keep(f"predictions/{job['id']}.png", job["result"])
        return f"{self.base()}/files/predictions/{job['id']}.png"

    def predictions(self, parts, query, body):
        """Replicate: POST creates a job, GET polls it, POST .../cancel ends it."""
        if not parts and self.command == "POST":
            fail, rule = self.failure(query)
            if self.fails_before_work(fail, rule):
                return None
            value = self.json_object(body)
            given = value.get("input")
            if not isinstance(given, dict):
                raise Problem(400, "input is an object")
            job = self.begin(given.get("filter") or value.get("version"), self.fetch(given.get("image")), fail)
            if self.headers.get("Prefer", "").startswith("wait"):
                # Answered when it is done.
                time.sleep(self.state.work)
                job["polls"] = 1
            return self.cut() if fail == "cut" else self.answer(201, self.prediction(job))
        job = self.job(parts[0] if parts else "")
        if parts[1:] == ["cancel"] and self.command == "POST":
            self.cancel(job)
            return self.answer(200, self.prediction(job))
        job["polls"] += 1
        fail, rule = self.failure(query)
        return self.fails_before_work(fail, rule) or self.answer(200, self.prediction(job))

    def prediction(self, job):
        """The job as Replicate shows it."""
        address = f"{self.base()}/v1/predictions/{job['id']}"
        shown = {"id": job["id"], "output": None, "error": None, "urls": {"get": address, "cancel": f"{address}/cancel"}}
        progress = self.progress(job)
        if progress == "failed":
            return {**shown, "status": "failed", "error": "told to fail"}
        if progress != "done":
            names = {"cancelled": "canceled", "waiting": "starting", "running": "processing"}
            return {**shown, "status": names[progress]}
        elapsed = max(time.monotonic() - job["begun"], 0.001)
        return {**shown, "status": "succeeded", "output": self.output(job), "metrics": {"predict_time": elapsed}}

    def fal(self, parts, query, body):
        """POST /fal-ai/NAME queues, GET .../requests/ID/status polls, GET .../requests/ID is the result."""
        fail, rule = self.failure(query)
        if self.fails_before_work(fail, rule):
            return None
        if "requests" not in parts and self.command == "POST":
            value = self.json_object(body)
            job = self.begin(parts[-1], self.fetch(value.get("image_url")), fail)
            address = f"{self.base()}/{'/'.join(parts[:2])}/requests/{job['id']}"
            job["address"] = address
            queued = {
                "status": "IN_QUEUE", "request_id": job["id"], "queue_position": 0, "response_url": address,
                "status_url": f"{address}/status", "cancel_url": f"{address}/cancel",
            }
            return self.cut() if fail == "cut" else self.answer(200, queued)
        at = parts.index("requests") if "requests" in parts else len(parts)
        job = self.job(parts[at + 1] if len(parts) > at + 1 else "")
        end = parts[at + 2 :]
        if end == ["cancel"] and self.command == "PUT":
            self.cancel(job)
            return self.answer(202, {"status": "CANCELLATION_REQUESTED"})
        if end == ["status"]:
            job["polls"] += 1
            progress = self.progress(job)
            names = {"waiting": "IN_QUEUE", "running": "IN_PROGRESS"}
            status = names.get(progress, "COMPLETED")
            return self.answer(200 if status == "COMPLETED" else 202, {"status": status, "response_url": job["address"]})
        if end or self.progress(job) in ("waiting", "running"):
            raise Problem(400, "the request is still in progress")
        if self.progress(job) != "done":
            return self.answer(422, {"detail": "told to fail"})
        width, height = decode(job["result"])[:2]
        image = {"url": self.output(job), "width": width, "height": height, "content_type": "image/png"}
        return self.answer(200, {"images": [image]})
