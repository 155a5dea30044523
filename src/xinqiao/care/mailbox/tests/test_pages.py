"""Pages of the mailbox in both languages: what they show, refuse with the words kept, and record."""

from django.urls import reverse

from xinqiao.care.mailbox.models import PupilLetter
from xinqiao.care.mailbox.rows import every_letter, every_request
from xinqiao.care.mailbox.tests.conftest import CANARY, TOLD, WHY, letter_of
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock, ids

NAME = "欧阳思源"


def post(client, name, row, follow=False, **said):
    return client.post(reverse(f"mailbox:{name}", args=[row.pk]), said, follow=follow)


def test_the_psychology_teacher_reads_and_answers_and_the_words_of_a_refused_form_stay(world, sign_in):
    letter, signed = letter_of(world, urgent=True), letter_of(world, signed=True)
    for language in ("en", "zh-hans"):
        client = sign_in("psych", language)
        listed = client.get(reverse("mailbox:letters")).content.decode()
        assert NAME in listed  # of the letter that is signed
        assert CANARY not in listed
        shown = client.get(reverse("mailbox:letter", args=[letter.pk])).content.decode()
        assert CANARY in shown
        assert NAME not in shown
        for name in ("closed", "type-in", "counts"):
            assert client.get(reverse(f"mailbox:{name}")).status_code == 200
    client.get(reverse("mailbox:letter", args=[signed.pk]))
    read = AuditEvent.objects.filter(event="mailbox.letter.read").values_list("subject_id", flat=True)
    assert set(read) == {letter.id, world.students[0].id}
    refused = post(client, "close", letter, **{"close-reason": "已经处理好了，先写在这里"})
    assert refused.status_code == 422
    assert "已经处理好了，先写在这里" in refused.content.decode()
    assert "写明原因搁置" in refused.content.decode()
    empty = post(client, "answer", letter, words="", seen=1)
    assert empty.status_code == 422
    assert post(client, "answer", letter, words="先写一半", seen=1, draft="1").status_code == 302
    assert "先写一半" in client.get(reverse("mailbox:letter", args=[letter.pk])).content.decode()
    assert post(client, "answer", letter, words="我在，今天中午可以来", seen=1).status_code == 302
    assert every_letter().get(pk=letter.pk).state == "answered"


def test_a_name_is_shown_on_one_page_once(world, sign_in):
    letter = letter_of(world)
    client = sign_in("psych")
    post(client, "ask", letter, **{"ask-reason": WHY, "ask-told": TOLD})
    request = every_request().get()
    client = sign_in("head")
    listed = client.get(reverse("mailbox:requests")).content.decode()
    assert WHY in listed
    assert CANARY not in listed
    assert NAME not in listed
    short = post(client, "decide", request, **{f"{request.id.hex}-agrees": "yes", f"{request.id.hex}-words": "行"})
    assert short.status_code == 422
    post(
        client, "decide", request, **{f"{request.id.hex}-agrees": "yes", f"{request.id.hex}-words": "理由充分可以打开"}
    )
    assert client.get(reverse("mailbox:letter", args=[letter.pk])).status_code == 403
    assert post(client, "show", request).status_code == 403
    client = sign_in("psych")
    shown = post(client, "show", request)
    assert NAME in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    again = post(client, "show", request, follow=True)
    assert NAME not in again.content.decode()
    assert client.get(reverse("mailbox:requests")).status_code == 403


def test_a_rescue_leads_to_the_pupil_and_others_are_kept_out(world, sign_in):
    letter = letter_of(world, urgent=True)
    client = sign_in("teacher")
    assert client.get(reverse("mailbox:letter", args=[letter.pk])).status_code == 403
    assert client.get(reverse("mailbox:letters")).status_code == 403
    client = sign_in("other_psych")
    assert client.get(reverse("mailbox:letter", args=[letter.pk])).status_code == 404
    assert post(client, "rescue", letter, **{"rescue-reason": WHY, "rescue-told": TOLD}).status_code == 404
    assert AuditEvent.objects.filter(event="access.refused", subject_id=letter.id).count() == 3
    client = sign_in("psych")
    missing = post(client, "rescue", letter, **{"rescue-reason": "", "rescue-told": TOLD})
    assert missing.status_code == 422
    opened = post(client, "rescue", letter, follow=True, **{"rescue-reason": WHY, "rescue-told": TOLD})
    assert NAME in opened.content.decode()


def test_a_letter_that_came_on_paper_is_typed_in(world, sign_in):
    client, once = sign_in("psych"), ids.new_id()
    said = {"once": once, "school": world.school.id, "channel": "paper", "words": CANARY, "is_urgent": "on",
            "came_on": f"{clock.now():%Y-%m-%dT%H:%M}", "number": "99999999"}  # fmt: skip
    wrong = client.post(reverse("mailbox:type-in"), said)
    assert wrong.status_code == 422
    assert CANARY in wrong.content.decode()
    assert client.post(reverse("mailbox:type-in"), {**said, "number": "20260301"}).status_code == 302
    kept = PupilLetter.objects.for_system(reason="a test").get(pk=once)
    assert (kept.student_id, kept.urgent) == (world.students[0].id, "signal")
