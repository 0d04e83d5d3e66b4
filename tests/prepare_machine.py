"""Install what the screen tests need beyond Python (Debian's chromium and Chinese fonts) where that is allowed; say what is skipped elsewhere."""

import os
import shutil
import subprocess
import sys

CI = os.environ.get("CI") == "true"


def has_fonts() -> bool:
    """Whether any font of the system can show Chinese."""
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False).stdout.strip())


def main() -> int:
    missing = [] if shutil.which("chromium") else ["chromium"]
    if not has_fonts():
        missing += ["fontconfig", "fonts-noto-cjk"]
    if not missing:
        return 0
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], env=environment, check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing], env=environment, check=False, stdout=subprocess.DEVNULL)
    if shutil.which("chromium"):
        return 0
    print("没有 chromium：网页截图测试将跳过。Debian/Ubuntu 可用管理员执行 apt-get install chromium fonts-noto-cjk。", file=sys.stderr)
    return 1 if CI else 0


if __name__ == "__main__":
    sys.exit(main())
