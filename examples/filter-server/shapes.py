"""The shapes of API that the service speaks: each reads a call, does the work and answers in its own way."""

import base64
import binascii
import json
import ssl
import time
import urllib.parse
from email.parser import BytesParser
from email.policy import HTTP

from jobs import Jobs
from pictures import FILTERS, PNG, Problem, apply, decode

SIZES = ("1024x1024", "1536x1024", "1024x1536")


class Shapes(Jobs):
    """Goes together with the handler, which has the state, the request and the ways to answer."""

    def serve(self, path, query, body):
        parts = path.strip("/").split("/")
        posts = self.command == "POST"
        if parts[0] == "files" and len(parts) > 1:
            return self.file("/".join(parts[1:]), query, body)
        if parts[0] == "raw" and posts:
            return self.raw(parts[1] if len(parts) > 1 else "invert", query, body)
        if path.startswith("/v1/algo/") and posts:
            return self.deepfilter(query, body)
        if parts[:2] == ["v1", "predictions"]:
            return self.predictions(parts[2:], query, body)
        if parts == ["predictions"] and posts:
            return self.cog(query, body)
        if parts[0] == "fal-ai":
            return self.fal(parts, query, body)
        if parts[:2] == ["v2", "models"] and parts[3:] == ["infer"] and posts:
            return self.kserve(parts[2], query, body)
        if path == "/v1/images/edits" and posts:
            return self.edits(query, body)
        if parts[0] == "models" and len(parts) > 1 and posts:
            return self.raw(parts[-1], query, body)
        raise Problem(404, f"there is no '{path}'")

    def work(self, name, data):
        """The work itself, which is what costs."""
        result = apply(name, data)
        self.state.pay(data)
        if self.state.work:
            time.sleep(self.state.work)
        return result

    def failure(self, query):
        return self.state.failure(query, self.command)

    def base(self):
        scheme = "https" if isinstance(self.connection, ssl.SSLSocket) else "http"
        return f"{scheme}://{self.headers.get('Host')}"

    # Bytes in, bytes out: raw, Hugging Face, and the files

    def file(self, name, query, body):
        if self.command == "PUT":
            self.state.keep(name, body)
            return self.answer(201, {})
        with self.state.lock:
            data = self.state.files.get(name)
        if data is None:
            raise Problem(404, f"there is no file '{name}'")
        fail, rule = self.failure(query)
        return self.fails_before_work(fail, rule) or self.picture(data, fail, rule)

    def raw(self, name, query, body):
        """A picture in, a picture out. The same Idempotency-Key is answered without work."""
        fail, rule = self.failure(query)
        if self.fails_before_work(fail, rule):
            return None
        key = self.headers.get("Idempotency-Key")
        result = self.state.once(key, lambda: self.work(name, body)) if key else self.work(name, body)
        return self.picture(result, fail, rule)

    # Pictures by address

    def json_object(self, body):
        try:
            value = json.loads(body)
        except ValueError as error:
            raise Problem(400, f"the body is no JSON: {error}") from error
        if not isinstance(value, dict):
            raise Problem(400, "the body is no JSON object")
        return value

    def base64(self, text):
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError, TypeError) as error:
            raise Problem(400, f"this is no base64: {error}") from error

    def fetch(self, address):
        """A picture by its address: a data URL, or a file of this server. Nothing else is called."""
        if not isinstance(address, str):
            raise Problem(400, "an address is a text")
        if address.startswith("data:image/") and ";base64," in address[:100]:
            return self.base64(address.split(",", 1)[1])
        with self.state.lock:
            data = self.state.files.get(self.name_of(address))
        if data is None:
            raise Problem(400, f"'{address[:200]}' is neither a data URL nor a file of this server")
        return data

    def name_of(self, address):
        """The name under /files/ of an address of this server, or of Algorithmia's data:// form."""
        if address.startswith("data://"):
            return address[len("data://") :]
        url = urllib.parse.urlsplit(address)
        if url.netloc not in ("", self.headers.get("Host")) or not url.path.startswith("/files/"):
            raise Problem(400, f"'{address[:200]}' is not on this server")
        return url.path[len("/files/") :]

    # DeepFilter

    def deepfilter(self, query, body):
        """{"images": [..], "savePaths": [..], "filterName": ".."} -> {"result": {"savePaths": [..]}}"""
        fail, rule = self.failure(query)
        if self.fails_before_work(fail, rule):
            return None
        value = self.json_object(body)
        images, places = value.get("images"), value.get("savePaths")
        if not isinstance(images, list) or not isinstance(places, list) or len(images) != len(places):
            raise Problem(400, "images and savePaths are lists of one length")
        pictures = [self.fetch(image) for image in images]
        names = [self.name_of(place) for place in places]
        for picture, name in zip(pictures, names):
            self.state.keep(name, self.work(value.get("filterName"), picture))
        if fail == "error":
            # Such services say so with a status of 200.
            return self.answer(200, {"error": {"message": "told to fail"}})
        return self.cut() if fail == "cut" else self.answer(200, {"result": {"savePaths": places}})

    # Base64 in JSON: Cog, KServe and OpenAI

    def cog(self, query, body):
        """{"input": {"image": ".."}} -> {"status": "succeeded", "output": "data:image/png;base64,.."}"""
        fail, rule = self.failure(query)
        if self.fails_before_work(fail, rule):
            return None
        given = self.json_object(body).get("input")
        if not isinstance(given, dict):
            raise Problem(422, "input is an object")
        data = self.work(given.get("filter", "invert"), self.fetch(given.get("image")))
        if fail == "error":
            return self.answer(200, {"status": "failed", "error": "told to fail"})
        output = "data:image/png;base64," + base64.b64encode(data).decode()
        answer = {"status": "succeeded", "output": output, "metrics": {"predict_time": 0.001}}
        return self.cut() if fail == "cut" else self.answer(200, answer)

    def kserve(self, name, query, body):
        """One BYTES tensor of base64 texts in, one out."""
        fail, rule = self.failure(query)
        if self.fails_before_work(fail, rule):
            return None
        inputs = self.json_object(body).get("inputs")
        if not isinstance(inputs, list) or len(inputs) != 1 or not isinstance(inputs[0], dict):
            raise Problem(400, "inputs is a list of one tensor")
        tensor = inputs[0]
        data = tensor.get("data")
        if tensor.get("datatype") != "BYTES" or not isinstance(data, list) or tensor.get("shape") != [len(data)]:
            raise Problem(400, "a tensor has the datatype BYTES, data, and a shape that is their number")
        results = [self.work(name, picture) for picture in map(self.base64, data)]
        if fail == "error":
            return self.answer(400, {"error": "told to fail"})
        texts = [base64.b64encode(result).decode() for result in results]
        output = {"name": "output", "datatype": "BYTES", "shape": [len(texts)], "data": texts}
        return self.cut() if fail == "cut" else self.answer(200, {"model_name": name, "outputs": [output]})

    def form(self, body):
        """The fields of multipart/form-data, as bytes by name."""
        kind = self.headers.get("Content-Type", "")
        if not kind.startswith("multipart/form-data"):
            raise Problem(400, "the body is no multipart/form-data")
        message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
        parts = message.iter_parts() if message.is_multipart() else []
        return {part.get_param("name", header="content-disposition"): part.get_payload(decode=True) for part in parts}

    def edits(self, query, body):
        """OpenAI: a form with model, image, prompt (here the filter) and size in, b64_json out."""
        fail, rule = self.failure(query)
        if self.fails_before_work(fail, rule):
            return None
        form = self.form(body)
        text = {name: value.decode("utf-8", "replace") for name, value in form.items() if name != "image"}
        image, size = form.get("image", b""), text.get("size")
        if not text.get("model") or not image.startswith(PNG):
            raise Problem(400, "a model and an image are needed")
        if size not in SIZES:
            raise Problem(400, f"size is one of {', '.join(SIZES)}")
        width, height = decode(image)[:2]
        if f"{width}x{height}" != size:
            raise Problem(400, f"the image has {width}x{height}, and the size is {size}")
        prompt = text.get("prompt", "")
        data = self.work(prompt if prompt in FILTERS else "invert", image)
        if fail == "error":
            return self.answer(400, {"error": {"message": "told to fail", "code": "told"}})
        usage = {"input_tokens": 100, "output_tokens": 1000, "total_tokens": 1100}
        answer = {"created": int(time.time()), "data": [{"b64_json": base64.b64encode(data).decode()}], "usage": usage}
        return self.cut() if fail == "cut" else self.answer(200, answer)
