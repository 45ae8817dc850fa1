"""E-mails and phones in free words: found where they surely stand, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.people.contacts import Contact, contacts, email_of, only_contact, phone_of, shown, tried, vouched_phone

ANNA = "+79123456789"
PHONES = {
    "мой номер 8 912 345-67-89": ANNA,
    "89123456789": ANNA,
    "79123456789": ANNA,
    "+7 (912) 345-67-89": ANNA,
    "8(912)3456789": ANNA,
    "8-912-345-67-89": ANNA,
    "8.912.345.67.89": ANNA,
    "8 912 345‑67‑89": ANNA,
    "8912 345 67 89": ANNA,
    "(912) 345-67-89": ANNA,
    "912 345 67 89": ANNA,
    "тел. 9123456789": ANNA,
    "телефон 84951234567": "+74951234567",
    "звоните 8 495 123-45-67": "+74951234567",
    "+375 29 123-45-67": "+375291234567",
    "my phone is +44 7911 123456": "+447911123456",
    "8 701 234 56 78": "+77012345678",
    "заказ 12345, мой номер 89123456789": ANNA,
    "Заказ № 48213, телефон: 8 (912) 345 67 89.": ANNA,
    "заказ оформлен на номер 89123456789": ANNA,
    "Не могу оплатить картой, перезвоните 89123456789": ANNA,
    "89123456789, заказ 12345": ANNA,
    "8 912 345 67 89 18-00": ANNA,
    "ИНН 7707083893, тел. 8 912 345-67-89": ANNA,
}
NO_PHONES = [
    "заказ 89123456789",
    "заказ номер 89123456789",
    "Заказ: 8 912 345-67-89",
    "заказы 89123456789, 89123456790",
    "order 79123456789",
    "№89123456789",
    "#89123456789",
    "ИНН 7707083893",
    "инн 500100732259",
    "7707083893",
    "9123456789",
    "84951234567",
    "4276 3800 1234 5678",
    "2202 2089 1234 5678",
    "2200 7009 1234 5678",
    "карта 4276380012345678",
    "40702810900000012345",
    "р/с 40817810891234567890",
    "от 12.03.2025 14:30",
    "2025-03-12 10:30",
    "12.03.2025 - 15.04.2025",
    "89 990 000 руб",
    "8 912 345 678 руб",
    "89123456789 руб",
    "1 200 500 ₽",
    "трек 80080012345678",
    "RA123456789RU",
    "артикул 9123456789",
    "паспорт 4510 123456",
    "снилс 112-233-445 95",
    "код 912 345 67 89",
    "штрихкод 4607012345678",
    "звонил на 8 800 555-35-35",
    "https://shop.example/orders/89123456789",
    "с 8 до 20, с 9 до 18 1234567",
    "0.89123456789",
    "x89123456789",
    "89123456789x",
    "89123456789012",
    "+7 000 000-00-00",
    "+1 555",
]


@pytest.mark.parametrize("text", PHONES)
def test_phones_are_found(text: str) -> None:
    assert contacts(text) == (Contact("phone", PHONES[text]),)


@pytest.mark.parametrize("text", NO_PHONES)
def test_other_numbers_are_no_phones(text: str) -> None:
    assert contacts(text) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("почта Anna.K+shop@Mail.RU!", ["anna.k+shop@mail.ru"]),
        ("<anna@kedr.example>, спасибо", ["anna@kedr.example"]),
        ("почта@кедр.рф", ["почта@кедр.рф"]),
        ("mailto:anna@mail.ru", ["anna@mail.ru"]),
        ("89123456789@mail.ru", ["89123456789@mail.ru"]),
        ("a@b.ru и c@d.ru, a@b.ru", ["a@b.ru", "c@d.ru"]),
        ("@anna_k", []),
        ("anna@mail", []),
        ("anna@mail,ru", ["anna@mail.ru"]),
        ("a..b@mail.ru", []),
        ("x@host.invalid", []),
        ("https://user@host.ru/path", []),
        ("купил 2@100", []),
    ],
)
def test_addresses(text: str, found: list[str]) -> None:
    assert [contact.value for contact in contacts(text)] == found
    assert all(contact.kind == "email" for contact in contacts(text))


def test_everything_in_one_message_in_its_order() -> None:
    text = "8 912 345-67-89 или anna@mail.ru, жене: +7 913 000-11-22"
    assert [contact.value for contact in contacts(text)] == [ANNA, "anna@mail.ru", "+79130001122"]


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("мой номер 8 912 345-67-89", True),
        ("вот: 89123456789", True),
        ("anna@mail.ru, 89123456789", True),
        ("89123456789, когда доставка?", False),
        ("мой номер", False),
        ("", False),
    ],
)
def test_a_text_that_is_only_a_contact(text: str, only: bool) -> None:
    assert only_contact(text) is only


@pytest.mark.parametrize("text", ["8 912 345 67", "891234567", "anna@mail", "почта anna@kedr,ru", "+7 912 345 67"])
def test_what_was_meant_as_a_contact_and_is_none(text: str) -> None:
    assert tried(text)
    assert contacts(text) == ()


@pytest.mark.parametrize("text", ["когда?", "48213", "заказ 48213", "пропустить", "", "12.03", "да", "8 912\n345 67"])
def test_what_was_not_meant_as_a_contact(text: str) -> None:
    assert not tried(text)


@pytest.mark.parametrize(
    ("field", "phone"),
    [("8 912 345-67-89", ANNA), ("9123456789", ANNA), (ANNA, ANNA), ("123", None), ("anna", None), ("", None)],
)
def test_a_field_for_a_phone(field: str, phone: str | None) -> None:
    assert phone_of(field) == phone


def test_a_phone_a_messenger_vouches_for_may_be_of_a_range_nobody_lists() -> None:
    assert vouched_phone("79123456789") == ANNA
    assert vouched_phone("+888 0123 4567") == "+88801234567"
    assert vouched_phone("+7") is None
    assert vouched_phone("nothing") is None


def test_contacts_are_shown_as_people_write_them() -> None:
    assert shown(Contact("phone", ANNA)) == "+7 912 345-67-89"
    assert shown(Contact("email", "a@b.ru")) == "a@b.ru"
    assert email_of(" A@B.RU ") == "a@b.ru"


NATIONAL = st.from_regex(r"9[0-689][0-9]{8}", fullmatch=True).filter(lambda number: phone_of(number) is not None)
FORMATS = (
    "8{0}{1}{2}{3}",
    "+7{0}{1}{2}{3}",
    "8 {0} {1}-{2}-{3}",
    "+7 ({0}) {1}-{2}-{3}",
    "8-{0}-{1}-{2}{3}",
    "8 ({0}) {1} {2} {3}",
)
AROUND = ("{}", "мой номер {}", "звоните {}, пожалуйста", "Здравствуйте! {} Анна", "({})", "заказ 48213, тел {}")


@given(NATIONAL, st.sampled_from(FORMATS), st.sampled_from(AROUND))
def test_any_mobile_in_any_form(national: str, form: str, around: str) -> None:
    text = around.format(form.format(national[:3], national[3:6], national[6:8], national[8:]))
    assert contacts(text) == (Contact("phone", f"+7{national}"),)


def grouped(number: str, size: int) -> str:
    return " ".join(number[at : at + size] for at in range(0, len(number), size))


@given(st.from_regex(r"[2-6][0-9]{15}", fullmatch=True), st.sampled_from(("", "карта ", "моя карта: ")))
def test_no_card_is_a_phone(card: str, before: str) -> None:
    assert contacts(before + card) == ()
    assert contacts(before + grouped(card, 4)) == ()


@given(st.from_regex(r"[0-9]{10}|[0-9]{12}", fullmatch=True))
def test_no_tax_number_is_a_phone(inn: str) -> None:
    assert contacts(f"ИНН {inn}") == ()
    assert contacts(inn[:10]) == ()


@given(st.datetimes(), st.sampled_from(("%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M:%S", "%d.%m.%Y-%d.%m.%Y", "%d/%m/%Y")))
def test_no_date_is_a_phone(at: object, form: str) -> None:
    assert contacts(f"заказывал {at:{form}}") == ()


@given(st.integers(1, 10**11), st.sampled_from((" руб", " ₽", "₽", " рублей", " р.", " тыс")))
def test_no_price_is_a_phone(price: int, money: str) -> None:
    assert contacts(f"стоит {price:,}".replace(",", " ") + money) == ()
    assert contacts(f"стоит {price}{money}") == ()


@given(st.integers(1, 10**14), st.sampled_from(("заказ ", "Заказ № ", "order #", "номер заказа: ", "трек ", "чек ")))
def test_no_order_number_is_a_phone(number: int, before: str) -> None:
    assert contacts(f"{before}{number}") == ()


@given(st.text(max_size=300))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    for contact in contacts(text):
        assert contact.kind in ("email", "phone")
        assert contact.value == (phone_of if contact.kind == "phone" else email_of)(contact.value)
    only_contact(text)
    tried(text)


@given(
    st.lists(
        st.sampled_from(["8", "+7", " ", "-", "(", ")", "912", "345-67-89", "@", "a.ru", "заказ", "№", ",", ".", "\n"]),
        max_size=40,
    )
)
def test_pieces_of_contacts_in_any_order(pieces: list[str]) -> None:
    test_any_text_is_read_without_a_fault.hypothesis.inner_test("".join(pieces))  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", ["1 " * 2000, "+" * 4000, "8-" * 2000, "a@" * 2000, "(" * 4000 + "8", "@" * 4000])
def test_a_page_of_signs_costs_little(text: str) -> None:
    """Seconds would show: the patterns would have to go back over the page again and again."""
    assert contacts(text * 20) == ()
    assert not only_contact(text * 20)
