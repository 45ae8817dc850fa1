"""The wall of a community: posts and comments as conversations, answered by comments."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.community import GROUP, Community, Person
from tests.files import PDF, upload
from tests.shop import GROUP as TOPICS


@pytest.fixture(params=["callback", "longpoll"])
async def shop(
    request: pytest.FixtureRequest, tmp_path: Any, library: Any, matcher: Any, open_shop: Any, community: Community
) -> AsyncIterator[Any]:
    table = {**community.table, "mode": request.param, "wall": True}
    async with open_shop(tmp_path, library, matcher, more={"vk": table}) as opened:
        yield opened


async def comments(community: Community, person: Person | None, post: int, text: str, **more: Any) -> int:
    await community.listened()
    body = {"post_id": post, "text": text, **({"user": person.id} if person else {}), **more}
    return (await community.ctl("POST", "/wall/comment", body))["comment_id"]


async def under(community: Community, post: int) -> list[dict[str, Any]]:
    items = (await community.ctl("GET", f"/wall?group={GROUP}"))["items"]
    return next(each for each in items if each["post_id"] == post)["comments"]


async def answered(community: Community, until: Any, post: int, part: str) -> dict[str, Any]:
    async def found() -> Any:
        return next((c for c in await under(community, post) if c["from"]["is_bot"] and part in c["text"]), None)

    return await until(found, part)


async def row(shop: Any, until: Any, chat: str, stage: str) -> dict[str, Any]:
    async def reached() -> Any:
        items = (await shop.api("GET", f"/conversations?external_id={chat}"))["items"]
        return items[0] if items and items[0]["stage"] == stage else None

    return await until(reached, f"{chat} {stage}")


async def test_a_comment_is_answered_by_comments_and_by_a_person(
    shop: Any, community: Community, until: Any, article: Any
) -> None:
    post = (await community.ctl("POST", "/wall/post", {"text": "Новая коллекция"}))["post_id"]
    anna = await community.person()
    first = await comments(community, anna, post, article.questions[0])
    answer = await answered(community, until, post, article.answer[:30])
    assert answer["reply_to"] == first
    assert "• Да, спасибо" in answer["text"]
    await comments(community, anna, post, "позовите человека", reply_to=answer["comment_id"])
    conversation = await row(shop, until, f"wall:{post}:{anna.id}", "waiting")
    assert conversation["customer"]["name"] == "Анна Ковалёва"
    address = f"/conversations/{conversation['id']}/messages"
    await shop.api("POST", address, {"text": "Здравствуйте, это Елена", "kind": "reply", "force": True})
    await answered(community, until, post, "это Елена")
    await shop.quiet()
    history = (await shop.api("GET", f"{address}?limit=200"))["items"]
    said = [m["text"] for m in history if m["author"]["kind"] == "customer"]
    assert said == [article.questions[0], "позовите человека"]
    assert [m["text"] for m in history].count("Здравствуйте, это Елена") == 1


async def test_nobody_is_asked_for_a_contact_where_everybody_reads_it(
    shop: Any, community: Community, until: Any
) -> None:
    post = (await community.ctl("POST", "/wall/post", {"text": "Кружки"}))["post_id"]
    anna = await community.person()
    await comments(community, anna, post, "позовите человека")
    conversation = await row(shop, until, f"wall:{post}:{anna.id}", "waiting")

    async def opened() -> Any:
        topics = (await shop.ctl("GET", f"/topics?group={TOPICS}"))["items"]
        return next((each["topic"] for each in topics), None)

    topic = await until(opened)
    card = await shop.topic_shows(topic, "Диалог №")
    assert "ответ увидят все" in card["text"]
    assert not any("контакт" in button["text"] for line in card["buttons"] for button in line)
    own = await shop.staff_says("elena", topic, "/contact")
    told = await shop.topic_shows(topic, "в этом чате так не спрашивают")
    assert told["reply_to"] == own
    await shop.quiet()
    history = (await shop.api("GET", f"/conversations/{conversation['id']}/messages?limit=200"))["items"]
    assert [m["delivery"]["state"] for m in history if m["author"]["kind"] == "bot"] == ["sent"]
    assert not any("почт" in m["text"] for m in history)


async def test_what_a_comment_cannot_carry_is_told(shop: Any, community: Community, until: Any) -> None:
    post = (await community.ctl("POST", "/wall/post", {"text": "Скидки"}))["post_id"]
    anna = await community.person()
    await comments(community, anna, post, "позовите человека")
    conversation = await row(shop, until, f"wall:{post}:{anna.id}", "waiting")
    await shop.quiet()
    address = f"/conversations/{conversation['id']}/messages"
    file = await upload(shop, PDF, "счёт.pdf")
    body = {"text": "Счёт", "kind": "reply", "force": True, "attachments": [{"file_id": file}]}
    said = await shop.api("POST", address, body)

    async def failed() -> Any:
        line = next(m for m in (await shop.api("GET", f"{address}?limit=200"))["items"] if m["id"] == said["id"])
        return line["delivery"] if line["delivery"]["state"] == "failed" else None

    assert (await until(failed))["reason"] == "wall_no_files"
    assert not any("телефон" in c["text"] for c in await under(community, post))  # nobody is asked in public


async def test_an_answer_the_community_gives_by_hand_is_recorded(shop: Any, community: Community, until: Any) -> None:
    post = (await community.ctl("POST", "/wall/post", {"text": "Скидки"}))["post_id"]
    anna = await community.person()
    asked = await comments(community, anna, post, "здравствуйте")
    await answered(community, until, post, "бот")
    await shop.quiet()
    await comments(community, None, post, "Мы вам напишем", reply_to=asked)
    conversation = await row(shop, until, f"wall:{post}:{anna.id}", "operator")
    assert conversation["last_message"]["text"] == "Мы вам напишем"
    address = f"/conversations/{conversation['id']}/messages?limit=200"

    async def line() -> Any:  # the conversation shows its last words sooner than its thread
        return next((m for m in (await shop.api("GET", address))["items"] if m["text"] == "Мы вам напишем"), None)

    said = await until(line)
    assert (said["author"]["kind"], said["author"]["name"]) == ("operator", "Кедр")


async def test_a_comment_taken_away_and_brought_back_is_said_again(shop: Any, community: Community, until: Any) -> None:
    post = (await community.ctl("POST", "/wall/post", {"text": "Скидки"}))["post_id"]
    anna = await community.person()
    asked = await comments(community, anna, post, "позовите человека")
    conversation = await row(shop, until, f"wall:{post}:{anna.id}", "waiting")
    address = f"/conversations/{conversation['id']}/messages?limit=200"

    async def said(*deleted: bool) -> Any:
        lines = [m for m in (await shop.api("GET", address))["items"] if m["author"]["kind"] == "customer"]
        return lines if [bool(m["deleted_at"]) for m in lines] == list(deleted) else None

    await community.ctl("POST", "/wall/delete", {"comment_id": asked})
    await until(lambda: said(True))
    await community.ctl("POST", "/wall/restore", {"comment_id": asked})
    first, again = await until(lambda: said(True, False))
    assert (again["text"], again["reply_to"]) == ("позовите человека", first["id"])


async def test_a_post_a_person_leaves_is_a_conversation(shop: Any, community: Community, until: Any) -> None:
    anna = await community.person()
    body = {"text": "позовите человека", "user": anna.id}
    await community.listened()
    post = (await community.ctl("POST", "/wall/post", body))["post_id"]
    await row(shop, until, f"wall:{post}:{anna.id}", "waiting")
    await answered(community, until, post, "оператор")


async def test_an_answer_that_was_lost_stands_under_the_post_once(shop: Any, community: Community, until: Any) -> None:
    post = (await community.ctl("POST", "/wall/post", {"text": "Скидки"}))["post_id"]
    anna = await community.person()
    await community.fault("applied_lost", method="wall.createComment", count=2)
    await comments(community, anna, post, "позовите человека")
    await answered(community, until, post, "зову оператора")
    await shop.quiet()
    texts = [c["text"] for c in await under(community, post)]
    assert len([text for text in texts if "зову оператора" in text]) == 1
