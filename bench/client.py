"""What an artist's script does: posts every picture of a folder, so many at a time, and writes the answers.

    client.py URL FROM TO THREADS
"""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import requests

url, source, target, threads = sys.argv[1:]
local = threading.local()


def send(name):
    if not hasattr(local, "session"):
        local.session = requests.Session()
    with open(os.path.join(source, name), "rb") as file:
        answer = local.session.post(url, data=file.read(), headers={"Content-Type": "image/png"}, timeout=60)
    answer.raise_for_status()
    with open(os.path.join(target, name), "wb") as file:
        file.write(answer.content)


with ThreadPoolExecutor(int(threads)) as pool:
    list(pool.map(send, sorted(os.listdir(source))))
