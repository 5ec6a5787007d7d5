# SPDX-License-Identifier: BSD-2-Clause
"""The server: what a client says and asks, over stdin and stdout.

Studies are made anew when a text of their folder has changed; findings follow a moment after the
last change. One lock: a study is made by one thread at a time.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import threading
from typing import Any

from pylsp_jsonrpc.dispatchers import MethodDispatcher
from pylsp_jsonrpc.endpoint import Endpoint
from pylsp_jsonrpc.exceptions import JsonRpcMethodNotFound
from pylsp_jsonrpc.streams import JsonRpcStreamReader, JsonRpcStreamWriter

from flue import __version__
from flue.diagnostics import ERROR, Diagnostic
from flue.model import Where

from .completion import complete
from .places import column_of, path_of, range_of, uri_of
from .study import Declaration, Study
from .words import hover

MOMENT = 0.15  # seconds after the last change
_SPEC = re.compile(r"^(target|node|object):", re.MULTILINE)
_MEANT = re.compile(r'did you mean "([^"]+)"')
_SYMBOLS = {"state": 23, "command": 12, "variable": 8, "condition": 17, "status": 22, "type": 10}
_OTHER_SYMBOL = 13  # a variable, to the protocol
_WHOLE_TEXT = 1
CAPABILITIES = {
    "textDocumentSync": {"openClose": True, "change": _WHOLE_TEXT},
    "definitionProvider": True,
    "referencesProvider": True,
    "hoverProvider": True,
    "documentSymbolProvider": True,
    "completionProvider": {"triggerCharacters": [" ", ",", "["]},
    "codeActionProvider": {"codeActionKinds": ["quickfix"]},
}


class Server(MethodDispatcher):
    """Methods are called by the names that the protocol gives them."""

    def __init__(self, reader, writer) -> None:
        self.reader = reader
        self.endpoint = Endpoint(self, writer)
        self.texts: dict[str, str] = {}  # by path, of what is open
        self.studies: dict[str, Study] = {}  # by folder
        self.published: dict[str, set[str]] = {}  # by folder: files of which findings are shown
        self.timers: dict[str, threading.Timer] = {}
        self.lock = threading.RLock()

    def serve(self) -> None:
        self.reader.listen(self.endpoint.consume)
        for timer in self.timers.values():
            timer.cancel()
        self.endpoint.shutdown()

    # ---- What the client says

    def m_initialize(self, **_: Any) -> dict:
        return {
            "capabilities": CAPABILITIES,
            "serverInfo": {"name": "flue", "version": __version__},
        }

    def m_shutdown(self, **_: Any) -> None:
        return None

    def m_exit(self, **_: Any) -> None:
        self.reader.close()

    def m_text_document__did_open(self, textDocument: dict, **_: Any) -> None:
        self._changed(path_of(textDocument["uri"]), textDocument["text"])

    def m_text_document__did_change(
        self, textDocument: dict, contentChanges: list, **_: Any
    ) -> None:
        self._changed(path_of(textDocument["uri"]), contentChanges[-1]["text"])

    def m_text_document__did_save(self, textDocument: dict, **_: Any) -> None:
        path = path_of(textDocument["uri"])
        self._changed(path, self.texts.get(path))

    def m_text_document__did_close(self, textDocument: dict, **_: Any) -> None:
        self._changed(path_of(textDocument["uri"]), None)

    # ---- What the client asks

    def m_text_document__definition(
        self, textDocument: dict, position: dict, **_: Any
    ) -> list[dict]:
        study, place = self._at(textDocument, position)
        return [_location(study, made.where) for made in study.declarations_at(*place)]

    def m_text_document__references(
        self, textDocument: dict, position: dict, context: dict | None = None, **_: Any
    ) -> list[dict]:
        study, place = self._at(textDocument, position)
        found = study.declarations_at(*place)
        itself = [d.where for d in found] if (context or {}).get("includeDeclaration") else []
        places = [*itself, *(u.where for d in found for u in study.uses_of(d))]
        return [_location(study, w) for w in dict.fromkeys(places)]

    def m_text_document__hover(self, textDocument: dict, position: dict, **_: Any) -> dict | None:
        study, place = self._at(textDocument, position)
        said = hover(study, *place)
        return {"contents": {"kind": "markdown", "value": said}} if said else None

    def m_text_document__completion(
        self, textDocument: dict, position: dict, **_: Any
    ) -> list[dict]:
        study, place = self._at(textDocument, position)
        names = complete(self.texts, study, *place)
        return [{"label": name, "sortText": f"{i:04}"} for i, name in enumerate(names)]

    def m_text_document__document_symbol(self, textDocument: dict, **_: Any) -> list[dict]:
        path = path_of(textDocument["uri"])
        study = self._study(os.path.dirname(path))
        return [_symbol(study, d) for d in study.declarations(path)]

    def m_text_document__code_action(
        self, textDocument: dict, context: dict, **_: Any
    ) -> list[dict]:
        actions = []
        for shown in context["diagnostics"]:
            meant = _MEANT.search(shown["message"])
            if meant:
                edit = {"range": shown["range"], "newText": meant[1]}
                action = {
                    "title": f'Change to "{meant[1]}"',
                    "kind": "quickfix",
                    "diagnostics": [shown],
                    "isPreferred": True,
                    "edit": {"changes": {textDocument["uri"]: [edit]}},
                }
                actions.append(action)
        return actions

    # ---- Studies and findings

    def _at(self, document: dict, position: dict) -> tuple[Study, tuple[str, int, int]]:
        path = path_of(document["uri"])
        study = self._study(os.path.dirname(path))
        lines = study.lines(path)
        line = lines[position["line"]] if position["line"] < len(lines) else ""
        return study, (path, position["line"] + 1, column_of(line, position["character"]))

    def _study(self, directory: str) -> Study:
        with self.lock:
            if directory not in self.studies:
                self.studies[directory] = Study(directory, dict(self.texts))
            return self.studies[directory]

    def _changed(self, path: str, text: str | None) -> None:
        directory = os.path.dirname(path)
        with self.lock:
            self.texts.pop(path, None)
            if text is not None:
                self.texts[path] = text
            self.studies.pop(directory, None)
            if directory in self.timers:
                self.timers[directory].cancel()
            self.timers[directory] = threading.Timer(MOMENT, self._publish, [directory])
            self.timers[directory].daemon = True
            self.timers[directory].start()

    def _publish(self, directory: str) -> None:
        """The findings of all files of a folder; those that had some and have none are cleared."""
        with self.lock:
            if not self._is_spec(directory):
                return
            study = self._study(directory)
            files: dict[str, list[dict]] = {f: [] for f in self.published.get(directory, ())}
            for found in study.work.report.diagnostics:
                file = found.file if os.path.isfile(found.file) else study.first
                files.setdefault(file, []).append(_shown(study, found))
            self.published[directory] = {f for f, shown in files.items() if shown}
            for file, shown in files.items():
                told = {"uri": uri_of(file), "diagnostics": shown}
                self.endpoint.notify("textDocument/publishDiagnostics", told)

    def _is_spec(self, directory: str) -> bool:
        """Not every YAML file is one of ours: somebody must say target, node or object."""
        opened = [f for f in self.texts if os.path.dirname(f) == directory]
        return directory in self.published or any(_SPEC.search(self.texts[f]) for f in opened)


def _shown(study: Study, found: Diagnostic) -> dict:
    width = found.end_column - found.column
    where = Where(found.file, found.line, found.column, width)
    hint = f"\n{found.hint}" if found.hint else ""
    return {
        "range": range_of(study.lines(found.file), where),
        "severity": 1 if found.severity == ERROR else 2,
        "code": found.rule,
        "source": "flue",
        "message": found.text + hint,
    }


def _location(study: Study, where: Where) -> dict:
    return {"uri": uri_of(where.file), "range": range_of(study.lines(where.file), where)}


def _symbol(study: Study, made: Declaration) -> dict:
    return {
        "name": made.name,
        "detail": made.sort,
        "kind": _SYMBOLS.get(made.sort, _OTHER_SYMBOL),
        "range": range_of(study.lines(made.where.file), made.where),
        "selectionRange": range_of(study.lines(made.where.file), made.where),
    }


def _noteworthy(record: logging.LogRecord) -> bool:
    """A method that is not there is answered so; the library would print a traceback as well."""
    return not record.exc_info or record.exc_info[0] is not JsonRpcMethodNotFound


def serve() -> None:
    """Until the client says exit, or is gone."""
    logging.getLogger("pylsp_jsonrpc.endpoint").addFilter(_noteworthy)
    Server(
        JsonRpcStreamReader(sys.stdin.buffer), JsonRpcStreamWriter(sys.stdout.buffer).write
    ).serve()
