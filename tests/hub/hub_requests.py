"""The hub's HTTP API as far as a push and a download use it.

Branches of dataset repositories, commits as whole file lists, large files by LFS. Parquet files are
large here, as `.gitattributes` makes them on the hub.
"""

from __future__ import annotations

import base64
import hashlib
import json
from fnmatch import fnmatch
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from hub_store import OWNER, READER, WRITER, Repo, entries, file_entry, is_large

if TYPE_CHECKING:
    from hub_server import Hub


class Answer(Exception):  # noqa: N818 - ends a request from anywhere
    """A refusal in the hub's form."""

    def __init__(self, status: int, message: str, code: str = "") -> None:
        super().__init__(message)
        self.status, self.message, self.code = status, message, code


class Requests(BaseHTTPRequestHandler):
    """One connection."""

    server: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on the test's output."""

    def handle_one(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = b"".join(iter(self._chunk, b""))
        else:
            body = self.rfile.read(length)
        path = unquote(urlsplit(self.path).path)
        asked = f"{self.command} {path}"
        self.server.requests.append(asked)
        try:
            self._refuse(asked)
            self._route(path.strip("/").split("/"), body)
        except Answer as answer:
            error = {"error": answer.message}
            headers = {"X-Error-Message": answer.message, "X-Error-Code": answer.code}
            self._send(json.dumps(error).encode(), answer.status, headers)

    do_GET = do_HEAD = do_POST = do_PUT = handle_one  # noqa: N815 - names of http.server

    def _chunk(self) -> bytes:
        data = self.rfile.read(int(self.rfile.readline(), 16))
        self.rfile.readline()
        return data

    def _refuse(self, asked: str) -> None:
        part, happens = self.server.when_asked
        if part in asked:
            happens()
        for refusal in self.server.refusals:
            if refusal.part in asked:
                refusal.after -= 1
                if refusal.after < 0 and refusal.status == 0:
                    self.connection.close()
                    raise ConnectionAbortedError
                if refusal.after < 0:
                    raise Answer(refusal.status, refusal.message)

    def _route(self, parts: list[str], body: bytes) -> None:
        match parts:
            case ["api", "repos", "create"]:
                self._create(json.loads(body))
            case ["api", "validate-yaml"]:
                warnings = [{"message": text} for text in self.server.card_warnings]
                self._json({"errors": [], "warnings": warnings})
            case ["api", "datasets", owner, name, *rest]:
                self._dataset(f"{owner}/{name}", rest, body)
            case ["datasets", owner, name, "info", "lfs", "objects", "batch"]:
                self._find(f"{owner}/{name.removesuffix('.git')}", to_write=True)
                self._batch(json.loads(body))
            case ["datasets", owner, name, "resolve", revision, *path]:
                self._resolve(f"{owner}/{name}", revision, "/".join(path))
            case ["lfs", oid] if hashlib.sha256(body).hexdigest() == oid:
                self.server.large[oid] = body
                self._json({})
            case _:
                raise Answer(404, f"no such page: {self.path}")

    def _dataset(self, name: str, rest: list[str], body: bytes) -> None:
        match rest:
            case []:
                self._info(name, "main")
            case ["revision", revision]:
                self._info(name, revision)
            case ["tree", revision, *folder]:
                self._tree(name, revision, "".join(f"{part}/" for part in folder))
            case ["paths-info", revision]:
                self._paths_info(name, revision, parse_qs(body.decode())["paths"])
            case ["preupload", revision]:
                self._commit_of(self._find(name, to_write=True), revision)
                self._preupload(self.server.repos[name], json.loads(body)["files"])
            case ["commit", branch]:
                self._commit(name, branch, [json.loads(line) for line in body.splitlines()])
            case _:
                raise Answer(404, f"no such page: {self.path}")

    def _token(self) -> str:
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        if token not in (WRITER, READER):
            raise Answer(401, "Invalid credentials in Authorization header")
        return token

    def _find(self, name: str, *, to_write: bool = False) -> Repo:
        token = self._token()
        if name not in self.server.repos:
            raise Answer(404, "Repository not found", "RepoNotFound")
        if to_write:
            self._check_may_write(token, name)
        return self.server.repos[name]

    @staticmethod
    def _check_may_write(token: str, name: str) -> None:
        if token == READER or not name.startswith(f"{OWNER}/"):
            raise Answer(403, f"You don't have the rights to write to {name}")

    def _commit_of(self, repo: Repo, revision: str) -> str:
        commit = repo.find(revision)
        if commit is None:
            raise Answer(404, f"Invalid rev id: {revision}", "RevisionNotFound")
        return commit

    def _create(self, asked: dict[str, Any]) -> None:
        name = f"{asked['organization']}/{asked['name']}"
        assert asked["type"] == "dataset"
        self._check_may_write(self._token(), name)
        if name in self.server.repos:
            raise Answer(409, "You already created this dataset repo")
        private = asked.get("visibility") == "private" or asked.get("private", False)
        self.server.create(name, private)
        self._json({"url": f"{self.server.url}/datasets/{name}", "name": name, "id": name})

    def _info(self, name: str, revision: str) -> None:
        repo = self._find(name)
        commit = self._commit_of(repo, revision)
        siblings = [{"rfilename": path} for path in sorted(repo.commits[commit])]
        told = {"id": name, "sha": commit, "private": repo.private, "siblings": siblings}
        self._json({**told, "tags": [], "downloads": 0, "likes": 0})

    def _tree(self, name: str, revision: str, folder: str) -> None:
        repo = self._find(name)
        found = entries(repo.commits[self._commit_of(repo, revision)])
        below = [each for each in found if each["path"].startswith(folder)]
        deep = "recursive=true" in self.path.lower()
        self._json([each for each in below if deep or "/" not in each["path"][len(folder) :]])

    def _paths_info(self, name: str, revision: str, paths: list[str]) -> None:
        repo = self._find(name)
        found = entries(repo.commits[self._commit_of(repo, revision)])
        self._json([each for each in found if each["path"] in paths])

    def _preupload(self, repo: Repo, files: list[dict[str, Any]]) -> None:
        ignored = repo.files.get(".gitignore", b"").decode().split()
        modes = [
            {
                "path": file["path"],
                "uploadMode": "lfs" if is_large(file["path"]) else "regular",
                "shouldIgnore": any(fnmatch(file["path"], pattern) for pattern in ignored),
            }
            for file in files
        ]
        self._json({"files": modes})

    def _batch(self, asked: dict[str, Any]) -> None:
        objects: list[dict[str, Any]] = []
        for each in asked["objects"]:
            told = {"oid": each["oid"], "size": each["size"]}
            if each["oid"] not in self.server.large:
                told["actions"] = {"upload": {"href": f"{self.server.url}/lfs/{each['oid']}"}}
            objects.append(told)
        self._json({"transfer": "basic", "objects": objects})

    def _commit(self, name: str, branch: str, lines: list[dict[str, Any]]) -> None:
        repo = self._find(name, to_write=True)
        head = self._commit_of(repo, branch)
        files = dict(repo.commits[head])
        message = ""
        for line in lines:
            value = line["value"]
            match line["key"]:
                case "header":
                    message = value["summary"]
                    if value.get("parentCommit", head) != head:
                        raise Answer(412, "The branch has moved")
                case "file":
                    files[value["path"]] = base64.b64decode(value["content"])
                case "lfsFile":
                    files[value["path"]] = self.server.large[value["oid"]]
                case "deletedFile":
                    del files[value["path"]]
        commit = repo.commit(branch, files, message)
        url = f"{self.server.url}/datasets/{name}/commit/{commit}"
        self._json({"commitUrl": url, "commitOid": commit})

    def _resolve(self, name: str, revision: str, path: str) -> None:
        repo = self._find(name)
        commit = self._commit_of(repo, revision)
        data = repo.commits[commit].get(path)
        if data is None:
            raise Answer(404, "Entry not found", "EntryNotFound")
        entry = file_entry(path, data)
        etag = entry["lfs"]["oid"] if "lfs" in entry else entry["oid"]
        self._send(data, 200, {"X-Repo-Commit": commit, "ETag": f'"{etag}"'})

    def _json(self, value: Any) -> None:
        self._send(json.dumps(value).encode(), 200, {"Content-Type": "application/json"})

    def _send(self, data: bytes, status: int, headers: dict[str, str]) -> None:
        lost = self.server.loses_answer_to
        if lost is not None and self.path.endswith(lost):
            self.connection.close()
            raise ConnectionAbortedError
        self.send_response(status)
        for key, value in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)
