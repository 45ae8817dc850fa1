"""The sample knowledge base keeps its promises: sizes, ids, distinct wordings, honest labels."""

import json
from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import pytest
from rapidfuzz import fuzz, process

KNOWLEDGE = Path(__file__).resolve().parents[3] / "configs" / "knowledge"
NEAR_DUPLICATE = 90  # rapidfuzz ratio, 0..100: above it two wordings say the same
CUT_AT = 20  # characters by which two answers must already differ


@dataclass(frozen=True)
class Promise:
    """What one language's files must hold."""

    articles: int
    wordings: range
    labels: int
    out_of_scope: int
    labels_each: int


PROMISES = {
    "ru": Promise(articles=60, wordings=range(6, 11), labels=330, out_of_scope=90, labels_each=3),
    "en": Promise(articles=15, wordings=range(6, 9), labels=80, out_of_scope=22, labels_each=2),
}

languages = pytest.mark.parametrize("lang", sorted(PROMISES))


def rows(lang: str, name: str) -> list[dict]:
    text = (KNOWLEDGE / lang / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def plain(text: str) -> str:
    """Lower case, one spelling of ё, letters and digits only: what a reader takes for the same wording."""
    lowered = text.lower().replace("ё", "е")
    return " ".join("".join(sign if sign.isalnum() else " " for sign in lowered).split())


def wordings(lang: str) -> list[tuple[str, str]]:
    """Pairs of plain wording and article id, titles included."""
    return [
        (plain(wording), article["id"])
        for article in rows(lang, "articles")
        for wording in [article["title"], *article["questions"]]
    ]


@languages
def test_articles_have_the_agreed_shape(lang: str) -> None:
    articles = rows(lang, "articles")
    assert len(articles) == PROMISES[lang].articles
    for article in articles:
        assert set(article) == {"id", "title", "questions", "answer", "lang", "tags"}
        assert article["lang"] == lang
        assert article["title"].strip()
        assert article["tags"]
        assert all(isinstance(tag, str) and tag for tag in article["tags"])
        assert len(article["questions"]) in PROMISES[lang].wordings, article["id"]
        assert all(question == question.strip() != "" for question in article["questions"])


@languages
def test_article_ids_are_unique_readable_slugs(lang: str) -> None:
    ids = [article["id"] for article in rows(lang, "articles")]
    assert len(set(ids)) == len(ids)
    for slug in ids:
        assert slug.isascii()
        assert slug.replace("-", "").isalpha()
        assert slug == slug.lower()


@languages
def test_answers_are_plain_concrete_texts(lang: str) -> None:
    for article in rows(lang, "articles"):
        answer = article["answer"]
        assert 40 <= len(answer) <= 600, article["id"]
        assert not set(answer) & set("<>*_#`[]\n"), article["id"]
        assert answer[-1] in ".!?", article["id"]


@languages
def test_no_two_answers_begin_alike(lang: str) -> None:
    starts = Counter(article["answer"][:CUT_AT] for article in rows(lang, "articles"))
    assert [start for start, times in starts.items() if times > 1] == []


@languages
def test_no_wording_nearly_repeats_one_of_another_article(lang: str) -> None:
    pairs = wordings(lang)
    texts = [text for text, _ in pairs]
    ratios = process.cdist(texts, texts, scorer=fuzz.ratio, score_cutoff=NEAR_DUPLICATE)
    clashes = [
        (texts[one], texts[other])
        for one, other in combinations(range(len(pairs)), 2)
        if pairs[one][1] != pairs[other][1] and ratios[one][other] > NEAR_DUPLICATE
    ]
    assert clashes == []


@languages
def test_no_article_repeats_its_own_wording(lang: str) -> None:
    for article in rows(lang, "articles"):
        questions = [plain(question) for question in article["questions"]]
        assert len(set(questions)) == len(questions), article["id"]


@languages
def test_labels_name_existing_articles_or_none(lang: str) -> None:
    labels = rows(lang, "labels")
    known = {article["id"] for article in rows(lang, "articles")} | {None}
    for label in labels:
        assert set(label) == {"text", "article_id"}
        assert label["text"].strip()
        assert label["article_id"] in known
    assert len(labels) >= PROMISES[lang].labels
    assert sum(label["article_id"] is None for label in labels) >= PROMISES[lang].out_of_scope


@languages
def test_every_label_is_said_once(lang: str) -> None:
    times = Counter(label["text"].strip().lower() for label in rows(lang, "labels"))
    assert [text for text, count in times.items() if count > 1] == []


@languages
def test_every_article_is_labelled_often_enough(lang: str) -> None:
    times = Counter(label["article_id"] for label in rows(lang, "labels"))
    least = PROMISES[lang].labels_each
    assert [article["id"] for article in rows(lang, "articles") if times[article["id"]] < least] == []


@languages
def test_no_label_is_a_wording(lang: str) -> None:
    taught = {text for text, _ in wordings(lang)}
    assert [label["text"] for label in rows(lang, "labels") if plain(label["text"]) in taught] == []
