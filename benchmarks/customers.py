"""Reading a table of customers: rows a second and the peak of memory, first and once more, on an SQLite store.

`python -m benchmarks.customers [--rows 1000000]` makes the table and the store in a folder of their own, which is
removed; the command runs in a process of its own, so that its memory is measured alone.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HEAD = "external_id,name,company,email,phone,tags,note\n"


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one run: rows, seconds, rows a second, peak of resident memory in MB."""

    rows: int
    seconds: float
    rate: float
    peak_mb: float


def table(rows: int) -> Iterator[str]:
    """Yield lines of a table with an e-mail, a phone, tags and a note each."""
    yield HEAD
    for n in range(rows):
        yield (
            f"u{n},Имя{n % 5000} Фамилия{n % 7919},Компания {n % 1000},user{n}@shop{n % 97}.example,"
            f'+79{n % 1_000_000_000:09d},опт;чай,"заметка, {n}"\n'
        )


def measured(command: list[str], rows: int) -> Figures:
    """Run a command to its end; raises CalledProcessError when it fails."""
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.monotonic() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Figures(rows, round(seconds, 1), round(rows / seconds), round(used.ru_maxrss / 1024))


def main() -> None:
    """Measure the first reading and the second, which changes nothing; print both as JSON."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    rows: int = options.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        file, config = Path(folder) / "customers.csv", Path(folder) / "mostik.toml"
        with file.open("w", encoding="utf-8") as out:
            out.writelines(table(rows))
        config.write_text(f'[store]\nurl = "sqlite:///{folder}/mostik.sqlite3"\n', encoding="utf-8")
        mostik = [sys.executable, "-m", "mostik"]
        subprocess.run([*mostik, "migrate", "--config", str(config)], check=True, stdout=subprocess.DEVNULL)
        command = [*mostik, "customers", "import", str(file), "--config", str(config)]
        for name in ("first", "again"):
            found = measured(command, rows)
            told = {"run": name, "rows": found.rows, "seconds": found.seconds, "rate": found.rate, "mb": found.peak_mb}
            print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
