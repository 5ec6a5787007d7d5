# SPDX-License-Identifier: BSD-2-Clause
"""The README shows the example as it is and as it runs: readme.py README.md meters.c meters"""

import re
import subprocess
import sys
from pathlib import Path


def main(readme: str, source: str, program: str) -> int:
    text = Path(readme).read_text()
    code = Path(source).read_text().split("*/\n", 1)[1]  # the license line is not shown
    printed = subprocess.run([program], capture_output=True, text=True, check=True).stdout
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    for what, wanted in (("source", code), ("output", printed)):
        if wanted not in blocks:
            print(f"{readme} does not show the example's {what} as it is", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
