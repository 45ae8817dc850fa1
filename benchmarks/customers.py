"""A table of customers: rows a second and the peak of memory, read first, once more, and written, on an SQLite store.

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
    """Yield lines of a table with an e-mail, a phone, tags and a note each.

    Of a hundred rows two are bad (a phone, an e-mail), ten say something new of who stood before them, and twenty have
    phones as people write them.
    """
    yield HEAD
    for n in range(rows):
        who = n // 2 if n % 10 == 9 else n
        phone = f"8 (9{n % 90 + 10}) {n // 100 % 1000:03d}-{n % 97:02d}-{n % 89:02d}" if n % 5 == 3 else f"+79{n:09d}"
        email = f"user{who} at shop.example" if n % 100 == 51 else f"user{who}@shop{who % 97}.ru"
        yield (
            f"u{who},Имя{who % 5000} Фамилия{who % 7919},Компания {who % 1000},{email},"
            f'{"12345" if n % 100 == 17 else phone},опт;чай,"заметка, {n}"\n'
        )


def measured(command: list[str], rows: int, allowed: tuple[int, ...] = (0,)) -> Figures:
    """Run a command to its end with one of the allowed exit codes; raises CalledProcessError when it fails."""
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.monotonic() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in allowed:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Figures(rows, round(seconds, 1), round(rows / seconds), round(used.ru_maxrss / 1024))


def main() -> None:
    """Measure the first reading, the second, which makes nobody, and the writing; print each as JSON."""
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
        run = [*mostik, "customers", "import", str(file), "--config", str(config)]
        out = Path(folder) / "out.csv"
        for name, command, allowed in (
            ("first", run, (1,)),  # some rows are refused
            ("again", run, (1,)),
            ("export", [*mostik, "customers", "export", str(out), "--config", str(config)], (0,)),
        ):
            found = measured(command, rows, allowed)
            told = {"run": name, "rows": found.rows, "seconds": found.seconds, "rate": found.rate, "mb": found.peak_mb}
            print(json.dumps(told), flush=True)
        sizes = {"table": file, "store": Path(folder) / "mostik.sqlite3", "export": out}
        print(json.dumps({f"{name}_mb": round(path.stat().st_size / 1e6) for name, path in sizes.items()}))


if __name__ == "__main__":
    main()
