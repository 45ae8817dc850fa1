"""Texts that ask the same, put together: for people who look at many questions at once."""

from collections.abc import Sequence

from kb_matcher.normalise import question_words, stem

#: Cosine distance (0..1) up to which two groups are one. Measured on 500 labelled questions of each of three sets (card
#: payments, a video service, a shop): of the pairs put together 70, 38 and 99 % have one answer at 0.5, against 42, 11
#: and 82 % at 0.7; only 11, 9 and 2 % of all such pairs are found. Words alone tell no more, and a small right group is
#: the better one.
APART = 0.5
#: Letters of the pieces words are also compared by: endings and slips of the hand differ.
PIECE = 3


def grouped(texts: Sequence[str]) -> list[list[int]]:
    """Return groups of texts by their numbers, the largest first; a text without words is with others like it.

    Average linkage of TF-IDF cosines over stems and pieces of words; time and memory grow with the square of the
    number of different questions.
    """
    alike: dict[tuple[str, ...], list[int]] = {}
    for number, text in enumerate(texts):
        alike.setdefault(tuple(stem(word) for word in question_words(text)), []).append(number)
    silent = alike.pop((), [])
    groups = _joined(list(alike), list(alike.values()))
    groups += [silent] if silent else []
    return sorted((sorted(group) for group in groups), key=lambda group: (-len(group), group))


def _joined(questions: list[tuple[str, ...]], members: list[list[int]]) -> list[list[int]]:
    if len(questions) < 2:
        return members
    # Imported here: it takes a second and 50 MB, and most processes never group anything.
    from sklearn.cluster import AgglomerativeClustering
    from sklearn.feature_extraction.text import TfidfVectorizer

    rows = TfidfVectorizer(analyzer=_features, sublinear_tf=True).fit_transform(questions)
    clusters = AgglomerativeClustering(None, metric="cosine", linkage="average", distance_threshold=APART)
    groups: dict[int, list[int]] = {}
    for number, group in enumerate(clusters.fit_predict(rows.toarray())):
        groups.setdefault(int(group), []).extend(members[number])
    return list(groups.values())


def _features(words: tuple[str, ...]) -> list[str]:
    pieces = [f" {word} "[begin : begin + PIECE] for word in words for begin in range(len(word))]
    return [*(f"={word}" for word in words), *pieces]
