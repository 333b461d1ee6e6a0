#!/usr/bin/env python3
"""S3 on loopback for the tests: moto, which checks signatures and what a key is allowed to do.

Prints one line of JSON when it is there, and ends with its standard input.
"""

import json
import logging
import socket
import sys
import time
import urllib.request

import boto3
import flask
from botocore.awsrequest import AWSRequest
from moto.iam.access_control import IAMRequestBase
from moto.server import ThreadedMotoServer



def request_as_sent(self):
    """moto looks at the address after decoding it, and so refuses also its own client's "prefix=a%2F"."""
    signed = self._get_string_between("SignedHeaders=", ",", self._headers["Authorization"]).split(";")
    headers = self._create_headers_for_aws_request(signed, self._headers)
    request = AWSRequest(method=self._method, url=flask.request.environ["RAW_URI"], headers=headers)
    request.context["timestamp"] = headers["X-Amz-Date"]
    return request


IAMRequestBase._create_aws_request = request_as_sent
logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
checks = "--no-checks" not in sys.argv


def started():
    """A server that answers: on a busy machine its thread may die or be late."""
    for _ in range(5):
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        _, port = server.get_host_and_port()
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
                return server, port
            except OSError:
                time.sleep(0.1)
    sys.exit("moto's server does not answer")


server, port = started()
endpoint = f"http://127.0.0.1:{port}"
common = dict(
    endpoint_url=endpoint,
    region_name="eu-central-1",
    aws_access_key_id="setup",
    aws_secret_access_key="setup",
)
iam = boto3.client("iam", **common)
iam.create_user(UserName="ada")
key = iam.create_access_key(UserName="ada")["AccessKey"]
policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
iam.put_user_policy(UserName="ada", PolicyName="all", PolicyDocument=json.dumps(policy))
boto3.client("s3", **common).create_bucket(
    Bucket="films", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
)
if checks:
    # From now on every request must be signed.
    urllib.request.urlopen(
        urllib.request.Request(
            f"{endpoint}/moto-api/reset-auth", data=b"0", headers={"Content-Type": "text/plain"}
        )
    ).read()
print(
    json.dumps(
        {"base": endpoint, "key": key["AccessKeyId"], "secret": key["SecretAccessKey"], "bucket": "films"}
    ),
    flush=True,
)
sys.stdin.buffer.read()
server.stop()
