"""Have a Chromium for the browser tests: one that is there, Playwright's own, or the distribution's.

Prints where it is. Without any, says how to get one and ends with status 0: the tests then skip, except under CI.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def found() -> str | None:
    """Path of a Chromium that Playwright can drive."""
    if path := os.environ.get("ONRECORD_CHROMIUM"):
        return path
    for name in NAMES:
        if path := shutil.which(name):
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.path.exists(path) else None


def main() -> int:
    if path := found():
        print(f"Browser for the tests: {path}")
        return 0
    print("Fetching a browser for the tests")
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    attempts = [[sys.executable, "-m", "playwright", "install", *(["--with-deps"] if is_root else []), "chromium"]]
    if is_root and shutil.which("apt-get"):
        attempts.append(["sh", "-c", "apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium"])
    for command in attempts:
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if path := found():
            print(f"Browser for the tests: {path}")
            return 0
    print("No browser could be had: install Chromium, or set ONRECORD_CHROMIUM to one. Browser tests are skipped.")
    return 1 if os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main())
