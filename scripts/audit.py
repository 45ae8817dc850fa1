"""Ask the advisory service about the pinned dependencies: a known vulnerability fails, no answer is said aloud."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

#: Seconds for the whole audit: a service that does not answer must not hold up a check.
PATIENCE = 180
#: Words of pip-audit and of the libraries below it when nobody answers; any other failure is ours.
SILENCE = ("connect", "timed out", "timeout", "max retries", "resolve", "unreachable")
#: A version with well-known advisories, asked about too: a mirror that names none for it knows none at all.
CANARY = ("pyyaml", "5.1")


class NoAnswer(Exception):
    """The advisory service could not be reached."""


def ask(lock: str, folder: str) -> list[dict[str, Any]]:
    """Return pip-audit's word on each package of a lock file; the canary's lock is written into the folder.

    Raises NoAnswer, or ValueError when the lock cannot be audited.
    """
    canary = Path(folder) / "canary.lock"
    canary.write_text(f"{CANARY[0]}=={CANARY[1]} --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip", "--progress-spinner=off"]
    command += ["--timeout=10", "--format=json", f"--requirement={lock}", f"--requirement={canary}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise NoAnswer(f"no answer within {PATIENCE} s") from error
    try:
        packages: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except ValueError as error:
        last = (done.stderr.strip().splitlines() or [f"pip-audit ended with {done.returncode}"])[-1][:200]
        if any(word in done.stderr.lower() for word in SILENCE):
            raise NoAnswer(last) from error
        raise ValueError(last) from error
    canaries = [package for package in packages if (package["name"], package.get("version")) == CANARY]
    if not any(package.get("vulns") for package in canaries):
        raise NoAnswer("it names no advisory even for a package known to have some (a mirror without advisories?)")
    return [package for package in packages if package not in canaries]


def main(lock: str) -> int:
    """Print one line per vulnerability, or one line saying that there are none or that nobody could be asked."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            packages = ask(lock, folder)
    except NoAnswer as error:
        print(f"audit: NOT DONE, the advisory service could not be asked: {error}")
        return 0
    except ValueError as error:
        print(f"audit: {lock} cannot be audited: {error}")
        return 1
    found = [(package, vuln) for package in packages for vuln in package.get("vulns", ())]
    for package, vuln in found:
        mended = ", ".join(vuln["fix_versions"]) or "no mended version yet"
        print(f"audit: {package['name']} {package['version']}: {vuln['id']} ({mended})")
    if not found:
        print(f"audit: {len(packages)} packages of {lock}, no known vulnerability")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
