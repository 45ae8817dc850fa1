"""Passwords and tokens."""

from operator_panel.passwords import check_password, digest, hash_in_thread, hash_password, new_token, stale


async def test_a_password_fits_its_hash_alone() -> None:
    stored = hash_password("correct horse")
    assert stored.startswith("$argon2id$")
    assert await check_password(stored, "correct horse")
    assert not await check_password(stored, "correct horse ")
    assert not await check_password("", "correct horse")
    assert not await check_password("nonsense", "correct horse")
    assert not stale(stored)
    assert stored != await hash_in_thread("correct horse")


def test_a_tokens_id_is_its_hash() -> None:
    shown, id = new_token()
    assert id == digest(shown)
    assert shown not in id
    assert len(id) == 64
    assert new_token()[0] != shown
