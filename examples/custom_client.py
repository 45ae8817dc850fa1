"""A program at Mostik's custom channel: prints what customers are sent, and says in a customer's name what is typed.

    MOSTIK_SECRET=… python custom_client.py http://127.0.0.1:8080/api/v1/channels/custom/inbound [PORT]

Standard library alone. The channel's `url` is then http://127.0.0.1:PORT/ (8099); docs/custom.md holds the protocol.
"""

import hashlib
import hmac
import json
import os
import sys
import threading
import time
import urllib.request
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = os.environ["MOSTIK_SECRET"]
seen: set[str] = set()


def sign(body: bytes, at: str) -> str:
    return hmac.new(SECRET.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()


def say(inbound: str, customer: dict[str, str], text: str) -> None:
    """Send a customer's words; the same external_id again is the same message, so a failed call may be repeated."""
    body = json.dumps({"external_id": uuid.uuid4().hex, "customer": customer, "text": text}).encode()
    at = str(int(time.time()))
    headers = {"Content-Type": "application/json", "X-Mostik-Signature": f"t={at},v1={sign(body, at)}"}
    request = urllib.request.Request(inbound, body, headers)  # noqa: S310 - the address is yours
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            print("said", json.load(answer)["message_id"], flush=True)
    except urllib.request.HTTPError as refusal:  # a problem by RFC 9457: `code` and `errors` say what was wrong
        print("refused", refusal.read().decode(), flush=True)


class Webhook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        given = dict(part.partition("=")[::2] for part in self.headers.get("X-Mostik-Signature", "").split(","))
        right = hmac.compare_digest(given.get("v1", "").encode(), sign(body, given.get("t", "")).encode())
        if not right or abs(time.time() - int(given["t"])) > 300:
            self.send_error(401)
            return
        event = json.loads(body)
        if event["id"] not in seen and event["type"] == "message.created":
            print("to", event["data"]["customer"]["id"] + ":", event["data"]["message"]["text"], flush=True)
        seen.add(event["id"])  # Mostik repeats until it hears 2xx: a known id is nothing new
        self.send_response(204)
        self.end_headers()


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2]) if len(sys.argv) > 2 else 8099), Webhook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for line in sys.stdin:
        say(sys.argv[1], {"id": "c1", "name": "Anna"}, line.strip())
