"""Words as the search sees them: case, ё and endings taken away, Russian and English alike."""

import hashlib
import re
from functools import lru_cache

import Stemmer

_WORD = re.compile(r"\w+")
# Without caches of their own: they cost more than stemming a word that is new.
_RUSSIAN = Stemmer.Stemmer("russian", 0)
_ENGLISH = Stemmer.Stemmer("english", 0)


def _stem(word: str) -> str:
    russian = not word.isascii() and any("а" <= letter <= "я" for letter in word)
    stemmer = _RUSSIAN if russian else _ENGLISH
    return str(stemmer.stemWord(word))


#: Words said again and again; those with digits (numbers, addresses) seldom come twice and would only fill it.
_known_stem = lru_cache(maxsize=50_000)(_stem)


#: Rows whose words are remembered: a message is written three times on its way out, its words are the same.
_ROWS = 1000


@lru_cache(maxsize=_ROWS)
def words_of(*texts: str) -> str:
    """Return the stems of texts, each once, blank between; at most the first 2,000 words are kept."""
    seen: dict[str, None] = {}
    for text in texts:
        for word in _WORD.findall(text.lower().replace("ё", "е"))[:2000]:
            if word.isalpha():
                seen[_known_stem(word)] = None
            else:  # what ends in a digit has no ending to be taken away: numbers, articles, addresses
                seen[word if "0" <= word[-1] <= "9" else _stem(word)] = None
    return " ".join(seen)


def search_of(q: str) -> str:
    """Return what to search for: the stems of a question, the last one as a beginning: it may be half typed yet."""
    words = words_of(q)
    return f"{words}*" if words and q[-1:].isalnum() else words


def tag_word(tag: str) -> str:
    """Return a word no text contains that stands for a tag, so that tags are searched by the same index."""
    return "tag" + hashlib.blake2b(tag.lower().encode(), digest_size=8).hexdigest()
