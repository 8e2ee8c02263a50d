"""Commands of the product as real processes, in an environment without settings of ours."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SECONDS = 60


def marshrut(
    *arguments: str | Path,
    folder: Path,
    environment: dict[str, str] | None = None,
    typed: str = "",
    descriptor: int | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run `marshrut …` in `folder`; `descriptor` is handed on to it open."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("MARSHRUT_")}
    return subprocess.run(
        [sys.executable, "-m", "marshrut", *map(str, arguments)],
        cwd=folder,
        env={**clean, **(environment or {})},
        input=typed,
        pass_fds=() if descriptor is None else (descriptor,),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
