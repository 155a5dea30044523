"""Pure sealing: what is bound to what, what a length tells, what a blind index folds."""

import uuid

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.foundation.keys.sealing import (
    FORMAT,
    Misplaced,
    Sealed,
    associated,
    blind_index,
    open_bytes,
    padded,
    seal_bytes,
    unpadded,
)

ROW, SUBJECT = uuid.UUID(int=1), uuid.UUID(int=2)
CIPHER = AESGCM(bytes(range(32)))
HERE = associated("people_student", "name", ROW, SUBJECT)
ELSEWHERE = {
    "another table": associated("people_guardian", "name", ROW, SUBJECT),
    "another column": associated("people_student", "number", ROW, SUBJECT),
    "another row": associated("people_student", "name", uuid.UUID(int=3), SUBJECT),
    "another subject": associated("people_student", "name", ROW, uuid.UUID(int=4)),
}


@given(st.binary(max_size=200))
def test_what_was_sealed_opens_in_its_place(plain):
    assert open_bytes(CIPHER, seal_bytes(CIPHER, plain, HERE), HERE) == plain
    assert unpadded(padded(plain)) == plain


@pytest.mark.parametrize("place", ELSEWHERE, ids=str)
def test_moved_is_refused(place):
    with pytest.raises(Misplaced):
        open_bytes(CIPHER, seal_bytes(CIPHER, b"x", HERE), ELSEWHERE[place])


@pytest.mark.parametrize("place", ELSEWHERE, ids=str)
def test_control_without_associated_data_the_moved_value_opens(place, monkeypatch):
    monkeypatch.setattr("xinqiao.foundation.keys.sealing.associated", lambda *_: b"")
    from xinqiao.foundation.keys import sealing

    sealed = seal_bytes(CIPHER, b"x", sealing.associated("people_student", "name", ROW, SUBJECT))
    assert open_bytes(CIPHER, sealed, sealing.associated("elsewhere", place, ROW, SUBJECT)) == b"x"


@given(st.integers(min_value=0, max_value=10_000), st.integers(min_value=0, max_value=7))
def test_any_changed_bit_is_refused(at, bit):
    sealed = bytearray(seal_bytes(CIPHER, b"PHQ-9 item 9: 3", HERE))
    sealed[at % len(sealed)] ^= 1 << bit
    with pytest.raises(Misplaced):
        open_bytes(CIPHER, bytes(sealed), HERE)


@given(st.text(min_size=1, max_size=9), st.text(min_size=1, max_size=9))
def test_length_does_not_tell_one_short_name_from_another(one, other):
    lengths = {len(seal_bytes(CIPHER, name.encode()[:28], HERE)) for name in (one, other)}
    assert len(lengths) == 1


def test_control_without_padding_the_length_tells(monkeypatch):
    monkeypatch.setattr("xinqiao.foundation.keys.sealing.padded", lambda plain: plain)
    assert len(seal_bytes(CIPHER, "欧阳娜娜".encode(), HERE)) != len(seal_bytes(CIPHER, "王一".encode(), HERE))


def test_equal_values_look_different():
    assert seal_bytes(CIPHER, b"3", HERE) != seal_bytes(CIPHER, b"3", HERE)


def test_sealed_shows_nothing_when_printed():
    sealed = Sealed(FORMAT + b"secret-bytes")
    assert "secret" not in f"{sealed!r} {sealed} {[sealed]}"


@pytest.mark.parametrize(
    ("one", "other"), [("ＡＢ１", "AB1"), (" ab1 ", "AB1"), ("11010119900307123x", "11010119900307123X")]
)
def test_blind_index_folds_width_case_and_ends(one, other):
    assert blind_index(b"k" * 32, "id_number", one) == blind_index(b"k" * 32, "id_number", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((b"k" * 32, "id_number", "A1"), (b"k" * 32, "id_number", "A2")),
        ((b"k" * 32, "id_number", "A1"), (b"k" * 32, "phone", "A1")),
        ((b"k" * 32, "id_number", "A1"), (b"q" * 32, "id_number", "A1")),
        ((b"k" * 32, "id_number", "0012"), (b"k" * 32, "id_number", "12")),
    ],
)
def test_blind_index_tells_apart(one, other):
    assert blind_index(*one) != blind_index(*other)
