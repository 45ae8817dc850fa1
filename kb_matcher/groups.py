"""Texts that ask the same, put together: for people who look at many questions at once."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kb_matcher.cuts import furthest, tree
from kb_matcher.normalise import question_words, stem
from kb_matcher.stopwords import STOPWORDS

#: Letters of the pieces words are also compared by: endings and slips of the hand differ.
PIECE = 3
#: What words without a subject weigh beside others (kb_matcher.stopwords).
LIGHT = 0.5

#: Questions compared with all others at once.
PORTION = 250

Table = NDArray[np.float32]


def grouped(texts: Sequence[str]) -> list[list[int]]:
    """Return groups of texts by their numbers, the largest first; a text without words is with others like it.

    The first of each group is its most central one. Average linkage of cosines, cut where kb_matcher.cuts says; time
    and memory grow with the square of the number of different questions.
    """
    alike: dict[tuple[str, ...], list[int]] = {}
    for number, text in enumerate(texts):
        alike.setdefault(tuple(stem(word) for word in question_words(text)), []).append(number)
    silent = alike.pop((), [])
    groups = _joined([texts[numbers[0]] for numbers in alike.values()], list(alike.values()))
    groups += [silent] if silent else []
    return sorted(groups, key=lambda group: (-len(group), min(group)))


def _joined(questions: Sequence[str], members: list[list[int]]) -> list[list[int]]:
    if len(questions) < 2:
        return members
    near = similarities(questions)
    groups: dict[int, list[int]] = {}
    for number, group in enumerate(furthest(near, tree(near)).tolist()):
        groups.setdefault(group, []).append(number)
    return [_centred(near, numbers, members) for numbers in groups.values()]


def _centred(near: Table, numbers: list[int], members: list[list[int]]) -> list[int]:
    """Return the texts of a group, the one that is most like all of them first."""
    times = np.array([len(members[number]) for number in numbers])
    best = members[numbers[int((near[np.ix_(numbers, numbers)] @ times).argmax())]][0]
    return [best, *sorted({each for number in numbers for each in members[number]} - {best})]


def similarities(texts: Sequence[str]) -> Table:
    """Return how alike texts are, 0..1: TF-IDF cosines over stems and pieces of words."""
    # Imported here: it takes a second and 50 MB, and most processes never group anything.
    from scipy.sparse import diags
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.preprocessing import normalize

    questions = [question_words(text) for text in texts]
    view = TfidfVectorizer(analyzer=_features, sublinear_tf=True)
    rows = view.fit_transform([words or [""] for words in questions])
    meant = {each for words in questions for each in _features([word for word in words if word not in STOPWORDS])}
    weights = [1.0 if name in meant else LIGHT for name in view.get_feature_names_out()]
    rows = normalize(rows @ diags(weights)).astype(np.float32)
    return np.vstack([(rows[at : at + PORTION] @ rows.T).toarray() for at in range(0, len(texts), PORTION)])


def _features(words: Sequence[str]) -> list[str]:
    stems = [stem(word) for word in words]
    pieces = [f" {each} "[begin : begin + PIECE] for each in stems for begin in range(len(each))]
    return [*(f"={each}" for each in stems), *pieces]
