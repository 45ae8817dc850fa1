"""From a text to a Match: index, models and thresholds in one immutable piece that is swapped whole."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from bridge.model.articles import Article, Asked, Decision, Label, Library, Match, Ranked, Thresholds, apart
from bridge.model.ids import ArticleId
from kb_matcher import exact, explain, growth, index, several, training
from kb_matcher.features import Evidence
from kb_matcher.index import Index
from kb_matcher.linear import Array
from kb_matcher.normalise import mask, question_words
from kb_matcher.ranking import Place, as_sure, beside, falling, raised
from kb_matcher.several import Part
from kb_matcher.spelling import gather
from kb_matcher.thresholds import with_overrides
from kb_matcher.training import Models

OTHER_LANGUAGE = 2.0  # logits that an article in another language has to be better by
FIRST = 3  # articles that a part of a message is read with
MAX_CHANGED = 0.05  # share of articles that may change before the models are fitted anew


@dataclass(frozen=True, slots=True)
class Look:
    """What one text, or one part of it, says: its words, the ranking, articles whose wording it repeats."""

    tokens: list[str]
    places: list[Place]
    repeated: dict[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """What models were fitted on: labels, fingerprints of the articles, and whether there was a classifier."""

    labels: tuple[Label, ...] = ()
    prints: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))
    taught: bool = False

    def much_like(self, other: "Fitted") -> bool:
        """Tell whether models fitted on one serve the other: the same labels, and nearly all articles the same."""
        few = len(np.setxor1d(self.prints, other.prints)) <= MAX_CHANGED * (len(self.prints) + len(other.prints))
        return few and self.taught == other.taught and self.labels == other.labels


@dataclass(frozen=True, slots=True, eq=False)
class Engine:
    """Answers match after match; replaced, never changed."""

    index: Index
    models: Models
    thresholds: Thresholds
    fitted_on: Fitted = field(default_factory=Fitted)
    labels: tuple[Label, ...] = ()
    held: object = None  # keeps the files that the index is mapped from

    @property
    def identity(self) -> str:
        """Name what is in force: the same articles and labels have the same, whatever way they came in."""
        digest = sha256(np.sort(self.index.prints[self.index.alive]).tobytes())
        for label in self.labels:
            digest.update(f"\0{label.text}\0{label.article_id}".encode("utf-8", "surrogatepass"))
        return digest.hexdigest()

    @property
    def grown(self) -> int:
        """How many wordings came or went since the index was made one."""
        gone = int(self.index.counts[~self.index.alive].sum())
        return self.index.stems.tail.size + gone

    @property
    def untaught(self) -> bool:
        """Tell whether its models were fitted on other labels than those it has."""
        return self.labels != self.fitted_on.labels

    def ruled(self, answer: float | None = None, offer: float | None = None, suggest: float | None = None) -> "Engine":
        """Return the engine with the measured thresholds, except those given here."""
        return replace(self, thresholds=with_overrides(self.models.thresholds, answer, offer, suggest))

    def changed(self, put: Sequence[Article], gone: Collection[ArticleId] = ()) -> "Engine":
        """Return the engine with articles put and others gone, at once; nothing is fitted."""
        return replace(self, index=growth.changed(self.index, put, gone))

    def difference(self, library: Library) -> tuple[list[Article], set[ArticleId]]:
        """Return the articles of a library that are new or other here, and the ids of those that are not in it."""
        alive = np.flatnonzero(self.index.alive).tolist()
        here = {self.index.articles.ids.texts[one]: int(self.index.prints[one]) for one in alive}
        shown = {one.id: one for one in library.articles}
        other = [one for one in shown.values() if here.get(one.id) != index.fingerprint(one)]
        put = [one for one in other if one.id in here or (one.state == "published" and index.wordings_of(one))]
        return put, {ArticleId(id) for id in here.keys() - shown.keys()}

    def settled(self) -> "Engine":
        """Return the engine with its index made one again and, if much has changed, its models fitted anew.

        The thresholds are the measured ones.
        """
        return fitted(growth.merged(self.index) if self.grown else self.index, self.labels, self)

    def match(self, text: str, limit: int = 5, language: str | None = None) -> Match:
        """Rank articles for a text; texts without words and empty libraries give Decision.NONE."""
        meant, tokens = self.index.heard(text)
        whole = self._look(tokens, language)
        if whole is None:
            return Match(Decision.NONE)
        places, alone = whole.places, len(whole.repeated) == 1
        asked: tuple[Asked, ...] = ()
        choice = len(whole.repeated) > 1  # between articles that fit, or that different questions ask for
        if not whole.repeated:
            places, choice, asked = self._several(meant, whole, language)
        places = falling(places[: max(limit, 0)])
        found = Match(Decision.NONE, tuple(self._ranked(places, whole.tokens)), exact=alone, asked=asked)
        told = alone or bool(asked and apart(found, self.thresholds)[0])
        return replace(found, decision=Decision.ANSWER if told else self._decide(places, choice))

    def _several(self, meant: str, whole: Look, language: str | None) -> tuple[list[Place], bool, tuple[Asked, ...]]:
        """Return a ranking, whether parts of a message ask for different articles, and what its parts ask.

        One that is cut loosely is ranked as a whole unless parts of it are surely answered by themselves.
        """
        cut = several.split(meant)
        parts = cut or several.loosely(meant)
        looks = [self._look(question_words(part.text), language) for part in parts]
        there = [look.places for look in looks if look]
        if not there:
            return whole.places, False, ()
        places, choice = beside(whole.places, there)
        # A whole that is as sure as its surest part is not about anything else, unless it says so.
        surest = max(each[0].confidence for each in there)
        goes_on = as_sure(whole.places[0].confidence, surest) and not several.announced(meant)
        asked = tuple(self._asked(part, look, goes_on) for part, look in zip(parts, looks, strict=True))
        if cut:
            return places, choice, asked
        alone = Match(Decision.NONE, tuple(self._ranked(whole.places[:1], whole.tokens)), asked=asked)
        told = choice and bool(apart(alone, self.thresholds)[0])
        return (places if told else whole.places), told, asked

    def _asked(self, part: Part, look: Look | None, goes_on: bool) -> Asked:
        ranked = self._ranked(falling(look.places[:FIRST]), look.tokens) if look else []
        alone = look is not None and len(look.repeated) == 1
        return Asked(part.text, tuple(ranked), alone, part.asks and not goes_on)

    def _look(self, tokens: list[str], language: str | None) -> Look | None:
        """Rank articles for the words of a text; None: nothing resembles them."""
        evidence = gather(self.index, tokens) if tokens and self.index.articles else None
        if evidence is None:
            return None
        logits = self._logits(evidence, language)
        order = np.lexsort((evidence.articles, -logits))
        sure = self.models.confidences(evidence, logits)[order].tolist()
        ranked = zip(evidence.articles[order].tolist(), evidence.wordings[order].tolist(), sure, strict=True)
        places = [Place(*one) for one in ranked]
        repeated = self._repeated(tokens, evidence, language)
        return Look(tokens, raised(places, repeated), repeated)

    def _logits(self, evidence: Evidence, language: str | None) -> Array:
        logits = self.models.logits(evidence, self.index.articles.ids.texts.many(evidence.articles))
        if language is None:
            return logits
        foreign = [one not in ("", language) for one in self.index.articles.langs.many(evidence.articles)]
        return np.asarray(logits - OTHER_LANGUAGE * np.array(foreign))

    def _repeated(self, tokens: Sequence[str], evidence: Evidence, language: str | None) -> dict[int, int]:
        """Return articles whose wording the text repeats, each with that wording; the asked language goes first."""
        wordings = exact.find(self.index, tokens, evidence.wordings)
        found = {int(self.index.owner[number]): number for number in reversed(wordings)}
        langs = self.index.articles.langs
        own = {a: number for a, number in found.items() if language and langs[a] in ("", language)}
        return own or found

    def _decide(self, places: Sequence[Place], choice: bool) -> Decision:
        first = places[0].confidence if places else 0.0
        if not choice and self.thresholds.answer is not None and first >= self.thresholds.answer:
            return Decision.ANSWER
        return Decision.OFFER if first >= self.thresholds.offer else Decision.NONE

    def _ranked(self, places: Sequence[Place], tokens: Sequence[str]) -> list[Ranked]:
        ranked = []
        articles = [self.index.articles[place.article] for place in places]
        spoken = explain.folded(tokens)
        for number, (article, place) in enumerate(zip(articles, places, strict=True)):
            wording = self.index.wordings[place.wording]
            rival = (articles[number + 1].title, places[number + 1].confidence) if number + 1 < len(places) else None
            words = explain.common(spoken, wording)
            why = explain.line(wording, words, place.confidence, rival)
            ranked.append(Ranked(article.id, article.title, place.confidence, wording, why, tuple(words)))
        return ranked


def build(
    library: Library,
    answer: float | None = None,
    offer: float | None = None,
    suggest: float | None = None,
    previous: Engine | None = None,
) -> Engine:
    """Index a library and fit its models; thresholds given here win over the measured ones.

    The models of a previous engine are kept when labels and nearly all articles are the same: an editor's change is in
    force in a fraction of a second, and a few dozen weights cannot tell the difference.
    """
    labels = masked(library).labels
    return fitted(index.build(library.articles), labels, previous).ruled(answer, offer, suggest)


def masked(library: Library) -> Library:
    """Return the library with personal data in its labels masked: so the matcher keeps and publishes them."""
    return replace(library, labels=tuple(replace(label, text=mask(label.text)) for label in library.labels))


def fitted(built: Index, labels: Sequence[Label], previous: Engine | None = None) -> Engine:
    """Fit models to an index, or keep those of a previous engine; thresholds are the measured ones."""
    ground = Fitted(tuple(labels), np.sort(built.prints), built.classifier is not None)
    if previous is not None and ground.much_like(previous.fitted_on):
        models, ground = previous.models, previous.fitted_on
    else:
        from threadpoolctl import threadpool_limits

        with threadpool_limits(1):  # two cores do it no sooner, for a third more work, and customers wait for one
            models = training.fit_or_stay(built, labels, previous.models if previous is not None else None)
    return Engine(built, models, models.thresholds, ground, tuple(labels))
