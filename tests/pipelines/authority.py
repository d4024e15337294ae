"""Stands in for whoever gives tokens to a job: prints its address, and answers what is signed in with.

It exchanges only the token of a job that it gave itself, or that GitLab would have put in a variable.
"""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

OF_JOB = "the-token-of-the-job"


class Authority(BaseHTTPRequestHandler):
    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def may_ask(self):
        return self.headers.get("authorization") == "Bearer the-right-to-ask"

    def do_GET(self):
        good = self.path == "/github?audience=api%3A%2F%2FAzureADTokenExchange" and self.may_ask()
        self.answer(200 if good else 403, {"value": OF_JOB if good else ""})

    def do_POST(self):
        form = parse_qs(self.rfile.read(int(self.headers.get("content-length") or 0)).decode())
        if self.path.startswith("/pipelines?") and self.may_ask():
            self.answer(200, {"oidcToken": OF_JOB})
        elif self.path == "/tenant/oauth2/v2.0/token" and form.get("client_assertion") == [OF_JOB]:
            self.answer(200, {"access_token": "a-token", "expires_in": 3599, "token_type": "Bearer"})
        else:
            self.answer(401, {"error": "invalid_client", "error_description": "AADSTS1: no"})

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Authority)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
