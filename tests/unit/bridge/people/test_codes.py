"""One-time codes: what is read as one, and how they are kept."""

import pytest

from bridge.people import codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("123456", "123456"),
        ("код 123456", "123456"),
        (" Вот код: 123 456. ", "123456"),
        ("my code is 012345", "012345"),
        ("123-456", "123456"),
        ("1234567", None),
        ("12345", None),
        ("заказ 123456", None),
        ("123456 не подходит?", None),
        ("8 912 345-67-89", None),
        ("", None),
        ("код " * 40 + "123456", None),
        ("мой код такой: 925010", "925010"),
        ("из письма код 925-010, спасибо!", "925010"),
        ("The code I got is 925 010 :)", "925010"),
        ("925010 спасибо", "925010"),
        ("код товара 925010 есть?", None),
        ("код 925010 или 925011", None),
        ("код 9250101", None),
        ("а где заказ 925010", None),
    ],
)
def test_what_is_read_as_a_code(text: str, code: str | None) -> None:
    assert codes.typed(text) == code


def test_a_code_is_veiled_and_no_other_number() -> None:
    told = "В чате «site» назвали {}. Если это вы, пришлите туда код {}."
    for contact in ("+7 912 345-67-89", "123456@mail.ru", "anna.123456@mail.ru", "+79123456789"):
        assert codes.veiled(told.format(contact, "012345")) == told.format(contact, codes.VEIL)
    assert codes.veiled(codes.veiled("123456")) == codes.VEIL


def test_a_code_is_kept_as_a_hash_of_its_own_and_fits_nothing_else() -> None:
    code, one, other = codes.made(), codes.salt(), codes.salt()
    kept = codes.sealed(code, one)
    assert code not in kept
    assert kept != codes.sealed(code, other)
    assert codes.fits(code, one, kept)
    assert not codes.fits(f"{(int(code) + 1) % 1_000_000:06}", one, kept)


def test_codes_have_six_digits_and_differ() -> None:
    found = {codes.made() for _ in range(50)}
    assert len(found) > 40
    assert all(len(code) == 6 and code.isdecimal() for code in found)
