# SPDX-License-Identifier: BSD-2-Clause
"""Man pages and completions of the command, made by help2man and shtab of what its parser says.

    python3 tools/manual.py --out DIR      flue.1 and flue-COMMAND.1, flue.bash, _flue (for zsh)

help2man asks an installed command and its version; here it asks the source tree's. SOURCE_DATE_EPOCH,
where it is set, is the date of the pages. Exit status: 0 good, 2 a tool is missing, which is said.
"""

from __future__ import annotations

import argparse
import datetime
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "codegen"))

from flue import __version__, usage  # noqa: E402


def commands(parser: argparse.ArgumentParser) -> dict[str, str]:
    """Each command, and in a few words what it does."""
    (sub,) = (x for x in parser._actions if isinstance(x, argparse._SubParsersAction))
    return {x.dest: x.help or "" for x in sub._choices_actions}


def page(words: str, about: str, others: list[str]) -> str:
    """Of `flue` or of `flue COMMAND`. argparse's "usage:" is not what help2man takes for a synopsis,
    and it knows nothing of commands within commands."""
    command = ["help2man", "--no-info", "--no-discard-stderr", f"--name={about}"]
    command += [f"--version-string={__version__}", f"{sys.executable} {ROOT}/flue{words}"]
    environment = dict(os.environ, COLUMNS="1000", PYTHONDONTWRITEBYTECODE="1")
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    name = f"flue{words.replace(' ', '-')}"
    title = f'.TH {name.upper()} 1 {today()} "flue {__version__}" "User Commands"'
    text = re.sub(r"^\.TH .*$", title, done.stdout, flags=re.MULTILINE)
    text = re.sub(r"(?<=^\.SH NAME\n).* (?=\\- )", f"{name} ", text, flags=re.MULTILINE)
    usage_of = re.compile(r"^\.SH DESCRIPTION\nusage: (.*?)\n\.PP\n", re.MULTILINE | re.DOTALL)
    text = usage_of.sub(r".SH SYNOPSIS\n\1\n.SH DESCRIPTION\n", text)
    see = ",\n".join(f".BR {x} (1)" for x in others if x != name)
    return f'{text.rstrip()}\n.SH "SEE ALSO"\n{see}\n'


def today() -> str:
    moment = int(os.environ.get("SOURCE_DATE_EPOCH", time.time()))
    return datetime.datetime.fromtimestamp(moment, datetime.timezone.utc).date().isoformat()


def completion(shell: str) -> str:
    import shtab  # here, since a machine may have help2man alone, or nothing

    return shtab.complete(usage.parser(), shell)


def manual() -> dict[str, str]:
    """The files' texts."""
    top = usage.parser()
    about = top.description or ""
    known = {"": f"{about[0].lower()}{about[1:].rstrip('.')}"}
    known |= {f" {command}": words for command, words in commands(top).items()}
    names = {words: f"flue{words.replace(' ', '-')}" for words in known}
    pages = {f"{names[x]}.1": page(x, known[x], [*names.values()]) for x in known}
    return pages | {"flue.bash": completion("bash"), "_flue": completion("zsh")}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    out = parser.parse_args().out
    try:
        texts = manual()
    except (FileNotFoundError, ImportError) as error:
        print(f"manual: {error}: apt install help2man python3-shtab", file=sys.stderr)
        return 2
    except subprocess.CalledProcessError as error:
        print(f"manual: {error}\n{error.stderr or ''}", file=sys.stderr)
        return 2
    out.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (out / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
