"""Where a search's words stand: the piece that is shown, what counts as the same word, and what of a card holds it."""

from datetime import UTC, datetime

import pytest

from bridge.model.customers import Customer, Identity
from bridge.model.ids import CustomerId, IdentityId
from bridge.teamwork.excerpts import Hit, Where, excerpt, in_customer, in_message

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("looked_for", "text", "marked"),
    [
        ("чеки", "нужен чек за март", ["чек"]),
        ("чек", "два чека и чеки", ["чека", "чеки"]),
        ("крышки", "крышка, крышкой, крыло", ["крышка", "крышкой"]),
        ("елка", "Ёлка и ёлки", ["Ёлка", "ёлки"]),
        ("тело", "телефон", []),
        ("12", "заказы 12 и 123, 412", ["12", "123"]),
        ("orders", "an order, ordering", ["order", "ordering"]),
        ("<b>", "жирное <b>слово</b>", ["b", "b"]),
    ],
)
def test_a_word_is_marked_in_its_forms_and_no_other_is(looked_for: str, text: str, marked: list[str]) -> None:
    piece, hits = excerpt(text, looked_for)
    assert [piece[start:end] for start, end in hits] == marked


def test_a_message_is_told_of_by_its_words_before_its_files() -> None:
    assert in_message("вот накладная", ["Накладная.pdf"], "накладные").where is Where.TEXT
    assert in_message("вот", ["фото.jpg", "Накладная.pdf"], "накладные") == Hit(Where.FILE, "Накладная.pdf", [(0, 9)])
    assert in_message("вот", [], "накладные") == Hit(Where.TEXT, "вот", [])


def test_a_card_says_what_of_it_holds_the_words_and_masks_what_one_may_not_read() -> None:
    he = Customer(
        CustomerId("c"), "Игорь", NOW, note="звонить после шести", company="ООО Ромашка", fields={"inn": 7707083893}
    )
    owned = [
        Identity(IdentityId("a"), he.id, "telegram", "812", True, username="igor_b"),
        Identity(IdentityId("b"), he.id, "email", "igor@shop.example", True),
    ]

    def found(words: str, whole: bool = True) -> tuple[Where, str, str] | None:
        hit = in_customer(he, owned, words, whole)
        return hit and (hit.where, hit.excerpt, hit.key)

    assert found("ромашки") == (Where.COMPANY, "ООО Ромашка", "")
    assert found("звонит") == (Where.REMARK, "звонить после шести", "")
    assert found("77070838") == (Where.FIELD, "7707083893", "inn")
    assert found("igor_b") == (Where.LOGIN, "igor_b", "")
    assert found("812") == (Where.LOGIN, "812", "")
    assert found("shop.example") == (Where.CONTACT, "igor@shop.example", "")
    assert found("shop.example", whole=False) == (Where.CONTACT, "i•••@shop.example", "")
    assert found("чайник") is None
