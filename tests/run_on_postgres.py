"""Run pytest with the records on a real PostgreSQL: ``python tests/run_on_postgres.py [pytest arguments]``.

Without paths it runs the tests that touch the database, of the folders below; those of them that touch no records do the same on any
database and are left out. Exit code: pytest's; 0 with a plain message where no server can
be started (1 under CI, where that is a fault).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

DEFAULT = ["tests/robust", "tests/unit/kernel", "tests/unit/chains", "tests/unit/enterprises", "tests/unit/resilience", "tests/unit/attraction"]


def main(arguments: list[str]) -> int:
    """Start the server, run, stop it."""
    from tests.postgres import Unavailable, server

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    named = any((ROOT / a.split("::")[0]).exists() for a in arguments if not a.startswith("-"))
    chosen = arguments if named else ["-p", "tests.touching_records", *arguments, *DEFAULT]
    try:
        with server() as url:
            print(f"PostgreSQL: {url}", flush=True)
            environment = {**os.environ, "LIANTU_DATABASE_URL": url}
            return subprocess.run([sys.executable, "-m", "pytest", *chosen], cwd=ROOT, env=environment, check=False).returncode
    except Unavailable as why:
        print(f"没有在 PostgreSQL 上跑：{why}", file=sys.stderr)
        return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
