"""How articles fare and what thresholds come to: the pure rules."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bridge.library.health.curve import FEW, STEPS, Point, points
from bridge.library.health.health import Shared, leads_to, pairs
from bridge.library.health.kept import Said, right
from bridge.library.health.usage import UNTOUCHED, Usage, stale
from bridge.library.health.using import told_in, use_in
from bridge.library.writing.checks import Flag
from bridge.model.articles import Article, Button, Decision, Signed, Variant
from bridge.model.ids import ArticleId, ChannelName, ChatId, ConversationId, MessageId
from bridge.model.labels import LabelSource, Verdict
from bridge.model.messages import Author, AuthorKind, Choice, Message, Source
from bridge.model.trials import Trial

NOW = datetime(2025, 3, 1, tzinfo=UTC)
A, B = ArticleId("a"), ArticleId("b")
ROW = Article(A, "A", "x", signed=Signed("o", "Ольга", NOW))


def test_an_article_looks_stale_when_it_helps_few_or_nobody_touched_it() -> None:
    assert stale(ROW, 21, 5, 5, NOW) == "helped"
    assert stale(ROW, 21, 6, 4, NOW) == ""
    assert stale(ROW, 20, 0, 20, NOW) == "", "shown too seldom to tell"
    assert stale(ROW, 21, 0, 4, NOW) == "", "too few said so"
    assert stale(ROW, 21, 0, 0, NOW + UNTOUCHED + timedelta(days=1)) == "untouched"
    assert stale(replace(ROW, state="archived"), 21, 0, 9, NOW) == ""
    assert (Usage(helped=3, not_helped=1).share, Usage().share) == (0.75, None)


def test_a_curve_answers_ties_together_and_keeps_its_end() -> None:
    done = [Trial(A, 0.9, True), Trial(A, 0.8, True), Trial(B, 0.8, False), Trial(A, 0.1, False)]
    assert points(done) == (Point(0.9, 0.25, 0.0), Point(0.8, 0.75, 1 / 3), Point(0.1, 1.0, 0.5))
    many = points([Trial(A, number / 1000, number % 2 == 0) for number in range(1000)])
    assert len(many) <= STEPS + 1
    assert (many[-1].answered, many[-1].wrong) == (1.0, 0.5)
    assert FEW <= 20


def test_a_question_is_answered_as_wanted_where_its_article_stands_first() -> None:
    offered = Said(Decision.OFFER, A)
    assert (right(A, offered), right(B, offered), right(None, offered)) == (True, False, True)
    assert (right(None, Said(Decision.ANSWER, A)), right(A, Said(Decision.NONE, A))) == (False, False)


def test_a_wording_in_two_articles_is_one_contradiction() -> None:
    flags = {A: [Flag("questions.0", "in_another", "Где?", B)], B: [Flag("questions.3", "in_another", "где?", A)]}
    assert pairs(flags) == [Shared("Где?", A, B)]


def test_buttons_of_variants_lead_on_too() -> None:
    row = replace(ROW, buttons=(Button("x", B),), variants=(Variant("y", "vk", buttons=(Button("z", A),)),))
    assert leads_to(row) == {A, B}


def test_what_became_of_articles_is_read_off_words_and_verdicts() -> None:
    bot = Author(AuthorKind.BOT, "", "")
    said = Message(MessageId("m"), ConversationId("c"), 1, bot, "", NOW, ChannelName("x"), ChatId("1"))
    offer = replace(said, offered=tuple(Source(each, "", 0.5) for each in (A, B, A)))
    assert [(each.article, each.how) for each in told_in(offer)] == [(A, "offer"), (B, "offer")]
    part = replace(said, source=Source(A, "", 0.9))
    end = replace(part, choices=(Choice("да", "ok:m"), Choice("нет", "no:m")), offered=(Source(B, "", 1.0),))
    assert told_in(part) == [], "of an answer in several parts the last one counts"
    assert [(each.article, each.how, each.at) for each in told_in(end)] == [(A, "answer", NOW)]
    assert told_in(replace(end, author=Author(AuthorKind.OPERATOR, "o", ""))) == []
    yes = Verdict("v", "где", A, True, LabelSource.HELPED, "customer", "c", NOW, asked="k")
    (helped,), (denied,) = use_in(yes), use_in(replace(yes, fits=False))
    assert (helped.how, denied.how, helped.id == denied.id) == ("helped", "not_helped", True)
    assert [each.how for each in use_in(replace(yes, source=LabelSource.EDITED))] == ["sent"]
    assert use_in(replace(yes, source=LabelSource.CONSOLE)) == []
