"""Stands in for the APIs of GitLab, Azure DevOps and GitHub: prints its address, notes every call in
$STUB/calls (forms by their fields, the first line of each), and answers from $STUB/answers, by the last step
of the path. Whoever has not the token gets nothing. Pull requests and issues that are opened are there from then on,
until they are closed; their texts are kept in $STUB.
"""

import base64
import json
import os
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

STUB = Path(os.environ["STUB"])
ACCEPTED = {"Bearer the-token-of-the-bot", "Bearer the-right-to-ask", "the-token-of-the-bot"}
ACCEPTED.add("Basic " + base64.b64encode(b":the-token-of-the-bot").decode())

# What is opened and closed: where its text is kept, and what a search then finds.
KEPT = {
    "issues": ("issue.md", [{"iid": 12}]),
    "merge_requests": ("pull.md", [{"iid": 7, "source_project_id": 1, "target_project_id": 1}]),
    "pullrequests": ("pull.md", {"value": [{"pullRequestId": 7}]}),
}


class Forge(BaseHTTPRequestHandler):
    def answer(self, status, body):
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do(self):
        text = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        if (self.headers.get("authorization") or self.headers.get("private-token")) not in ACCEPTED:
            return self.answer(401, b"{}")
        is_form = (self.headers.get("content-type") or "").endswith("x-www-form-urlencoded")
        fields = [f"{k}={v.splitlines()[0]}" for k, v in parse_qsl(text)] if is_form else [text]
        with (STUB / "calls").open("a") as calls:
            print(self.command, self.path, *fields, file=calls)
        path = urlsplit(self.path).path
        kept = next((kind for kind in KEPT if re.search(rf"/{kind}(/\d+)?$", path)), None)
        if kept and self.command != "GET":
            return self.keep(kept, dict(parse_qsl(text)) if is_form else json.loads(text))
        file = STUB / "answers" / (urlsplit(self.path).path.rsplit("/", 1)[-1].removesuffix(".json") + ".json")
        is_read = self.command == "GET" or self.path.startswith("/devops/")
        if is_read and not file.exists():
            return self.answer(404, b"{}")
        return self.answer(200, file.read_bytes() if is_read else b"{}")

    def keep(self, kind, fields):
        name, opened = KEPT[kind]
        if "description" in fields:
            (STUB / name).write_text(fields["description"])
        if self.command == "POST":
            (STUB / "answers" / f"{kind}.json").write_text(json.dumps(opened))
        elif fields.get("state_event") == "close" or fields.get("status") == "abandoned":
            empty = [] if isinstance(opened, list) else {"value": []}
            (STUB / "answers" / f"{kind}.json").write_text(json.dumps(empty))
        one = opened if isinstance(opened, list) else opened["value"]
        return self.answer(200, json.dumps(one[0]).encode())

    do_GET = do_POST = do_PUT = do_PATCH = do

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Forge)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
