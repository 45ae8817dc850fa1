"""How to get to each page that is pictured, in a seeded demo."""

from collections.abc import Callable
from secrets import token_hex
from typing import Any

from playwright.sync_api import Page
from seeded import Demo

OPERATOR = "elena@kedr.example"
CHIEF = "admin@kedr.example"


def inbox(view: str, place: int | None = None, then: Callable[[Page], None] | None = None) -> Callable[..., None]:
    """Return the way to a view, or to a conversation in it, and what is done there."""

    def go(running: Demo, page: Page) -> None:
        page.goto(f"{running.url}/inbox/{view}" if place is None else running.address(view, place))
        page.wait_for_selector("html[data-ready=true]", state="attached")
        if place is not None:
            page.get_by_test_id("msg").last.wait_for()
        page.wait_for_load_state("networkidle")
        if then is not None:
            then(page)

    return go


def write_note(page: Page) -> None:
    """Begin a note."""
    page.keyboard.press("n")
    page.keyboard.type("Клиентке удобнее после шести, предупредите курьера")


def search_in_vain(page: Page) -> None:
    """Search for what nobody wrote about."""
    page.locator("#search").fill("самокат")
    page.get_by_test_id("conv-row").first.wait_for(state="detached")


def open_card(page: Page) -> None:
    """Open the customer's card on top of the thread."""
    page.keyboard.press("]")
    page.locator("body[data-context=open]").wait_for()


def show_keys(page: Page) -> None:
    """Open the cheat sheet."""
    page.keyboard.press("?")
    page.locator("dialog#keys[open]").wait_for()


def show_channels(page: Page) -> None:
    """See how the channels are."""
    page.get_by_test_id("rail-channels").click()
    page.get_by_test_id("channel").first.wait_for()


def open_palette(page: Page) -> None:
    """Open the command menu."""
    page.keyboard.press("Control+k")
    page.get_by_test_id("palette").wait_for()


def open_popup(page: Page) -> None:
    """Look for a canned reply."""
    page.keyboard.press("r")
    page.keyboard.type("/")
    page.get_by_test_id("canned").first.wait_for()


def pass_on(page: Page) -> None:
    """Begin to pass the conversation on."""
    page.keyboard.press("t")
    page.get_by_test_id("passing").wait_for()


def show_more(page: Page) -> None:
    """See what else is done with the conversation."""
    page.get_by_test_id("more").click()
    page.locator("#menu-more:popover-open").wait_for()


def show_views(page: Page) -> None:
    """See which conversations and rows can be shown."""
    page.locator(".title").first.click()
    page.locator("[popover]:popover-open").first.wait_for()


def pick_rows(page: Page) -> None:
    """Pick two conversations."""
    for _ in range(2):
        page.keyboard.press("j")
        page.keyboard.press("x")
    page.get_by_test_id("bulk-bar").wait_for()


def begin_task(page: Page) -> None:
    """Begin a task about the customer."""
    if not page.get_by_test_id("task-new").is_visible():
        page.keyboard.press("]")
    page.get_by_test_id("task-new").click()
    page.get_by_test_id("task-form").wait_for()


def show_bell(page: Page) -> None:
    """See what one is told of."""
    page.get_by_test_id("rail-notices").click()
    page.locator("#notices:popover-open").wait_for()


def lose_connection(page: Page) -> None:
    """Stay without the server until it is said."""
    page.context.set_offline(True)
    page.evaluate("dispatchEvent(new Event('offline'))")
    page.get_by_test_id("conn-banner").wait_for()


def show_actions(page: Page) -> None:
    """See what can be done with the customer's newest message."""
    page.locator('[data-testid="msg"][data-kind="customer"]').last.focus()
    page.keyboard.press("Enter")
    page.locator("#menu-message:popover-open").wait_for()


def room(address: str, then: Callable[[Page], None] | None = None) -> Callable[..., None]:
    """Return the way to a page of the knowledge base's room, and what is done there."""

    def go(running: Demo, page: Page) -> None:
        page.goto(f"{running.url}{address}")
        page.wait_for_selector("html[data-ready=true]", state="attached")
        page.wait_for_load_state("networkidle")
        if then is not None:
            then(page)

    return go


def show_editions(page: Page) -> None:
    """Look at how an article stood."""
    page.get_by_test_id("kb-history").click()
    page.get_by_test_id("kb-edition").first.wait_for()


def login(running: Demo, page: Page) -> None:
    """Stand before the door."""
    page.goto(f"{running.url}/login")
    page.fill("#email", OPERATOR)


def nowhere(running: Demo, page: Page) -> None:
    """Ask for a page that is not there."""
    page.goto(f"{running.url}/inbox/nowhere")


def playground(running: Demo, page: Page) -> None:
    """Stand before both phones and the staff group."""
    page.goto(f"{running.ready['playground']}")
    phones = page.get_by_test_id("phone")
    phones.first.wait_for()
    if phones.nth(1).is_visible():
        phones.nth(1).get_by_test_id("phone-message").first.wait_for()
    page.wait_for_timeout(1500)  # its long polls never let the network idle


#: What a visitor of the shop's page asks, and what the operator answers, by language.
CHAT = {
    "ru": ("Пришла разбитая кружка, что делать?", "Добрый день! Отправим новую сегодня, осколки возвращать не нужно."),
    "en": ("My mug arrived broken, what now?", "Hello! A new one leaves today; no need to return the pieces."),
}


def shop(running: Demo, page: Page) -> None:
    """Look at the sample shop, the chat still closed."""
    page.goto(f"{running.ready['shop']}?lang={running.language}")
    page.get_by_test_id("widget-launcher").wait_for()


def beginning(running: Demo, page: Page) -> None:
    """Open the chat, nothing said yet."""
    shop(running, page)
    page.get_by_test_id("widget-launcher").click()
    page.frame_locator('[data-testid="widget-frame"]').locator('html[data-state="online"]').wait_for(state="attached")


def widget(running: Demo, page: Page) -> None:
    """Ask in the chat, call a person and be answered."""
    beginning(running, page)
    frame = page.frame_locator('[data-testid="widget-frame"]')
    question, answer = CHAT[running.language]
    frame.locator("#field").fill(question)
    frame.get_by_test_id("send").click()
    frame.get_by_test_id("quick-reply").first.wait_for()
    frame.locator("#menu-button").click()
    frame.get_by_test_id("call").click()
    frame.get_by_test_id("quick-reply").last.click()
    frame.locator('[data-kind="customer"][data-status="delivered"]').nth(2).wait_for()  # the bot has answered that too
    headers = _token(running, OPERATOR)
    listed = page.request.get(f"{running.ready['api']}/conversations?channel=site&limit=1", headers=headers)
    where = f"{running.ready['api']}/conversations/{listed.json()['items'][0]['id']}"
    page.request.post(f"{where}/messages", headers=headers, data={"text": answer, "kind": "reply", "force": True})
    frame.locator('[data-testid="msg"][data-kind="operator"]').wait_for()


def put_away(running: Demo, page: Page) -> None:
    """Close the website's newest conversation: the pictures of the desk show the seeded ones."""
    headers = _token(running, OPERATOR)
    listed = page.request.get(f"{running.ready['api']}/conversations?channel=site&limit=1", headers=headers)
    where = f"{running.ready['api']}/conversations/{listed.json()['items'][0]['id']}"
    page.request.post(f"{where}/close", headers=headers, data={})


def _token(running: Demo, email: str) -> dict[str, str]:
    person = next(one for one in running.ready["operators"] if one["email"] == email)
    return {"Authorization": f"Bearer {person['api_token']}"}


def show_filters(page: Page) -> None:
    """Choose what the list shows."""
    show_views(page)
    page.get_by_role("menuitem").filter(has_text="…").first.click()
    page.locator("dialog[open]").wait_for()


def hand_over(page: Page) -> None:
    """Pass all of one's own on, a note for each."""
    page.get_by_test_id("rail-me").click()
    page.locator("[data-hands-over]").click()
    page.get_by_test_id("passing-each").locator("summary").click()


def starred(running: Demo, page: Page) -> None:
    """Look at what one keeps at hand."""
    where = running.address("mine", 0).rpartition("/")[2]
    api, headers = running.ready["api"], _token(running, OPERATOR)
    rows = page.request.get(f"{api}/conversations/{where}/messages", headers=headers).json()["items"]
    said: dict[str, Any] = next(row for row in reversed(rows) if row["author"]["kind"] == "customer" and row["text"])
    page.request.put(f"{api}/messages/{said['id']}/star", headers=headers, data={})
    room("/starred")(running, page)


def join(running: Demo, page: Page) -> None:
    """Come by an invitation."""
    body = {"email": f"new-{token_hex(3)}@kedr.example", "role": "operator", "language": running.language}
    made = page.request.post(f"{running.ready['api']}/invitations", headers=_token(running, CHIEF), data=body).json()
    page.goto(made["url"])


def turn_away(running: Demo, page: Page) -> None:
    """Take back who was invited for a picture: others show the desk as it is."""
    api, headers = running.ready["api"], _token(running, CHIEF)
    for person in page.request.get(f"{api}/operators", headers=headers).json()["items"]:
        if (person["email"] or "").startswith("new-"):
            page.request.delete(f"{api}/operators/{person['id']}", headers=headers)
