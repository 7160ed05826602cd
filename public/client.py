"""A client for Sightline in one file: Python 3.8 or newer, standard library only.

    import client
    sightline = client.Sightline("http://localhost:3000", key=None)
    print(sightline.classify("cat.png")["predictions"][0])

On the command line, one JSON object a picture:

    python3 client.py --server http://localhost:3000 cat.png rocket.jpg
"""

import argparse
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

DEFAULT_SERVER = "http://localhost:3000"
MAX_BATCH_PICTURES = 32
RETRIED_STATUSES = (429, 502, 503, 504)
MAX_WAIT_SECONDS = 60.0


class Problem(Exception):
    """An answer that is not a ranking: problem details (RFC 9457), or no answer at all.

    status: the HTTP status, 0 when nobody answered. type: the last part of the problem's type, such
    as "quota-exceeded". expected and received: what the server says about the request, or None.
    """

    def __init__(self, status, type, detail, expected=None, received=None):
        super().__init__("%s %s: %s" % (status, type, detail))
        self.status = status
        self.type = type
        self.detail = detail
        self.expected = expected
        self.received = received


class Sightline:
    """Asks one server. Safe to share between threads: it keeps no state but its settings."""

    def __init__(self, server=DEFAULT_SERVER, key=None, timeout_seconds=60.0, retries=4):
        """
        server: address without a path. key: an API key, or None for the quota of the address.
        timeout_seconds: for each request. retries: after 429, 502, 503, 504 or no answer.
        """
        self.server = server.rstrip("/")
        self.key = key
        self.timeout_seconds = timeout_seconds
        self.retries = retries

    def classify(self, picture, model=None, top_k=None, explain=False):
        """One picture (a path, bytes or a file opened in binary mode) to its ranked labels.

        Returns the answer of POST /api/predict as a dict. Raises Problem.
        """
        query = {"model": model, "topK": top_k, "explain": "true" if explain else None}
        headers = {"Content-Type": "application/octet-stream"}
        return self._ask("POST", "/api/predict", query, read_picture(picture), headers)

    def classify_many(self, pictures, model=None, top_k=None):
        """Yields one result a picture, in order; a bad picture has "problem" and spoils no other."""
        pictures = list(pictures)
        for start in range(0, len(pictures), MAX_BATCH_PICTURES):
            body, content_type = encode_parts(pictures[start : start + MAX_BATCH_PICTURES])
            query = {"model": model, "topK": top_k}
            headers = {"Content-Type": content_type}
            answer = self._ask("POST", "/api/predict/batch", query, body, headers)
            for result in answer["results"]:
                yield dict(result, index=start + result["index"])

    def models(self):
        """What is installed: the answer of GET /api/models."""
        return self._ask("GET", "/api/models", {}, None, {})

    def health(self):
        """The state of the server; a server that is unavailable raises Problem with 503."""
        return self._ask("GET", "/api/health", {}, None, {})

    def _ask(self, method, path, query, body, headers):
        given = {name: value for name, value in query.items() if value is not None}
        url = self.server + path + ("?" + urllib.parse.urlencode(given) if given else "")
        headers = dict(headers, Accept="application/json")
        if self.key:
            headers["Authorization"] = "Bearer " + self.key
        for attempt in range(self.retries + 1):
            request = urllib.request.Request(url, data=body, headers=headers, method=method)
            try:
                with urllib.request.urlopen(request, timeout=self.timeout_seconds) as response:
                    return json.load(response)
            except urllib.error.HTTPError as error:
                problem = read_problem(error)
                wait_seconds = retry_after_seconds(error.headers, attempt)
            except OSError as error:
                problem = Problem(0, "no-answer", "%s: %s" % (url, error))
                wait_seconds = backoff_seconds(attempt)
            is_final = problem.status not in RETRIED_STATUSES + (0,)
            if is_final or attempt == self.retries or wait_seconds > MAX_WAIT_SECONDS:
                raise problem
            time.sleep(wait_seconds)
        raise AssertionError("unreachable")


def read_picture(picture):
    """The bytes of a path, of bytes themselves, or of a file opened in binary mode."""
    if isinstance(picture, (bytes, bytearray, memoryview)):
        return bytes(picture)
    if hasattr(picture, "read"):
        return picture.read()
    with open(picture, "rb") as file:
        return file.read()


def encode_parts(pictures):
    """Pictures as multipart/form-data in parts named images: (body, content type)."""
    boundary = uuid.uuid4().hex
    lines = []
    for index, picture in enumerate(pictures):
        name = os.path.basename(picture) if isinstance(picture, (str, os.PathLike)) else str(index)
        safe = name.replace("\\", "_").replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        head = 'Content-Disposition: form-data; name="images"; filename="%s"' % safe
        lines += [b"--" + boundary.encode(), head.encode("utf-8")]
        lines += [b"Content-Type: application/octet-stream", b"", read_picture(picture)]
    lines += [b"--" + boundary.encode() + b"--", b""]
    return b"\r\n".join(lines), "multipart/form-data; boundary=" + boundary


def read_problem(error):
    """The problem details of an answer; a proxy's page has none."""
    try:
        problem = json.load(error)
        if not isinstance(problem, dict):
            raise ValueError("no object")
    except ValueError:
        return Problem(error.code, "http-%s" % error.code, error.reason)
    return Problem(
        error.code,
        str(problem.get("type", "about:blank")).rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1],
        problem.get("detail") or problem.get("title") or error.reason,
        problem.get("expected"),
        problem.get("received"),
    )


def retry_after_seconds(headers, attempt):
    """What the server asks for, in whole seconds; else one, two, four, ..."""
    value = (headers.get("Retry-After") or "").strip()
    return float(value) if value.isdigit() else backoff_seconds(attempt)


def backoff_seconds(attempt):
    return float(min(2**attempt, MAX_WAIT_SECONDS))


def main(arguments):
    parser = argparse.ArgumentParser(description="Classifies pictures on a Sightline server.")
    parser.add_argument("pictures", nargs="+", help="files")
    parser.add_argument("--server", default=os.environ.get("SIGHTLINE_URL", DEFAULT_SERVER))
    parser.add_argument("--key", default=os.environ.get("SIGHTLINE_KEY"))
    parser.add_argument("--model")
    parser.add_argument("--top-k", type=int)
    options = parser.parse_args(arguments)
    sightline = Sightline(options.server, options.key)
    has_failed = False
    for path in options.pictures:
        try:
            answer = sightline.classify(path, options.model, options.top_k)
            print(json.dumps({"file": path, "predictions": answer["predictions"]}), flush=True)
        except (Problem, OSError) as error:
            has_failed = True
            print(json.dumps({"file": path, "error": str(error)}), flush=True)
    return 1 if has_failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
