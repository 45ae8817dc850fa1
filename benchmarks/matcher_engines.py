"""What answers questions in the matcher's benchmark: ours, and what one would take instead."""

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
from rapidfuzz import fuzz, process

from bridge.model.articles import Article, Library
from kb_matcher.engine import build
from kb_matcher.normalise import stem, words

Found = list[tuple[str, float]]  # article ids with falling scores, at most five

ARTICLES = 5
WORDINGS = 40  # the best wordings out of which the articles are taken


class Engine(Protocol):
    """Answers questions with articles."""

    def ask(self, text: str) -> Found:
        """Return the best articles."""

    def add(self, article: Article) -> None:
        """Make one more article findable."""


class Ours:
    """Everything: retrieval, classifier, spelling, ranker, calibrated confidence, explanation."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self.engine = build(Library(tuple(articles)))

    def ask(self, text: str) -> Found:
        """See Engine."""
        return [(one.article_id, one.confidence) for one in self.engine.match(text, ARTICLES).ranked]

    def add(self, article: Article) -> None:
        """See Engine."""
        self.engine = self.engine.changed([article])


class Wordings:
    """What all others have: wordings in a list, and the article of each."""

    def __init__(self, articles: Sequence[Article]) -> None:
        pairs = [(text, article.id) for article in articles for text in (article.title, *article.questions)]
        self.texts = [text for text, _ in pairs]
        self.ids = [str(id) for _, id in pairs]

    def best(self, numbers: Sequence[int], scores: Sequence[float]) -> Found:
        """Return articles by their best wording."""
        found: dict[str, float] = {}
        for number, score in sorted(zip(numbers, scores, strict=True), key=lambda pair: -pair[1]):
            if score > 0:
                found.setdefault(self.ids[number], float(score))
        return list(found.items())[:ARTICLES]

    def top(self, scores: np.ndarray) -> Found:
        """Return articles by an array of scores."""
        count = min(WORDINGS, len(scores))
        numbers = np.argpartition(-scores, count - 1)[:count]
        return self.best(numbers.tolist(), scores[numbers].tolist())

    def add(self, article: Article) -> None:
        """See Engine."""
        for text in (article.title, *article.questions):
            self.texts.append(text)
            self.ids.append(article.id)


class Scan(Wordings):
    """rapidfuzz.process.extract over everything."""

    scorer: Callable[..., float] = staticmethod(fuzz.WRatio)

    def ask(self, text: str) -> Found:
        """See Engine."""
        found = process.extract(text.lower(), self.texts, scorer=self.scorer, limit=WORDINGS)
        return self.best([number for _, _, number in found], [score for _, score, _ in found])


class TokenSetScan(Scan):
    """The same with token_set_ratio."""

    scorer = staticmethod(fuzz.token_set_ratio)


def stems(text: str) -> list[str]:
    """Return the Snowball stems of a text."""
    return [stem(word) for word in words(text)]


class Bm25s(Wordings):
    """bm25s over the stems; without any known word it is not asked, for it raises."""

    def __init__(self, articles: Sequence[Article]) -> None:
        super().__init__(articles)
        self.refit()

    def refit(self) -> None:
        """Index everything, the only way there is."""
        import bm25s

        self.index = bm25s.BM25()
        self.index.index([stems(text) for text in self.texts], show_progress=False)

    def ask(self, text: str) -> Found:
        """See Engine."""
        known = [one for one in stems(text) if one in self.index.vocab_dict]
        return self.top(self.index.get_scores(known)) if known else []

    def add(self, article: Article) -> None:
        """See Engine."""
        super().add(article)
        self.refit()


class Fts5(Wordings):
    """SQLite's full-text index in memory over the stems, any of which may match, ranked by its bm25."""

    def __init__(self, articles: Sequence[Article]) -> None:
        super().__init__(articles)
        self.base = sqlite3.connect(":memory:")
        self.base.execute("CREATE VIRTUAL TABLE wordings USING fts5(stems, content='', tokenize='unicode61')")
        self._insert(0)

    def _insert(self, start: int) -> None:
        rows = ((number, " ".join(stems(text))) for number, text in enumerate(self.texts[start:], start))
        self.base.executemany("INSERT INTO wordings (rowid, stems) VALUES (?, ?)", rows)
        self.base.commit()

    def ask(self, text: str) -> Found:
        """See Engine."""
        query = " OR ".join(f'"{one}"' for one in dict.fromkeys(stems(text)))
        sql = "SELECT rowid, -rank FROM wordings WHERE wordings MATCH ? ORDER BY rank LIMIT ?"
        rows = self.base.execute(sql, (query, WORDINGS)).fetchall() if query else []
        return self.best([row[0] for row in rows], [row[1] for row in rows])

    def add(self, article: Article) -> None:
        """See Engine."""
        before = len(self.texts)
        super().add(article)
        self._insert(before)


class Tfidf(Wordings):
    """scikit-learn's TfidfVectorizer over stems and pairs of them, and the cosine."""

    def __init__(self, articles: Sequence[Article]) -> None:
        super().__init__(articles)
        self.refit()

    def refit(self) -> None:
        """Fit everything, the only way there is."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        self.vectorizer: Any = TfidfVectorizer(analyzer="word", tokenizer=stems, token_pattern=None, ngram_range=(1, 2))
        self.columns = self.vectorizer.fit_transform(self.texts).T.tocsr()

    def ask(self, text: str) -> Found:
        """See Engine."""
        return self.top((self.vectorizer.transform([text]) @ self.columns).toarray()[0])

    def add(self, article: Article) -> None:
        """See Engine."""
        super().add(article)
        self.refit()


ENGINES: dict[str, Callable[[Sequence[Article]], Engine]] = {
    "mostik": Ours,
    "bm25s": Bm25s,
    "fts5": Fts5,
    "tfidf": Tfidf,
    "token_set": TokenSetScan,
    "wratio": Scan,
}
