"""The lock: only the owner's words open it, and a box tells nothing by its size or place."""

import pytest
from cryptography.exceptions import InvalidTag

from xinqiao.foundation.keys.boxes import (
    BOX_BYTES,
    TooLarge,
    WrongWords,
    into_box,
    new_lock,
    out_of_box,
    plain_words,
    relocked,
    unlocked,
)

WORDS, HERE, THERE = "银杏黄了，我还在", b"here", b"there"


def test_the_words_open_what_was_put_in_without_them():
    lock = new_lock(WORDS, HERE)
    box = into_box(lock.public, b"14", HERE)
    assert out_of_box(unlocked(lock.guarded, WORDS, HERE), box, HERE) == b"14"


@pytest.mark.parametrize("words", ["", "银杏黄了，我还在。", "银杏黄了,我还不在", WORDS.upper() + "x"])
def test_other_words_do_not(words):
    with pytest.raises(WrongWords):
        unlocked(new_lock(WORDS, HERE).guarded, words, HERE)


def test_width_and_spaces_make_no_difference():
    lock = new_lock("Ｇ  inkgo ２０２６ 年", HERE)
    assert unlocked(lock.guarded, " G inkgo 2026 年 ", HERE)
    assert plain_words("  ａ　ｂ ") == "a b"


def test_new_words_open_the_old_boxes_and_the_old_words_nothing():
    lock = new_lock(WORDS, HERE)
    box = into_box(lock.public, b"14", HERE)
    guarded = relocked(lock.guarded, WORDS, "另外一句很长的话", HERE)
    assert out_of_box(unlocked(guarded, "另外一句很长的话", HERE), box, HERE) == b"14"
    with pytest.raises(WrongWords):
        unlocked(guarded, WORDS, HERE)
    with pytest.raises(WrongWords):
        relocked(lock.guarded, "不是这一句话", "另外一句很长的话", HERE)


def test_neither_lock_nor_box_can_be_moved():
    lock = new_lock(WORDS, HERE)
    with pytest.raises(WrongWords):
        unlocked(lock.guarded, WORDS, THERE)
    with pytest.raises(InvalidTag):
        out_of_box(unlocked(lock.guarded, WORDS, HERE), into_box(lock.public, b"14", HERE), THERE)


def test_the_key_of_one_notebook_does_not_open_anothers_box():
    one, other = new_lock(WORDS, HERE), new_lock(WORDS, HERE)
    with pytest.raises(InvalidTag):
        out_of_box(unlocked(one.guarded, WORDS, HERE), into_box(other.public, b"14", HERE), HERE)


def test_every_box_has_one_size():
    public = new_lock(WORDS, HERE).public
    sizes = {len(into_box(public, plain, HERE)) for plain in (b"", b"0", b"x" * BOX_BYTES)}
    assert len(sizes) == 1
    with pytest.raises(TooLarge):
        into_box(public, b"x" * (BOX_BYTES + 1), HERE)


def test_the_same_words_twice_give_other_locks():
    assert new_lock(WORDS, HERE).guarded != new_lock(WORDS, HERE).guarded
