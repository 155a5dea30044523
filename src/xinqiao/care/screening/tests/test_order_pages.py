"""The pages of an order: the bureau's, and the school's own."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from xinqiao.care.screening.models import OrderedSchool, ScreeningOrder
from xinqiao.care.screening.selectors import orders as order_selectors
from xinqiao.care.screening.services.answering import confirm_order
from xinqiao.care.screening.services.campaigns import launch_campaign
from xinqiao.care.screening.tests.bureau import ANSWER_BY, FIRST, LAST, Bureau, add_schools, build_bureau
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock


@pytest.fixture
def bureau(school) -> Bureau:
    return build_bureau(school, 1)


@pytest.fixture
def visit(school):
    def get(login: str, url: str, *, lang: str = "zh-hans", data: dict | None = None):
        client = Client(headers={"accept-language": lang})
        client.force_login(school.world.users[login])
        return client.get(url) if data is None else client.post(url, data)

    return get


SENT = {
    "name": "全县秋季测评", "stages": ["junior"], "scales": ["phq-9"], "which": "all", "note": "请在考试周之前完成",
    "earliest_on": FIRST.isoformat(), "latest_on": LAST.isoformat(), "answer_by": ANSWER_BY.isoformat(),
}  # fmt: skip


def asked(order: ScreeningOrder) -> set[str]:
    rows = OrderedSchool.objects.for_system(reason="a test looks").filter(order=order)
    return set(rows.values_list("place", flat=True))


def test_an_officer_orders_from_every_school_by_one_form(bureau, visit):
    add_schools(bureau, 2)
    response = visit("officer", reverse("screening:order-new"), data=SENT)
    assert response.status_code == 302
    order = ScreeningOrder.objects.for_system(reason="a test looks").get()
    assert len(asked(order)) == 4  # the three, and the school of the other tests
    text = visit("officer", response.url).content.decode()
    for words in ("乡镇中学01", "学校1", "未查看", "请在考试周之前完成", "PHQ"):
        assert words in text


def test_only_the_ticked_schools_are_asked(bureau, visit):
    add_schools(bureau, 2)
    sent = {**SENT, "which": "ticked", "schools": [str(bureau.units[0].id), str(bureau.units[2].id)]}
    assert visit("officer", reverse("screening:order-new"), data=sent).status_code == 302
    order = ScreeningOrder.objects.for_system(reason="a test looks").get()
    assert asked(order) == {bureau.units[0].path, bureau.units[2].path}


def test_a_form_that_cannot_be_keeps_what_was_typed_and_says_which_school(bureau, visit):
    sent = {**SENT, "which": "ticked", "schools": [str(bureau.units[0].id)], "latest_on": "2026-11-20"}
    response = visit("officer", reverse("screening:order-new"), data=sent)
    text = response.content.decode()
    assert response.status_code == 422
    assert "最迟完成日早于最早开始日" in text
    assert "请在考试周之前完成" in text
    assert f'value="{bureau.units[0].pk}" checked' in text
    nobody = visit("officer", reverse("screening:order-new"), data={**SENT, "which": "ticked"})
    assert nobody.status_code == 422
    assert "没有选择学校" in nobody.content.decode()


def test_the_school_looks_changes_the_days_confirms_and_the_officer_sees_it(bureau, visit):
    order = bureau.issued()
    bureau.guard(1)
    url = reverse("screening:campaign", args=[bureau.plan(order, 1).pk])
    home = visit("psych.1", "/").content.decode()
    assert "待回复" in home
    assert url in home
    text = visit("psych.1", url).content.decode()
    assert "教育局部署" in text
    assert "确认按此时间开展" in text
    assert bureau.row(order, 1).looked_at is not None
    visit("psych.1", url)
    assert AuditEvent.objects.filter(event="screening.order.seen").count() == 1
    plan = bureau.plan(order, 1)
    edit = reverse("screening:edit", args=[plan.pk])
    assert 'name="scales"' not in visit("psych.1", edit).content.decode()
    days = {"opens_at": "2026-11-25T08:00", "closes_at": "2026-11-26T17:00", "form": str(plan.form_id)}
    assert visit("psych.1", edit, data=days).status_code == 302
    late = visit("psych.1", edit, data={**days, "closes_at": "2026-12-20T17:00"})
    assert late.status_code == 422
    assert "不在部署要求" in late.content.decode()
    assert visit("psych.1", reverse("screening:order-confirm", args=[plan.pk]), data={}).status_code == 302
    page = visit("officer", reverse("screening:order", args=[order.pk])).content.decode()
    assert "已确认" in page
    assert "11月25日" in page
    assert "待回复" not in visit("psych.1", "/").content.decode()


def test_the_head_reads_the_plan_without_being_taken_for_the_school_having_looked(bureau, visit):
    order = bureau.issued()
    assert visit("head.1", reverse("screening:campaign", args=[bureau.plan(order, 1).pk])).status_code == 200
    assert bureau.row(order, 1).looked_at is None


def test_cannot_because_is_a_form_and_is_taken_back_by_a_button(bureau, visit):
    order = bureau.issued()
    plan = bureau.plan(order, 1)
    url = reverse("screening:order-decline", args=[plan.pk])
    assert visit("psych.1", url).status_code == 200
    assert visit("psych.1", url, data={"obstacle": ""}).status_code == 422
    assert visit("psych.1", url, data={"obstacle": "dates", "remark": "期中考试周"}).status_code == 302
    page = visit("officer", reverse("screening:order", args=[order.pk])).content.decode()
    assert "无法开展" in page
    assert "期中考试周" in page
    assert visit("psych.1", reverse("screening:order-reconsider", args=[plan.pk]), data={}).status_code == 302
    assert bureau.row(order, 1).state == "waiting"


def test_days_reminder_and_withdrawal_are_buttons(bureau, visit):
    order = bureau.issued()
    on = [order.pk]
    days = {"earliest_on": FIRST.isoformat(), "latest_on": "2026-12-18", "answer_by": ANSWER_BY.isoformat()}
    assert visit("officer", reverse("screening:order-days", args=on), data=days).status_code == 302
    turned = visit("officer", reverse("screening:order-days", args=on), data={**days, "latest_on": "2026-11-01"})
    assert turned.status_code == 422
    assert visit("officer", reverse("screening:order-remind", args=on), data={}).status_code == 302
    assert visit("officer", reverse("screening:order-withdraw", args=on), data={}).status_code == 302
    assert "已撤回" in visit("officer", reverse("screening:order", args=on)).content.decode()


def test_a_bureau_sees_no_pupil_and_its_page_is_nobody_elses(bureau, visit):
    order = bureau.issued()
    bureau.guard(1)
    launch_campaign(bureau.plan(order, 1), actor=bureau.psych(1))
    page = reverse("screening:order", args=[order.pk])
    text = visit("officer", page).content.decode()
    assert "乡童" not in text
    assert "乡镇中学01" in text
    for login in ("psych", "psych.1", "head.1"):
        assert visit(login, page).status_code == 403
    assert visit("officer", reverse("screening:campaign", args=[bureau.plan(order, 1).pk])).status_code == 403
    for name in ("order-decline", "order-confirm", "order-reconsider"):
        url = reverse(f"screening:{name}", args=[bureau.plan(order, 1).pk])
        assert visit("officer", url, data={}).status_code == 403
        assert visit("psych", url, data={}).status_code == 404


def test_a_plan_that_nobody_ordered_has_no_answer(school, visit):
    campaign = school.launched()
    assert visit("psych", reverse("screening:order-confirm", args=[campaign.pk]), data={}).status_code == 404


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_every_page_renders_in_both_languages(bureau, visit, lang):
    order = bureau.issued()
    plan = bureau.plan(order, 1)
    pages = {
        "officer": [reverse("screening:orders"), reverse("screening:order-new"), "/",
                    reverse("screening:order", args=[order.pk]), reverse("screening:order-days", args=[order.pk])],
        "psych.1": ["/", reverse("screening:campaign", args=[plan.pk]), reverse("screening:edit", args=[plan.pk]),
                    reverse("screening:order-decline", args=[plan.pk])],
    }  # fmt: skip
    for login, urls in pages.items():
        for url in urls:
            response = visit(login, url, lang=lang)
            assert (url, response.status_code) == (url, 200)
            assert ("School" in response.content.decode()) <= (lang == "en")


# ---- cost


def queries(visit, url: str) -> int:
    visit("officer", url)
    with CaptureQueriesContext(connection) as made:
        assert visit("officer", url).status_code == 200
    return len(made)


@pytest.fixture
def of_all(bureau):
    """Return a function that orders from every school there is, with a few answers and a launch."""

    def order() -> ScreeningOrder:
        found = bureau.issued()
        bureau.guard(1)
        confirm_order(bureau.row(found, 1), actor=bureau.psych(1))
        launch_campaign(bureau.plan(found, 1), actor=bureau.psych(1))
        return found

    return order


def pages(order: ScreeningOrder) -> list[str]:
    names = [reverse("screening:orders"), reverse("screening:order-new"), "/"]
    return [*names, reverse("screening:order", args=[order.pk])]


def test_twenty_schools_cost_no_more_queries_than_one(bureau, visit, of_all):
    few = [queries(visit, url) for url in pages(of_all())]
    ScreeningOrder.objects.for_system(reason="a test").update(name="前一次")
    add_schools(bureau, 19)
    with clock.frozen(clock.now()):
        second = bureau.issued(name="后一次")
    many = [queries(visit, url) for url in pages(second)]
    assert max(m - f for m, f in zip(many[:3], few[:3], strict=True)) <= 0
    assert many[3] <= few[3]


def test_control_a_question_for_each_school_is_seen(bureau, visit, of_all, monkeypatch):
    order = of_all()
    add_schools(bureau, 4)
    more = bureau.issued(name="后一次")
    few = queries(visit, reverse("screening:order", args=[order.pk]))
    seen = order_selectors._ordered_row

    def asks(row, *given):
        row.refresh_from_db()
        return seen(row, *given)

    monkeypatch.setattr(order_selectors, "_ordered_row", asks)
    assert queries(visit, reverse("screening:order", args=[more.pk])) > few
