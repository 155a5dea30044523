"""The encrypted stream of a backup, and its key."""

import io
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.foundation.core.backup import sealed_stream, secrets_file
from xinqiao.foundation.core.backup.sealed_stream import (
    CHUNK_BYTES,
    DamagedBackup,
    SealedWriter,
    WrongBackupKey,
    open_stream,
    read_header,
)
from xinqiao.foundation.core.backup.secrets_file import (
    NoBackupKey,
    make_key_file,
    secret_of_file,
    secret_of_passphrase,
)


def secret(salt):
    return b"k" * 32


def sealed(plain, key=secret, chunk=None, monkeypatch=None):
    out = io.BytesIO()
    with SealedWriter(out, key, {"name": "n"}) as writer:
        writer.write(plain)
    return out.getvalue()


def opened(body, key=secret):
    return b"".join(open_stream(io.BytesIO(body), key))


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(sealed_stream, "CHUNK_BYTES", 100)


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
def test_any_length_comes_back(size):
    plain = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    assert opened(sealed(plain)) == plain


@given(st.binary(max_size=500), st.lists(st.integers(min_value=1, max_value=60), max_size=20))
def test_however_it_is_written(plain, cuts):
    out = io.BytesIO()
    with SealedWriter(out, secret, {}) as writer:
        rest = plain
        for cut in cuts:
            writer.write(rest[:cut])
            rest = rest[cut:]
        writer.write(rest)
    assert opened(out.getvalue()) == plain


def test_nothing_readable_is_in_it():
    assert "欧阳娜娜".encode() not in sealed("欧阳娜娜".encode() * 50)


def test_each_changed_byte_is_refused(small_chunks):
    body = sealed(b"abc" * 100)
    for at in range(len(body)):
        changed = bytearray(body)
        changed[at] ^= 1
        with pytest.raises((DamagedBackup, WrongBackupKey)):
            opened(bytes(changed))


def test_each_cut_is_refused(small_chunks):
    body = sealed(b"abc" * 100)
    for at in range(len(body)):
        with pytest.raises((DamagedBackup, WrongBackupKey)):
            opened(body[:at])
    with pytest.raises(DamagedBackup):
        opened(body + b"x")


def test_chunks_cannot_be_dropped_repeated_or_swapped(small_chunks):
    body = sealed(b"abcdefghij" * 40)
    _, raw = read_header(io.BytesIO(body))
    start = len(sealed_stream.MAGIC) + 4 + len(raw)
    size = 5 + 100 + 16
    chunks = [body[at : at + size] for at in range(start, len(body), size)]
    assert len(chunks) == 4
    for order in ([0, 2, 3], [1, 0, 2, 3], [0, 0, 1, 2, 3], [0, 1, 2], [3]):
        with pytest.raises(DamagedBackup):
            opened(body[:start] + b"".join(chunks[number] for number in order))


def test_control_without_what_binds_them_chunks_can_be_swapped(small_chunks, monkeypatch):
    monkeypatch.setattr(sealed_stream._Cipher, "bound", lambda self, number, *, is_last: b"")
    monkeypatch.setattr(sealed_stream, "_nonce", lambda number: bytes(12))
    body = sealed(b"a" * 100 + b"b" * 100 + b"c")
    _, raw = read_header(io.BytesIO(body))
    start, size = len(sealed_stream.MAGIC) + 4 + len(raw), 121
    one, other, rest = body[start : start + size], body[start + size : start + 2 * size], body[start + 2 * size :]
    assert opened(body[:start] + other + one + rest) == b"b" * 100 + b"a" * 100 + b"c"


def test_another_key_is_said_to_be_another_key():
    with pytest.raises(WrongBackupKey, match="another backup key"):
        opened(sealed(b"x"), lambda salt: b"q" * 32)


def test_what_was_left_unfinished_is_refused():
    out = io.BytesIO()

    def write_and_fail():
        with SealedWriter(out, secret, {}) as writer:
            writer.write(b"x" * 10)
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_and_fail()
    with pytest.raises(DamagedBackup):
        opened(out.getvalue())


def test_key_files_are_ours_alone_and_never_replaced(tmp_path):
    path = tmp_path / "backup.json"
    make_key_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert opened(sealed(b"x", secret_of_file(path)), secret_of_file(path)) == b"x"
    before = path.read_bytes()
    with pytest.raises(NoBackupKey):
        make_key_file(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("body", ["", "{}", '{"backup_key": "YQ=="}', '{"backup_key": 3}'])
def test_damaged_key_files_are_refused(tmp_path, body):
    (tmp_path / "k").write_text(body)
    with pytest.raises(NoBackupKey):
        secret_of_file(tmp_path / "k")
    with pytest.raises(NoBackupKey, match="xinqiao backup key"):
        secret_of_file(tmp_path / "none")


def test_passphrases(monkeypatch):
    monkeypatch.setattr(secrets_file, "SCRYPT_N", 1 << 10)
    right, wrong = (
        secret_of_passphrase("松湖 第一 初级 中学 2026 备份口令"),
        secret_of_passphrase("another long passphrase"),
    )
    body = sealed(b"x", right)
    assert opened(body, right) == b"x"
    with pytest.raises(WrongBackupKey):
        opened(body, wrong)
    with pytest.raises(NoBackupKey):
        secret_of_passphrase("short")
