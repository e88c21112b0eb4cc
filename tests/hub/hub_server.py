# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""A Hub on 127.0.0.1: what `huggingface_hub` asks over HTTP when it publishes and loads models and datasets.

Files and hashes are real. Large files travel as on the Hub without xet: to and from a storage of their own, which is
this server under its other name, `localhost`, so that the client takes it for another host. `chunk_size` makes uploads
multipart. A fault is a function in `Hub.faults`, called with each request before it is answered.
"""

import base64
import hashlib
import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

import yaml

LARGE = (".safetensors", ".parquet")


class HTTPFault(Exception):
    """An answer that is an error, with the headers by which the client tells errors apart."""

    def __init__(self, status: int, message: str, code: str | None = None):
        super().__init__(message)
        self.status = status
        self.headers = {"X-Error-Message": message, **({"X-Error-Code": code} if code else {})}


class ConnectionCut(Exception):
    """The connection ends here, without an answer or in the middle of one."""


@dataclass
class Commit:
    """A revision: the bytes of every file by path."""

    oid: str
    title: str
    files: dict[str, bytes]


@dataclass
class Repo:
    """A repository; `refs` are branches and tags, by name, and `commits` is in the order of publishing."""

    id: str
    kind: str
    private: bool
    refs: dict[str, str] = field(default_factory=dict)
    commits: dict[str, Commit] = field(default_factory=dict)

    def commit(self, branch: str, title: str, files: dict[str, bytes]) -> Commit:
        oid = hashlib.sha1(f"{self.id}{len(self.commits)}{title}".encode()).hexdigest()
        self.commits[oid] = Commit(oid, title, files)
        self.refs[branch] = oid
        return self.commits[oid]

    def at(self, revision: str) -> Commit:
        oid = self.refs.get(revision, revision)
        if oid not in self.commits:
            raise HTTPFault(404, f"Invalid rev id: {revision}", "RevisionNotFound")
        return self.commits[oid]

    @property
    def files(self) -> dict[str, bytes]:
        """What stands on the main branch."""
        return self.at("main").files


@dataclass
class Request:
    """What a client asks."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict:
        return json.loads(self.body)


@dataclass
class Answer:
    """What it gets; `cut_after` ends the connection after so many bytes of the body."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None


def answer_json(value, status: int = 200) -> Answer:
    return Answer(json.dumps(value).encode(), status, {"Content-Type": "application/json"})


class Hub:
    """The server and what it holds.

    Attributes:
        tokens (`dict[str, str]`): User by token; a user may write to repositories of that name.
        repos (`dict[tuple[str, str], Repo]`): By kind (`"model"`, `"dataset"` or `"space"`) and id.
        stored (`dict[str, bytes]`): Large files by SHA-256.
        chunk_size (`int`, *optional*): Bytes of a part; uploads of more are multipart.
        faults (`list[Callable[[Request, Answer | None], None]]`): Called with each request, first with `None` and then
            with its answer; they may raise `HTTPFault` or `ConnectionCut`, and change the answer.
        log (`list[str]`): Method and path of every request.
    """

    def __init__(self):
        self.start()
        self.port = self.server.server_port
        self.reset()

    def reset(self) -> None:
        """Empties the Hub, except of the connection."""
        self.tokens = {"hf_ann": "ann"}
        self.repos: dict[tuple[str, str], Repo] = {}
        self.stored: dict[str, bytes] = {}
        self.parts: dict[tuple[str, int], bytes] = {}
        self.chunk_size: int | None = None
        self.faults: list[Callable[[Request, Answer | None], None]] = []
        self.log: list[str] = []

    def start(self, port: int = 0) -> None:
        """Listens, on any free port or on the one it had before."""
        self.connections: list[socket.socket] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", port), type("HubHandler", (Handler,), {"hub": self}))
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @contextmanager
    def unplugged(self) -> Iterator[None]:
        """Nobody listens meanwhile, as without a network."""
        self.server.shutdown()
        self.server.server_close()
        for connection in self.connections:
            with suppress(OSError):  # of a client that is gone
                connection.shutdown(socket.SHUT_RDWR)
        try:
            yield
        finally:
            self.start(self.port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def storage(self) -> str:
        return f"http://localhost:{self.port}/storage"

    def answer(self, request: Request) -> Answer:
        self.log.append(f"{request.method} {request.path}")
        for fault in self.faults:
            fault(request, None)
        for methods, pattern, function in ROUTES:
            match = re.fullmatch(pattern, request.path)
            if match and request.method in methods.split():
                answer = function(self, request, **{name: unquote(part) for name, part in match.groupdict("").items()})
                for fault in self.faults:
                    fault(request, answer)
                return answer
        raise HTTPFault(404, f"no such page: {request.method} {request.path}")

    def user(self, request: Request) -> str | None:
        """Who asks, if they say so.

        Raises:
            HTTPFault: The token is wrong.
        """
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token and token not in self.tokens:
            raise HTTPFault(401, "Invalid credentials in Authorization header")
        return self.tokens.get(token)

    def repo(self, request: Request, kind: str, id: str, write: bool = False) -> Repo:
        user = self.user(request)
        repo = self.repos.get((kind, id))
        if repo is None or (repo.private and user != id.split("/")[0]):
            raise HTTPFault(404 if user else 401, "Repository not found", "RepoNotFound")
        if write and user != id.split("/")[0]:
            raise HTTPFault(403 if user else 401, "You don't have the required permissions")
        return repo

    # One method an endpoint

    def whoami(self, request: Request) -> Answer:
        user = self.user(request)
        if user is None:
            raise HTTPFault(401, "Invalid username or password.")
        return answer_json({"type": "user", "name": user, "orgs": []})

    def create_repo(self, request: Request) -> Answer:
        user = self.user(request)
        namespace, kind = request.json["organization"] or user, request.json.get("type") or "model"
        repo = Repo(f"{namespace}/{request.json['name']}", kind, request.json.get("visibility") == "private")
        if user is None:
            raise HTTPFault(401, "Invalid username or password.")
        if namespace != user:
            raise HTTPFault(403, f'You don\'t have the rights to create a {kind} under the namespace "{namespace}"')
        found = answer_json({"url": f"{self.url}/{folder_of(kind)}{repo.id}", "id": repo.id})
        if (kind, repo.id) in self.repos:
            found.status = 409
            return found
        self.repos[kind, repo.id] = repo
        repo.commit("main", "initial commit", {".gitattributes": b"*.safetensors filter=lfs\n"})
        return found

    def validate_yaml(self, request: Request) -> Answer:
        header = re.match(r"---\n(.*?)\n---\n", request.json["content"], re.DOTALL)
        try:
            metadata = yaml.safe_load(header[1]) if header else {}
        except yaml.YAMLError as error:
            return answer_json({"errors": [{"message": str(error)}]}, 400)
        warnings = [] if metadata else [{"message": "empty or missing yaml metadata in repo card"}]
        return answer_json({"errors": [], "warnings": warnings})

    def info(self, request: Request, kind: str, id: str, revision: str) -> Answer:
        repo = self.repo(request, kind, id)
        commit = repo.at(revision or "main")
        siblings = [{"rfilename": path} for path in commit.files]
        return answer_json({"id": id, "sha": commit.oid, "private": repo.private, "siblings": siblings, "tags": []})

    def create_ref(self, request: Request, kind: str, id: str, name: str) -> Answer:
        repo = self.repo(request, kind, id, write=True)
        if name in repo.refs:
            raise HTTPFault(409, f"Reference already exists: {name}")
        repo.refs[name] = repo.at(request.json.get("startingPoint", "main")).oid
        return Answer()

    def preupload(self, request: Request, kind: str, id: str, revision: str) -> Answer:
        files = self.repo(request, kind, id, write=True).at(revision).files
        return answer_json(
            {
                "files": [
                    {
                        "path": file["path"],
                        "uploadMode": "lfs" if file["path"].endswith(LARGE) else "regular",
                        "shouldIgnore": False,
                        "oid": etag(file["path"], files[file["path"]]) if file["path"] in files else None,
                    }
                    for file in request.json["files"]
                ]
            }
        )

    def lfs_batch(self, request: Request, prefix: str, id: str) -> Answer:
        self.repo(request, kind_of(prefix), id, write=True)
        return answer_json(
            {"transfer": "basic", "objects": [self._lfs_object(**one) for one in request.json["objects"]]}
        )

    def _lfs_object(self, oid: str, size: int) -> dict:
        if oid in self.stored:
            return {"oid": oid, "size": size}
        upload = {"href": f"{self.storage}/{oid}"}
        if self.chunk_size and size > self.chunk_size:
            parts = -(-size // self.chunk_size)
            urls = {str(part): f"{self.storage}/{oid}?part={part}" for part in range(1, parts + 1)}
            upload = {"href": f"{self.url}/complete/{oid}", "header": {"chunk_size": str(self.chunk_size), **urls}}
        return {"oid": oid, "size": size, "actions": {"upload": upload, "verify": {"href": f"{self.url}/verify"}}}

    def upload(self, request: Request, oid: str) -> Answer:
        if "part" in request.query:
            self.parts[oid, int(request.query["part"][0])] = request.body
        else:
            self._store(oid, request.body)
        return Answer(headers={"ETag": hashlib.md5(request.body).hexdigest()})

    def complete(self, request: Request, oid: str) -> Answer:
        self._store(oid, b"".join(self.parts[oid, part["partNumber"]] for part in request.json["parts"]))
        return answer_json({"success": True})

    def _store(self, oid: str, content: bytes) -> None:
        if hashlib.sha256(content).hexdigest() != oid:
            raise HTTPFault(400, "the content is not what its SHA-256 says")
        self.stored[oid] = content

    def verify(self, request: Request) -> Answer:
        if len(self.stored.get(request.json["oid"], b"")) != request.json["size"]:
            raise HTTPFault(404, "the upload is not complete")
        return Answer()

    def commit(self, request: Request, kind: str, id: str, revision: str) -> Answer:
        repo = self.repo(request, kind, id, write=True)
        header, *operations = [json.loads(line) for line in request.body.splitlines()]
        parent = repo.at(revision)
        if header["value"].get("parentCommit", parent.oid) != parent.oid:
            raise HTTPFault(412, "the parent commit is another by now")
        files = dict(parent.files)
        for operation in operations:
            value = operation["value"]
            if operation["key"] == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif operation["key"] == "lfsFile":
                files[value["path"]] = self.stored[value["oid"]]
            else:
                del files[value["path"]]
        commit = repo.commit(revision, header["value"]["summary"], files)
        address = f"{self.url}/{folder_of(kind)}{id}/commit/{commit.oid}"
        return answer_json({"commitUrl": address, "commitOid": commit.oid})

    def tree(self, request: Request, kind: str, id: str, revision: str, path: str) -> Answer:
        files = self.repo(request, kind, id).at(revision).files
        inside = f"{path}/" if path else ""
        found = {name: content for name, content in files.items() if name.startswith(inside)}
        if path and not found:
            raise HTTPFault(404, f"no such folder: {path}", "EntryNotFound")
        entries = {name: file_entry(name, content) for name, content in found.items()}
        for name in found:
            for end in (i for i, letter in enumerate(name) if letter == "/" and i >= len(inside)):
                entries[name[:end]] = {"type": "directory", "path": name[:end], "oid": "0" * 40, "size": 0}
        if request.query.get("recursive", ["false"])[0].lower() == "false":
            entries = {name: entry for name, entry in entries.items() if "/" not in name[len(inside) :]}
        return answer_json(list(entries.values()))

    def resolve(self, request: Request, prefix: str, id: str, revision: str, path: str) -> Answer:
        commit = self.repo(request, kind_of(prefix), id).at(revision)
        if path not in commit.files:
            raise HTTPFault(404, "Entry not found", "EntryNotFound")
        content = commit.files[path]
        headers = {"X-Repo-Commit": commit.oid, "ETag": f'"{etag(path, content)}"', "Accept-Ranges": "bytes"}
        if not path.endswith(LARGE):
            return send_range(request, content, headers)
        oid = hashlib.sha256(content).hexdigest()
        self.stored.setdefault(oid, content)
        headers |= {
            "X-Linked-Etag": f'"{oid}"',
            "X-Linked-Size": str(len(content)),
            "Location": f"{self.storage}/{oid}",
        }
        return Answer(status=302, headers=headers)

    def download(self, request: Request, oid: str) -> Answer:
        return send_range(request, self.stored[oid], {"Accept-Ranges": "bytes"})


def folder_of(kind: str) -> str:
    """The start of the path of a repository, before its id."""
    return "" if kind == "model" else f"{kind}s/"


def kind_of(prefix: str | None) -> str:
    return prefix.removesuffix("s/") if prefix else "model"


def etag(path: str, content: bytes) -> str:
    """The git hash of a small file, the SHA-256 of a large one."""
    if path.endswith(LARGE):
        return hashlib.sha256(content).hexdigest()
    return hashlib.sha1(b"blob %d\0%b" % (len(content), content)).hexdigest()


def file_entry(path: str, content: bytes) -> dict:
    entry = {"type": "file", "path": path, "oid": etag(path, content), "size": len(content)}
    if path.endswith(LARGE):
        entry["lfs"] = {"oid": etag(path, content), "size": len(content), "pointerSize": 130}
    commit = {"id": "0" * 40, "title": "", "date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")}
    return {**entry, "lastCommit": commit}


def send_range(request: Request, content: bytes, headers: dict[str, str]) -> Answer:
    wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("range", ""))
    if not wanted:
        return Answer(content, headers=headers)
    start, end = int(wanted[1]), min(int(wanted[2] or len(content)), len(content) - 1)
    headers["Content-Range"] = f"bytes {start}-{end}/{len(content)}"
    return Answer(content[start : end + 1], 206, headers)


_API = r"/api/(?P<kind>model|dataset|space)s/(?P<id>[^/]+/[^/]+)"
_GIT = r"/(?P<prefix>datasets/|spaces/)?(?P<id>[^/]+/[^/]+?)"
ROUTES = (
    ("GET", r"/api/whoami-v2", Hub.whoami),
    ("POST", r"/api/repos/create", Hub.create_repo),
    ("POST", r"/api/validate-yaml", Hub.validate_yaml),
    ("GET", rf"{_API}(/revision/(?P<revision>[^/]+))?", Hub.info),
    ("POST", rf"{_API}/(branch|tag)/(?P<name>[^/]+)", Hub.create_ref),
    ("POST", rf"{_API}/preupload/(?P<revision>[^/]+)", Hub.preupload),
    ("POST", rf"{_API}/commit/(?P<revision>[^/]+)", Hub.commit),
    ("GET", rf"{_API}/tree/(?P<revision>[^/]+)/?(?P<path>.*)", Hub.tree),
    ("POST", rf"{_GIT}\.git/info/lfs/objects/batch", Hub.lfs_batch),
    ("GET HEAD", rf"{_GIT}/resolve/(?P<revision>[^/]+)/(?P<path>.+)", Hub.resolve),
    ("PUT", r"/storage/(?P<oid>\w+)", Hub.upload),
    ("GET HEAD", r"/storage/(?P<oid>\w+)", Hub.download),
    ("POST", r"/complete/(?P<oid>\w+)", Hub.complete),
    ("POST", r"/verify", Hub.verify),
)


class Handler(BaseHTTPRequestHandler):
    """HTTP/1.1 with connections that stay open, as the client expects."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    hub: ClassVar[Hub]

    def setup(self):
        super().setup()
        self.hub.connections.append(self.connection)

    def log_message(self, format, *args):
        """Says nothing; `Hub.log` remembers."""

    def _read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _answer(self):
        url = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, url.path, parse_qs(url.query), headers, self._read_body())
        try:
            answer = self.hub.answer(request)
        except HTTPFault as fault:
            answer = answer_json({"error": str(fault)}, fault.status)
            answer.headers |= fault.headers
        except ConnectionCut:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body[: answer.cut_after])
        if answer.cut_after is not None:
            self.close_connection = True

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _answer
