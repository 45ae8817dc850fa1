"""Many short texts in two arrays instead of as many objects: read from a file as they are, decoded one by one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import overload
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

FEW = 10_000  # texts of which what was read stays at hand


@dataclass(frozen=True, slots=True, eq=False)
class Texts(Sequence[str]):
    """Texts in UTF-8 one after the other, and `later` ones added since."""

    letters: NDArray[np.uint8]
    ends: NDArray[np.int64]  # where each begins, and the end of all
    later: tuple[str, ...] = ()
    known: dict[int, str] = field(init=False, repr=False, compare=False, default_factory=dict)  # what was read, of few

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Texts":
        """Pack texts; halves of surrogate pairs, which JSON may carry, are kept as they are."""
        packed, ends = bytearray(), [0]
        for text in texts:
            packed += text.encode("utf-8", "surrogatepass")
            ends.append(len(packed))
        return cls(np.frombuffer(packed, np.uint8), np.asarray(ends, np.int64))

    @classmethod
    def joined(cls, parts: list["Texts"]) -> "Texts":
        """Put the texts of parts without later ones after each other; the list is emptied, for they are many."""
        lengths = np.concatenate([np.empty(0, np.int64), *(np.diff(part.ends) for part in parts)])
        letters = np.concatenate([np.empty(0, np.uint8), *(part.letters for part in parts)])
        parts.clear()
        return cls(letters, np.append(0, np.cumsum(lengths)))

    def __len__(self) -> int:
        return len(self.ends) - 1 + len(self.later)

    def __iter__(self) -> Iterator[str]:
        """Read all of them, one after the other; none is kept."""
        for start, end in pairwise(self.ends.tolist()):
            yield self.letters[start:end].tobytes().decode("utf-8", "surrogatepass")
        yield from self.later

    @overload
    def __getitem__(self, number: int) -> str: ...

    @overload
    def __getitem__(self, number: slice) -> Sequence[str]: ...

    def __getitem__(self, number: int | slice) -> str | Sequence[str]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        if (text := self.known.get(number)) is not None:
            return text
        if number < 0:
            number += len(self)
        packed = len(self.ends) - 1
        if number >= packed:
            return self.later[number - packed]
        text = self.letters[self.ends[number] : self.ends[number + 1]].tobytes().decode("utf-8", "surrogatepass")
        if packed <= FEW:
            self.known[int(number)] = text
        return text

    def many(self, numbers: NDArray[np.int64]) -> list[str]:
        """Return several texts, in the order asked for."""
        if len(self.ends) - 1 <= FEW:
            known = self.known.get
            return [known(number) or self[number] for number in numbers.tolist()]
        if self.later and (numbers >= len(self.ends) - 1).any():
            return [self[number] for number in numbers.tolist()]
        cuts = zip(self.ends[numbers].tolist(), self.ends[numbers + 1].tolist(), strict=True)
        return [self.letters[start:end].tobytes().decode("utf-8", "surrogatepass") for start, end in cuts]

    def added(self, texts: Sequence[str]) -> "Texts":
        """Add texts at the end."""
        return replace(self, later=(*self.later, *texts))


def fold(text: str) -> int:
    """Return the 32 bits by which a text is looked up."""
    return crc32(text.encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where texts stand in Texts, looked up by hashes and compared letter by letter."""

    texts: Texts
    hashes: NDArray[np.uint32]  # rising
    numbers: NDArray[np.int32]
    later: Mapping[str, tuple[int, ...]]

    @classmethod
    def of(cls, texts: Texts) -> "Places":
        """Make the table of texts none of which is a later one."""
        hashes = np.fromiter((fold(text) for text in texts), np.uint32, len(texts))
        order = np.argsort(hashes, kind="stable")
        return cls(texts, hashes[order], order.astype(np.int32), {})

    def get(self, text: str) -> tuple[int, ...]:
        """Return the numbers of the texts that are equal to this one, rising."""
        asked = np.uint32(fold(text))
        low, high = self.hashes.searchsorted(asked, "left"), self.hashes.searchsorted(asked, "right")
        found = tuple(number for number in self.numbers[low:high].tolist() if self.texts[number] == text)
        return found + self.later.get(text, ())

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and bool(self.get(text))

    def added(self, texts: Sequence[str]) -> "Places":
        """Add texts at the end."""
        later = dict(self.later)
        for number, text in enumerate(texts, len(self.texts)):
            later[text] = (*later.get(text, ()), number)
        return replace(self, texts=self.texts.added(texts), later=later)
