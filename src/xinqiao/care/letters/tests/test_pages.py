"""Pages of letters: what each says, what it refuses and how it says so, and the printed page."""

import re
import zlib

import pytest
import typst
from django.test import Client
from django.urls import reverse

from xinqiao.care.letters.codes import grouped
from xinqiao.care.letters.judging import shared_digest
from xinqiao.care.letters.printing import printed
from xinqiao.care.letters.rules import LONGEST, MOST_PARAGRAPHS
from xinqiao.care.letters.selectors.letters import PrintedLetter
from xinqiao.care.letters.tests.conftest import OWN, TITLE, WORDS
from xinqiao.foundation.core import clock


def page(post, login, name, *args, data=None, follow=False):
    client = Client()
    client.force_login(post.school.world.users[login])
    url = reverse(f"letters:{name}", args=args)
    return client.get(url) if data is None else client.post(url, data, follow=follow)


def text(post, login, name, *args, data=None, follow=True, status=200) -> str:
    response = page(post, login, name, *args, data=data, follow=follow)
    assert response.status_code == status
    return response.content.decode()


def test_from_the_empty_page_to_a_class_that_is_out(post):
    ids = post.campaign.pk, post.unit.pk
    assert "还没有给家长的内容" in text(post, "psych", "mailing", ids[0])
    assert "每个家庭都会收到一封信" in text(post, "psych", "words", ids[0])
    refused = text(post, "psych", "words", ids[0], data={"title": TITLE, "words": f"{WORDS}高风险"}, status=422)
    assert "“高风险”是等级用语" in refused
    assert WORDS[:8] in refused
    read = text(post, "psych", "words", ids[0], data={"title": TITLE, "words": WORDS})
    assert "家长将看到的样子" in read
    assert "您还没有通读现在的统一内容" in text(post, "psych", "class", *ids)
    digest = re.search(r'name="digest" value="(\w+)"', read)[1]
    assert "现在可以逐班发出" in text(post, "psych", "words-read", ids[0], data={"digest": digest})
    own = text(post, "psych", "own", post.letter().pk, data={"words": OWN})
    digest = re.search(r'name="digest" value="(\w+)"', own)[1]
    assert "已通读" in text(post, "psych", "own-read", post.letter().pk, data={"digest": digest})
    assert "已发出 2 封信" in text(post, "psych", "release", *ids, data={})
    assert page(post, "psych", "print", *ids).content.startswith(b"%PDF-")
    for after in ("mailing", "words"):
        assert page(post, "psych", after, ids[0]).status_code == 200
    assert "撤回" in text(post, "psych", "own", post.letter().pk)
    assert "已撤回" in text(post, "psych", "withdraw", post.letter().pk, data={})
    assert "已准备家长信：1 封" in text(post, "psych", "prepare", ids[0], data={})


def test_a_stale_or_broken_digest_is_no_reading(post):
    mailing = post.written()
    for wrong in ("", "zz", shared_digest(mailing)[::-1].hex()):
        assert "重新通读" in text(post, "psych", "words-read", post.campaign.pk, data={"digest": wrong})


def test_whoever_is_at_red_is_called(post):
    post.read()
    post.red()
    assert "今天就给家长打电话" in text(post, "psych", "own", post.letter().pk)
    shown = text(post, "psych", "class", post.campaign.pk, post.unit.pk)
    assert "打电话，不写信" in shown
    assert "这个班有 1 名学生处于红色" in shown
    refused = text(post, "psych", "release", post.campaign.pk, post.unit.pk, data={})
    assert "请确认已给家长打过电话" in refused
    assert "已发出" in text(post, "psych", "release", post.campaign.pk, post.unit.pk, data={"called": "on"})


def test_a_class_teacher_hands_over_and_sees_nothing_else(post):
    ids = post.campaign.pk, post.unit.pk
    assert "这个班的信还没有发出" in text(post, "teacher", "hand-over-class", *ids)
    post.read()
    page(post, "psych", "own", post.letter().pk, data={"words": OWN})
    page(post, "psych", "own-share", post.letter().pk, data={})
    page(post, "psych", "release", *ids, data={})
    shown = text(post, "teacher", "hand-over-class", *ids)
    assert "欧阳思源" in shown
    assert WORDS[:8] not in shown
    assert grouped(post.code()) not in shown
    given = {"pupil": [str(post.student().id)]}
    assert "已登记转交 1 封信" in text(post, "teacher", "hand-over-class", *ids, data=given)
    assert "没有勾选任何人" in text(post, "teacher", "hand-over-class", *ids, data={})
    assert "七年级(3)班" in text(post, "teacher", "hand-over", post.campaign.pk)
    assert page(post, "teacher", "mailing", post.campaign.pk).status_code == 403
    assert page(post, "teacher", "hand-over-class", ids[0], post.school.class_a.pk).status_code == 404


def test_officers_and_heads_see_counts_and_no_name(post):
    post.released()
    for login in ("officer", "head", "psych"):
        shown = text(post, login, "counts")
        assert "秋季测评" in shown
        assert "欧阳思源" not in shown


def test_a_pupils_page_leads_to_the_letter_or_says_why_there_is_none(post):
    assert "这名学生还没有家长信" in text(post, "psych", "pupil", post.student().id)
    post.written()
    assert page(post, "psych", "pupil", post.student().id).url == reverse("letters:own", args=[post.letter().pk])
    assert page(post, "other_psych", "pupil", post.student().id).status_code == 404


def pages_of(pdf: bytes) -> int:
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    unpacked = b"".join(_inflated(stream) for stream in streams) + pdf
    return len(re.findall(rb"/Type\s*/Page[^s]", unpacked))


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


def made(post, *words: str) -> bytes:
    letters = [PrintedLetter("甲", "1", "七年级(3)班", "题" * 60, each, "K7M29PQR4TVX", clock.now()) for each in words]
    return printed(letters, post.school.unit, "http://localhost/letters/open/", clock.now())


MANY = "\n".join(["好" * 60] * (MOST_PARAGRAPHS - 1) + ["好" * (LONGEST - 61 * (MOST_PARAGRAPHS - 1))])


def test_every_letter_is_one_page_however_long_and_nothing_is_cut_off(post):
    """An envelope that is thicker would tell. The control: what does not fit is not printed at all."""
    assert pages_of(made(post, OWN, "好" * LONGEST, MANY, "好\n" * MOST_PARAGRAPHS)) == 4
    with pytest.raises(typst.TypstError):
        made(post, "好\n" * 60)
