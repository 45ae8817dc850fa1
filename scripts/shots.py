"""The pages that are pictured, and how to get to each in a seeded demo."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page
from seeded import Demo

OPERATOR = "elena@kedr.example"
CHIEF = "admin@kedr.example"


@dataclass(frozen=True)
class Shot:
    """One page: its name, how to get there, and what is particular about it.

    The desk is pictured at its noon, whenever that is; a page of past days has the shop's own time. `chief`: as its
    administrator sees it. `after` puts away what the picture left behind.
    """

    name: str
    go: Callable[[Demo, Page], None]
    known: bool = True
    chief: bool = False
    sizes: tuple[str, ...] = ("wide", "narrow")
    refused: bool = False
    languages: tuple[str, ...] = ("ru",)
    shop_time: bool = False
    after: Callable[[Demo, Page], None] | None = None


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
    page.get_by_test_id("phone").first.wait_for()
    vk = page.get_by_test_id("phone").nth(1)
    if vk.is_visible() and not vk.get_by_test_id("phone-message").count():
        # The seeded past is Telegram's alone: somebody asks in VK.
        vk.locator(".chip").first.click()
        vk.get_by_test_id("phone-button").first.wait_for()
        page.mouse.move(0, 0)
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
    person = next(one for one in running.ready["operators"] if one["email"] == OPERATOR)
    headers = {"Authorization": f"Bearer {person['api_token']}"}
    listed = page.request.get(f"{running.ready['api']}/conversations?channel=site&limit=1", headers=headers)
    where = f"{running.ready['api']}/conversations/{listed.json()['items'][0]['id']}"
    page.request.post(f"{where}/messages", headers=headers, data={"text": answer, "kind": "reply", "force": True})
    frame.locator('[data-testid="msg"][data-kind="operator"]').wait_for()


def put_away(running: Demo, page: Page) -> None:
    """Close the website's newest conversation: the pictures of the desk show the seeded ones."""
    person = next(one for one in running.ready["operators"] if one["email"] == OPERATOR)
    headers = {"Authorization": f"Bearer {person['api_token']}"}
    listed = page.request.get(f"{running.ready['api']}/conversations?channel=site&limit=1", headers=headers)
    where = f"{running.ready['api']}/conversations/{listed.json()['items'][0]['id']}"
    page.request.post(f"{where}/close", headers=headers, data={})


BOTH = ("ru", "en")
SHOTS = (
    Shot("login", login, known=False, languages=BOTH),
    Shot("inbox", inbox("mine", 0), languages=BOTH),
    Shot("list", inbox("mine"), sizes=("narrow",)),
    Shot("empty", inbox("mine"), sizes=("wide",)),
    Shot("note", inbox("mine", 0, write_note)),
    Shot("bot", inbox("bot", 1)),
    Shot("closed", inbox("closed", 2), shop_time=True),
    Shot("failed", inbox("mine", 3)),
    Shot("all", inbox("all"), sizes=("wide",)),
    Shot("search", inbox("all", None, search_in_vain)),
    Shot("card", inbox("mine", 0, open_card), sizes=("narrow",)),
    Shot("keys", inbox("mine", 0, show_keys), sizes=("wide",)),
    Shot("channels", inbox("mine", 0, show_channels), sizes=("wide",)),
    Shot("palette", inbox("mine", 0, open_palette), languages=BOTH),
    Shot("canned", inbox("mine", 0, open_popup)),
    Shot("passing", inbox("mine", 0, pass_on)),
    Shot("more", inbox("mine", 0, show_more)),
    Shot("views", inbox("mine", None, show_views)),
    Shot("bulk", inbox("all", None, pick_rows), sizes=("wide",)),
    Shot("task", inbox("mine", 0, begin_task)),
    Shot("bell", inbox("mine", 0, show_bell), sizes=("wide",)),
    Shot("offline", inbox("mine", 0, lose_connection), refused=True),
    Shot("tasks", room("/tasks")),
    Shot("notifications", room("/notifications")),
    Shot("replies", room("/settings/canned"), chief=True),
    Shot("macros", room("/settings/macros"), chief=True),
    Shot("actions", inbox("mine", 0, show_actions)),
    Shot("kb", room("/kb/articles/delivery-cost"), chief=True, languages=BOTH),
    Shot("kb-list", room("/kb"), chief=True, sizes=("narrow",)),
    Shot("kb-history", room("/kb/articles/delivery-cost", show_editions), chief=True),
    Shot("kb-import", room("/kb/import"), chief=True),
    Shot("customers", room("/customers"), chief=True, languages=BOTH),
    Shot("customers-import", room("/customers/import"), chief=True),
    Shot("profile", room("/settings/me"), languages=BOTH),
    Shot("people", room("/settings/people"), chief=True, languages=BOTH),
    Shot("people-invite", room("/settings/people/new"), chief=True),
    Shot("team", room("/settings/teams/new"), chief=True),
    Shot("error", nowhere, refused=True),
    Shot("playground", playground, known=False),
    Shot("shop", shop, known=False, sizes=("wide",)),
    Shot("widget-empty", beginning, known=False, sizes=("narrow",)),
    Shot("widget", widget, known=False, languages=BOTH, after=put_away),
)
