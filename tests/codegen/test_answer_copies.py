# SPDX-License-Identifier: BSD-2-Clause
"""Copies from what a command told into an answer: every delegated variable that both have, but ages."""

import os
import re
import shutil
import subprocess

import pytest
from helpers import ROOT, Report, load, spec
from rule_case import RICH

from flue.backends.c.generate import generate

pytestmark = pytest.mark.skipif(not shutil.which("gcc"), reason="gcc is not installed")

# Members of both structures that are not copied: ages, pointers.
KEPT = {
    "chimney_read_tcp_data_from_add_tcp": {"ts_recent_age"},
    "chimney_remove_tcp_data_from_add_tcp": {"ts_recent_age"},
    "rich_read_flow_data_from_add_flow": set(),
    "rich_remove_flow_data_from_add_flow": set(),
}

PROGRAM = """
#include <stdio.h>
#include <string.h>
#include "{target}.h"

int main(void)
{{
    struct {args} args;
    struct {data} data;
    memset(&args, 0x01, sizeof args);
    memset(&data, 0, sizeof data);
    {function}(&data, &args);
    {tests}
    return 0;
}}
"""


def members(header: str, struct: str) -> set[str]:
    body = re.search(rf"^struct {struct} \{{\n(.*?)^\}};", header, re.DOTALL | re.MULTILINE)[1]
    body = re.sub(r"/\*.*?\*/|union \{.*?\};", "", body, flags=re.DOTALL)
    return set(re.findall(r"(\w+)(?:\[\w+\])?;", body))


@pytest.mark.parametrize("base", ["chimney", RICH, "example"])
def test_what_both_have_is_copied_but_what_grows(base, tmp_path):
    target = load(spec(base) if not os.path.isabs(str(base)) else base, Report())
    generate(target, str(tmp_path))
    header = (tmp_path / f"{target.name}.h").read_text()
    pattern = r"^void ((\w+_data)_from_(\w+))\(struct \2 \*data,\s+const struct (\w+) \*args\);"
    found = re.findall(pattern, header, re.MULTILINE)
    expected = {name for name in KEPT if name.startswith(f"{target.name}_")}
    assert {name for name, *_ in found} == expected
    for function, data, _, args in found:
        both = members(header, data) & members(header, args)
        assert len(both - KEPT[function]) >= 1 and KEPT[function] <= both
        tests = [
            f'if (memcmp(&data.{m}, &args.{m}, sizeof data.{m}) != 0) puts("{m}");'
            for m in sorted(both)
        ]
        values = {"target": target.name, "args": args, "data": data, "function": function}
        (tmp_path / "main.c").write_text(PROGRAM.format(tests="\n    ".join(tests), **values))
        sources = [tmp_path / "main.c", *sorted(tmp_path.glob(f"{target.name}*.c"))]
        sources += [os.path.join(ROOT, "runtime/src", x) for x in os.listdir(f"{ROOT}/runtime/src")]
        sources = [str(x) for x in sources if str(x).endswith(".c")]
        program = str(tmp_path / "main")
        flags = ["-std=c11", f"-I{ROOT}/runtime/include", f"-I{tmp_path}"]
        subprocess.run(["gcc", *flags, *sources, "-o", program], check=True)
        done = subprocess.run([program], capture_output=True, text=True, check=True)
        assert set(done.stdout.split()) == KEPT[function]
