"""Opens a published page in headless Chromium and says as JSON what a person would meet there.

    page.py CHROMIUM URL [FOLDER]       screenshots go into FOLDER

Speaks the DevTools protocol through pipes: nothing but Python is needed.
"""
import base64
import fcntl
import json
import os
import select
import subprocess
import sys
import tempfile
import time

PATIENCE = 60


class Browser:
    def __init__(self, program):
        self.home = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        (theirs_in, self.out), (self.inp, theirs_out) = os.pipe(), os.pipe()
        # The browser reads from 3 and writes to 4, which may be taken here.
        reads, writes = (fcntl.fcntl(end, fcntl.F_DUPFD, 20) for end in (theirs_in, theirs_out))

        def connect():
            os.dup2(reads, 3)
            os.dup2(writes, 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--disable-background-networking", "--remote-debugging-pipe",
             "--user-data-dir=" + self.home.name, "about:blank"],
            preexec_fn=connect, close_fds=False, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for end in (theirs_in, theirs_out, reads, writes):
            os.close(end)
        self.buffer, self.number, self.events = b"", 0, []

    def read(self):
        end = time.time() + PATIENCE
        while b"\0" not in self.buffer:
            if not select.select([self.inp], [], [], max(0, end - time.time()))[0]:
                raise TimeoutError("the browser says nothing")
            piece = os.read(self.inp, 1 << 20)
            if not piece:
                raise EOFError("the browser has ended")
            self.buffer += piece
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, session=None, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def close(self):
        try:
            self.call("Browser.close")
        except Exception:
            pass
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.home.cleanup()


class Page:
    def __init__(self, browser, url, width, dark=False, script=True):
        self.browser, self.width = browser, width
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call(
            "Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "DOM"):
            self.call(domain + ".enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=800,
                  deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.call("Emulation.setScriptExecutionDisabled", value=not script)
        self.call("Page.navigate", url=url)
        while not any(event.get("method") == "Page.loadEventFired"
                      and event.get("sessionId") == self.session for event in browser.events):
            browser.events.append(browser.read())

    def call(self, method, **params):
        return self.browser.call(method, self.session, **params)

    def run(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True,
                           awaitPromise=True, userGesture=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["text"] + " in " + expression)
        return answer["result"].get("value")

    def press(self, key, code):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                      windowsVirtualKeyCode=code)

    def screenshot(self, path):
        height = self.call("Page.getLayoutMetrics")["cssContentSize"]["height"]
        picture = self.call(
            "Page.captureScreenshot", captureBeyondViewport=True,
            clip={"x": 0, "y": 0, "width": self.width, "height": height, "scale": 1})
        with open(path, "wb") as file:
            file.write(base64.b64decode(picture["data"]))


SEE = """(async () => {
  for (const image of document.images) image.loading = "eager";
  await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
  for (const video of document.querySelectorAll("video")) {
    video.preload = "metadata";
    await new Promise((done) => {
      if (video.readyState > 0) return done();
      video.onloadedmetadata = video.onerror = done;
      video.querySelector("source").onerror = done;
      setTimeout(done, 20000);
      video.load();
    });
  }
  const root = document.documentElement;
  return {
    overflow: root.scrollWidth - root.clientWidth,
    pictures: [...document.images].map((image) => image.naturalWidth),
    clips: [...document.querySelectorAll("video")].map((video) =>
      [video.videoWidth, video.duration]),
    headings: [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].map((h) => +h.tagName[1]),
    paper: getComputedStyle(document.body).backgroundColor,
    live: document.querySelectorAll(".wipe.live").length,
  };
})()"""

WIPE = """(() => {
  const wipe = document.activeElement.closest(".wipe");
  const edge = getComputedStyle(wipe.querySelector(".after")).clipPath;
  return [document.activeElement.value, document.activeElement.getAttribute("aria-valuetext"), edge];
})()"""


def keyboard(page):
    """The wipe's state before and after a key, reached with Tab alone."""
    for _ in range(200):
        page.press("Tab", 9)
        if page.run("document.activeElement.type === 'range'"):
            break
    else:
        return None
    states = [page.run(WIPE)]
    for key, code in (("ArrowRight", 39), ("End", 35), ("Home", 36)):
        page.press(key, code)
        states.append(page.run(WIPE))
    return states


def pointer(page):
    """The value of the first wipe after a press at three quarters of its width."""
    box = page.run("""(() => {
      const wipe = document.querySelector(".wipe");
      wipe.scrollIntoView({ block: "center", behavior: "instant" });
      const box = wipe.getBoundingClientRect();
      return [box.left, box.top, box.width, box.height];
    })()""")
    x, y = box[0] + box[2] * 3 / 4, box[1] + box[3] / 2
    for kind in ("mousePressed", "mouseReleased"):
        page.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1,
                  buttons=1 if kind == "mousePressed" else 0)
    return int(page.run("document.querySelector('.wipe input').value"))


def boxes(page):
    """Left edge and width of the first two pictures of a wipe, without a script's help."""
    root = page.call("DOM.getDocument")["root"]["nodeId"]
    nodes = page.call("DOM.querySelectorAll", nodeId=root, selector=".wipe img")["nodeIds"][:2]
    quads = [page.call("DOM.getBoxModel", nodeId=node)["model"]["content"] for node in nodes]
    return [[quad[0], quad[2] - quad[0]] for quad in quads]


def main():
    browser = Browser(sys.argv[1])
    folder = sys.argv[3] if len(sys.argv) > 3 else None
    try:
        result = {}
        for name, width, dark in (("phone", 360, False), ("desk", 1280, False),
                                  ("dark", 1280, True)):
            page = Page(browser, sys.argv[2], width, dark)
            result[name] = page.run(SEE)
            if folder:
                page.screenshot(f"{folder}/{name}.png")
            if result[name]["live"]:
                result[name]["keyboard"] = keyboard(page)
                result[name]["pointer"] = pointer(page)
        if result["desk"]["live"]:
            plain = Page(browser, sys.argv[2], 1280, script=False)
            result["withoutScript"] = boxes(plain)
            if folder:
                plain.screenshot(f"{folder}/plain.png")
        loud = ("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown",
                "Page.javascriptDialogOpening")
        result["complaints"] = [
            json.dumps(event) for event in browser.events if event.get("method") in loud]
        # The controls of a video are pictures of the browser's own.
        result["requests"] = sorted({
            event["params"]["request"]["url"] for event in browser.events
            if event.get("method") == "Network.requestWillBeSent"
            and not event["params"]["request"]["url"].startswith("data:")})
        print(json.dumps(result))
    finally:
        browser.close()


main()
