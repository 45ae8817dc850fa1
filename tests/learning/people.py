"""The people of a simulated shop: customers who ask and press, operators who answer, an editor in the evening.

Each knows the truth about a question, and errs now and then; all of them go through the real hall.
"""

from dataclasses import dataclass, field
from random import Random

from bridge import desk, service
from bridge.bot import answer_burst, press
from bridge.context import Bridge
from bridge.library.learning import hearing, proposals, reviewing
from bridge.model.conversations import Stage
from bridge.model.ids import ArticleId, ChannelName, ChatId, ConversationId
from bridge.model.inbound import Pressed, Said, Sender
from bridge.model.messages import AuthorKind, Message
from bridge.model.operators import Operator
from bridge.receive import receive

SHOP = ChannelName("shop")


@dataclass(frozen=True, slots=True)
class Question:
    """What a customer wants to know; None: nothing in the base answers it."""

    text: str
    article: ArticleId | None
    lang: str


@dataclass(frozen=True, slots=True)
class Habits:
    """How often people do what, 0..1."""

    err: float = 0.03  # an operator or editor is wrong
    edit: float = 0.25  # a suggestion is changed before it is sent
    search: float = 0.6  # an operator looks for the right article where it is not suggested
    refuse: float = 0.4  # … or says that the suggestions do not fit
    dismiss: float = 0.7  # an operator says that it is no question for the base
    thumb: float = 0.35  # a customer says whether an answer helped
    slip: float = 0.05  # … and presses the other button
    pick: float = 0.85  # a customer finds his question among offered ones


@dataclass(slots=True)
class Tally:
    """What the bot did: automatic answers, and those that were right."""

    asked: int = 0
    answered: int = 0
    right: int = 0
    offered: int = 0
    suggested_right: int = 0  # the right article was among those shown to the operator
    handed: int = 0


@dataclass(slots=True)
class Town:
    """Everybody; `truth` is what each question was about."""

    bridge: Bridge
    operator: Operator
    editor: Operator
    dice: Random
    habits: Habits = field(default_factory=Habits)
    truth: dict[ConversationId, Question] = field(default_factory=dict)
    number: int = 0

    async def ask(self, question: Question, tally: Tally) -> None:
        """A new customer asks, and everybody does his part until he is served."""
        self.number += 1
        chat, sender = ChatId(str(self.number)), Sender(str(self.number), "Покупатель", language=question.lang)
        said = Said(SHOP, chat, f"q{self.number}", sender, question.text, self.bridge.clock.now(), "text")
        received = await receive(self.bridge, said)
        self.truth[received.conversation] = question
        await answer_burst(self.bridge, received.conversation, [received])
        tally.asked += 1
        await self._served(received.conversation, question, sender, tally)

    async def _served(self, id: ConversationId, question: Question, sender: Sender, tally: Tally) -> None:
        newest = await self._newest(id)
        if newest.source is not None and newest.choices:
            right = newest.source.article_id == question.article
            tally.answered += 1
            tally.right += right
            if self._may(self.habits.thumb):
                helped = right != self._may(self.habits.slip)
                await self._press(id, sender, f"{'ok' if helped else 'no'}:{newest.id}")
        elif newest.offered:
            tally.offered += 1
            places = [n for n, each in enumerate(newest.offered) if each.article_id == question.article]
            found = bool(places) and self._may(self.habits.pick)
            await self._press(id, sender, f"pick:{newest.id}:{places[0]}" if found else "human")
        if (await self.bridge.store.conversations.get(id)).stage is Stage.WAITING:
            tally.handed += 1
            await self._operate(id, question, tally)

    async def _newest(self, id: ConversationId) -> Message:
        lines = await self.bridge.store.messages.page(id, None, None, 20)
        return [line for line in lines if line.author.kind is AuthorKind.BOT][-1]

    async def _press(self, id: ConversationId, sender: Sender, data: str) -> None:
        self.number += 1
        pressed = Pressed(SHOP, ChatId(sender.id), f"p{self.number}", sender, data, "Кнопка", self.bridge.clock.now())
        await press(self.bridge, await receive(self.bridge, pressed), data)

    async def _operate(self, id: ConversationId, question: Question, tally: Tally) -> None:
        """An operator takes the conversation: sends a suggestion, looks for the article, or answers by himself."""
        self.number += 1
        bridge, key = self.bridge, f"r{self.number}"
        shown = await desk.suggestions(bridge, self.operator, id)
        there = [each.article_id for each in shown]
        tally.suggested_right += question.article in there
        wrong = [each for each in there if each != question.article]
        if wrong and self._may(self.habits.err):
            await hearing.answer_with(bridge, self.operator, id, wrong[0], key=key)
            return
        if question.article is not None and (question.article in there or self._may(self.habits.search)):
            text = "Здравствуйте! "
            if self._may(self.habits.edit):
                text += (await bridge.store.articles.get(question.article)).answer
            else:
                text = ""
            await hearing.answer_with(bridge, self.operator, id, question.article, text, key=key)
            return
        if question.article is None and self._may(self.habits.dismiss):
            await hearing.refuse(bridge, self.operator, id, [])
        elif there and self._may(self.habits.refuse):
            await hearing.refuse(bridge, self.operator, id, there)
        await service.reply(bridge, self.operator, id, "Сейчас всё узнаю и напишу.", key=key)

    async def evening(self, known: dict[str, ArticleId | None]) -> tuple[int, int]:
        """The editor decides on proposals and looks at answers; returns wordings taken and answers looked at."""
        bridge, taken = self.bridge, 0
        for article in sorted(await proposals.counts(bridge, self.editor)):
            for each in await proposals.proposals(bridge, self.editor, article):
                fits = known.get(each.ids[0], article) == article
                # What the matcher is sure of for another article is what it has to learn; a wording has one article.
                good = each.conflict != "taken" and fits != self._may(self.habits.err)
                decide = proposals.accept if good else proposals.refuse
                await decide(bridge, self.editor, article, each.ids)
                taken += good
        waiting = await reviewing.reviews(bridge, self.editor)
        for row in waiting:
            right = self.truth[row.conversation].article == row.article_id
            await reviewing.judge(bridge, self.editor, row.id, right != self._may(self.habits.err))
        return taken, len(waiting)

    def _may(self, share: float) -> bool:
        return self.dice.random() < share
