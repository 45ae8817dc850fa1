"""A shop's knowledge base of any size, made up by a seed: articles, questions about them and about what is not there.

All texts are put together here from own words, Russian and English: what is done, to what, under which circumstances.
Half of the things bear the name of a maker. Articles of one action or one thing resemble each other, as in a real base;
questions say the same with other words, word forms, slips of the finger and phrases around them.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from bridge.model.articles import Article, Label
from bridge.model.ids import ArticleId

WORDINGS = 5
MAKERS = 3000
#: Shares of questions: about what the base lacks but might have, and about anything else.
NEAR, FAR = 0.15, 0.10


@dataclass(frozen=True, slots=True)
class Speech:
    """One language: what is done (with synonyms), to what (as object and as "of it"), circumstances, frames."""

    lang: str
    actions: tuple[tuple[str, ...], ...]
    things: tuple[tuple[str, str], ...]
    circumstances: tuple[str, ...]
    frames: tuple[str, ...]
    asked: tuple[str, ...]  # frames of customers, none of which stands in an article
    around: tuple[str, ...]
    elsewhere: tuple[str, ...]


def _rows(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(word.strip() for word in row.split("/")) for row in text.replace("\n", ",").split(",") if row.strip()
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(row.strip() for row in text.split(",") if row.strip())


RUSSIAN = Speech(
    lang="ru",
    actions=_rows(
        """вернуть/сдать обратно, обменять/поменять, оплатить/заплатить за, отменить/аннулировать, заказать/оформить,
        починить/отремонтировать, настроить/отрегулировать, подключить/активировать, отключить/деактивировать,
        доставить/привезти, забрать/получить, почистить/помыть, разобрать/разъединить, собрать/смонтировать,
        проверить/протестировать, застраховать/оформить страховку на, перенести/сдвинуть, продлить/пролонгировать,
        восстановить/вернуть к жизни, заблокировать/закрыть, разблокировать/открыть, перевести/переоформить,
        выбрать/подобрать, сравнить/сопоставить, зарядить/подзарядить, смазать/обработать маслом,
        покрасить/перекрасить, упаковать/запаковать, хранить/держать, списать/утилизировать, подарить/преподнести,
        арендовать/взять напрокат, обновить/модернизировать, удалить/стереть, найти/отыскать, изменить/исправить"""
    ),
    things=tuple(
        (pair[0], pair[1])
        for pair in _rows(
            """велосипед/велосипеда, самокат/самоката, шлем/шлема, насос/насоса, замок/замка, фонарь/фонаря,
            звонок/звонка, багажник/багажника, рюкзак/рюкзака, палатку/палатки, спальник/спальника, лодку/лодки,
            весло/весла, жилет/жилета, лыжи/лыж, коньки/коньков, санки/санок, мяч/мяча, ракетку/ракетки,
            сетку/сетки, кроссовки/кроссовок, куртку/куртки, перчатки/перчаток, очки/очков, часы/часов,
            браслет/браслета, весы/весов, тренажёр/тренажёра, гантели/гантелей, коврик/коврика, цепь/цепи,
            тормоза/тормозов, седло/седла, педали/педалей, покрышку/покрышки, камеру/камеры, спицы/спиц,
            вилку/вилки, руль/руля, переключатель/переключателя, аккумулятор/аккумулятора, зарядку/зарядки,
            двигатель/двигателя, экран/экрана, датчик/датчика, заказ/заказа, подписку/подписки,
            сертификат/сертификата, карту/карты, бонусы/бонусов, скидку/скидки, адрес/адреса, чек/чека,
            договор/договора, профиль/профиля, пароль/пароля, рассылку/рассылки, отзыв/отзыва, заявку/заявки,
            запись/записи"""
        )
    ),
    circumstances=_lines(
        """в приложении, на сайте, в магазине, для организации, для ребёнка, за границей, по телефону,
        после обновления, без паспорта, в праздники, зимой, через курьера, в рассрочку, по гарантии, со скидкой,
        в другом городе"""
    ),
    frames=_lines(
        """как {a} {t} {c}, можно ли {a} {t} {c}, хочу {a} {t} {c}, что нужно чтобы {a} {t} {c}, {a} {t} {c},
        порядок: {a} {t} {c}, где {a} {t} {c}, сколько стоит {a} {t} {c}"""
    ),
    asked=_lines(
        """не получается {a} {t} {c}, {c} не могу {a} {t}, а {t} {c} {a} реально, нужна помощь {c}: {a} {t},
        у меня вопрос насчёт {g}: {a} {c}, кто поможет {a} {t} {c}"""
    ),
    around=_lines("добрый день, здравствуйте, ребята, спасибо заранее, срочно, пожалуйста, вот что случилось"),
    elsewhere=_lines(
        """какая завтра погода на море, кто выиграл вчерашний матч, посоветуйте фильм на вечер,
        рецепт борща с фасолью, сколько планет вокруг солнца, переведи слово на испанский, курс юаня к рублю,
        расскажи анекдот про кота, когда построили этот мост, как вырастить огурцы на балконе,
        почему небо голубое, стихи о весне"""
    ),
)

ENGLISH = Speech(
    lang="en",
    actions=_rows(
        """return/send back, exchange/swap, pay for/settle, cancel/call off, order/purchase, repair/fix, adjust/tune,
        activate/switch on, deactivate/switch off, deliver/ship, collect/pick up, clean/wash,
        take apart/dismantle, assemble/put together, test/check, insure/get cover for, postpone/move,
        extend/prolong, restore/recover, block/lock, unblock/unlock, transfer/sign over, choose/pick,
        compare/tell apart, charge/power up, oil/grease, paint/recolour, pack/wrap, store/keep, scrap/dispose of,
        give away/donate, rent/hire, upgrade/modernise, delete/erase, find/locate, change/correct"""
    ),
    things=tuple(
        (name, name)
        for name in _lines(
            """the bicycle, the scooter, the helmet, the pump, the padlock, the lamp, the bell, the rack,
            the backpack, the tent, the sleeping bag, the boat, the paddle, the vest, the skis, the skates,
            the sledge, the ball, the racket, the net, the trainers, the jacket, the gloves, the goggles,
            the watch, the wristband, the scales, the rowing machine, the dumbbells, the mat, the chain,
            the brakes, the saddle, the pedals, the tyre, the tube, the spokes, the fork, the handlebar,
            the gear shift, the battery, the charger, the motor, the display, the sensor, my order,
            my subscription, my voucher, my card, my points, my discount, my address, my receipt, my contract,
            my profile, my password, my newsletter, my review, my request, my booking"""
        )
    ),
    circumstances=_lines(
        """in the app, on the website, in the shop, for a company, for a child, from abroad, by phone,
        after the update, without an id, on holidays, in winter, by courier, in instalments, under warranty,
        at a discount, in another city"""
    ),
    frames=_lines(
        """how do i {a} {t} {c}, can i {a} {t} {c}, i want to {a} {t} {c}, what do i need to {a} {t} {c},
        {a} {t} {c}, steps to {a} {t} {c}, where do i {a} {t} {c}, what does it cost to {a} {t} {c}"""
    ),
    asked=_lines(
        """unable to {a} {t} {c}, {c} i fail to {a} {t}, is there a way {c} to {a} {g}, need a hand {c}: {a} {t},
        trouble with {g}: {a} {c}, who could {a} {t} {c}"""
    ),
    around=_lines("hello, hi there, guys, thanks in advance, urgent, please, here is what happened"),
    elsewhere=_lines(
        """will it rain on the coast, who won the match last night, suggest a film for tonight,
        a recipe for onion soup, how many moons does saturn have, translate a word to spanish,
        the exchange rate of the yen, tell me a joke about a cat, when was this bridge built,
        growing cucumbers on a balcony, why is the sky blue, a poem about spring"""
    ),
)


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A base of so many wordings and labelled questions to it."""

    articles: tuple[Article, ...]
    questions: tuple[Label, ...]


Topic = tuple[Speech, tuple[str, ...], tuple[str, str], str]
_SYLLABLES = ("bar", "ven", "kor", "lit", "mon", "dra", "fel", "gus", "rix", "tal", "zon", "per", "nau", "sil", "hem")


def made_up(wordings: int, questions: int, seed: int = 1) -> MadeUp:
    """Make a base of `wordings` (WORDINGS an article, titles among them) and questions, alike for the same numbers."""
    mix = random.Random(f"{seed} {wordings}")
    makers = ["".join(mix.sample(_SYLLABLES, 3)).capitalize() for _ in range(MAKERS)]
    topics: list[Topic] = []
    for speech in (RUSSIAN, ENGLISH):
        for action, thing, circumstance in product(speech.actions, speech.things, speech.circumstances):
            maker = f" {mix.choice(makers)}" if mix.random() < 0.5 else ""
            topics.append((speech, action, (thing[0] + maker, thing[1] + maker), circumstance))
    mix.shuffle(topics)
    count = wordings // WORDINGS
    articles = tuple(_article(number, topic, mix) for number, topic in enumerate(_endless(topics, count)))
    taken, spare = topics[: min(count, len(topics))], topics[count:] or topics[-1:]
    return MadeUp(articles, tuple(_question(taken, spare, mix) for _ in range(questions)))


def _endless(topics: Sequence[Topic], count: int) -> Iterator[Topic]:
    for number in range(count):
        speech, action, thing, circumstance = topics[number % len(topics)]
        again = number // len(topics)
        yield speech, action, thing, f"{circumstance} {again}" if again else circumstance


def _article(number: int, topic: Topic, mix: random.Random) -> Article:
    speech = topic[0]
    frames = mix.sample(speech.frames, WORDINGS)
    said = [_said(frame, topic, mix, first=place < 2) for place, frame in enumerate(frames)]
    return Article(ArticleId(f"a{number}"), said[0].capitalize(), f"{said[0]}.", tuple(said[1:]), speech.lang)


def _said(frame: str, topic: Topic, mix: random.Random, first: bool = False) -> str:
    _, action, thing, circumstance = topic
    return frame.format(a=action[0] if first else mix.choice(action), t=thing[0], g=thing[1], c=circumstance)


def _question(taken: Sequence[Topic], spare: Sequence[Topic], mix: random.Random) -> Label:
    dice = mix.random()
    if dice < FAR:
        return Label(_slipped(mix.choice(mix.choice((RUSSIAN, ENGLISH)).elsewhere), mix), None)
    near = dice < FAR + NEAR
    number = mix.randrange(len(spare if near else taken))
    topic = (spare if near else taken)[number]
    said = _said(mix.choice(topic[0].asked + topic[0].frames[:2]), topic, mix)
    if mix.random() < 0.3:
        said = f"{mix.choice(topic[0].around)} {said}"
    return Label(_slipped(said, mix), None if near else ArticleId(f"a{number}"))


def _slipped(text: str, mix: random.Random) -> str:
    """Let a finger slip in a third of the texts: a letter dropped, doubled, or two of them swapped."""
    if mix.random() > 1 / 3 or len(text) < 8:
        return text
    place = mix.randrange(1, len(text) - 2)
    before, one, two, after = text[:place], text[place], text[place + 1], text[place + 2 :]
    return mix.choice((f"{before}{two}{after}", f"{before}{one}{one}{two}{after}", f"{before}{two}{one}{after}"))
