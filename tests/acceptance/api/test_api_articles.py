"""Articles by the API: what an editor writes, the matcher says a moment later."""


async def test_an_article_is_written_found_changed_and_removed(house) -> None:
    body = {"title": "Как оплатить", "questions": ["как оплатить картой", "способы оплаты"], "answer": "Картой."}
    made = await house.post("/articles", body, who="writer", status=201)
    assert (made["state"], made["version"]) == ("published", 1)
    said = await house.post("/kb/match", {"text": "способы оплаты"})
    assert said["decision"] in ("answer", "offer")
    assert said["ranked"][0]["article_id"] == made["id"]
    assert set(said["ranked"][0]) == {"article_id", "title", "confidence", "wording", "words", "why"}
    assert (await house.get(f"/articles/{made['id']}"))["answer"] == "Картой."
    changed = await house.patch(
        f"/articles/{made['id']}",
        {"answer": "Картой или наличными.", "lang": None},
        who="writer",
        headers={"If-Match": "1"},
    )
    assert (changed["answer"], changed["version"]) == ("Картой или наличными.", 2)
    stale = await house.patch(
        f"/articles/{made['id']}", {"answer": "x"}, who="writer", status=409, headers={"If-Match": "1"}
    )
    assert stale["code"] == "version"
    response = await house.call("DELETE", f"/articles/{made['id']}", "writer")
    assert response.status == 204
    assert (await house.get(f"/articles/{made['id']}", status=404))["code"] == "not_found"
    ranked = (await house.post("/kb/match", {"text": "способы оплаты"}))["ranked"]
    assert made["id"] not in [each["article_id"] for each in ranked]


async def test_articles_are_listed_by_id_in_pages(house) -> None:
    first = await house.get("/articles", params={"limit": "1"})
    assert [row["id"] for row in first["items"]] == ["delivery"]
    rest = await house.get("/articles", params={"cursor": first["next"]})
    assert [row["id"] for row in rest["items"]] == ["return"]
    assert rest["next"] is None


async def test_who_may_write_articles(house) -> None:
    body = {"title": "Новая", "answer": "…"}
    for who in ("anna", "watcher"):
        assert (await house.post("/articles", body, who=who, status=403))["code"] == "forbidden"
        assert (await house.patch("/articles/return", {"title": "x"}, who=who, status=403))["code"] == "forbidden"
        assert (await house.call("DELETE", "/articles/return", who)).status == 403
    for who in ("boss", "chief", "writer"):
        await house.post("/articles", body, who=who, status=201)


async def test_wrong_articles_name_their_fields(house) -> None:
    def errors(problem):
        return [(each["field"], each["code"]) for each in problem["errors"]]

    nothing = await house.post("/articles", {"answer": "x"}, who="writer", status=422)
    assert errors(nothing) == [("title", "required"), ("questions", "required")]
    taken = await house.post("/articles", {"id": "return", "title": "x"}, who="writer", status=422)
    assert errors(taken) == [("id", "taken")]
    odd = await house.post("/articles", {"id": "../x", "title": "x"}, who="writer", status=422)
    assert errors(odd) == [("id", "invalid")]
    null = await house.patch("/articles/return", {"title": None}, who="writer", status=422)
    assert errors(null) == [("title", "required")]
    empty = await house.patch("/articles/return", {"title": "", "questions": []}, who="writer", status=422)
    assert errors(empty) == [("title", "required"), ("questions", "required")]
    text = await house.post("/kb/match", {"text": " "}, status=422)
    assert errors(text) == [("text", "empty")]
    assert (await house.patch("/articles/nowhere", {"title": "x"}, who="writer", status=404))["code"] == "not_found"
    gone = await house.call("DELETE", "/articles/nowhere", "writer")
    assert gone.status == 404
