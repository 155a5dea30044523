"""Words of the page on which a pupil books an hour with the counsellor. Written for children from grade 4 up."""

from collections.abc import Mapping
from typing import Final

from xinqiao.care.sheets.pupil.strings import EN, ZH, Text


def _both(zh: str, en: str) -> Text:
    return {ZH: zh, EN: en}


HOURS_WORDS: Final[Mapping[str, Text]] = {
    "hours_link": _both("约心理老师", "Book an hour with the counsellor"),
    "hours_title": _both("约个时间", "Book an hour"),
    "hours_lead": _both("先填这三样进去，再选一个时间就好。", "Fill in these three, then choose a time. That is all."),
    "hours_enter": _both("进去", "Go in"),
    "hours_own": _both("你已经约好的", "What you have booked"),
    "hours_free": _both("可以约的时间", "Times you can book"),
    "hours_none": _both(
        "这段日子的时间都约满了。可以在下面排候补，也可以直接去辅导室，或告诉一位老师。",
        "All times ahead are taken. Put yourself on the waiting list below, go to the counsellor’s room, or tell a "
        "teacher.",
    ),
    "hours_reason": _both("想先说一句（可以不写）", "Something to say beforehand (if you like)"),
    "hours_sees": _both(
        "只有心理老师看得到你写的话。着急的事不要等预约，请回到前一页点“我需要有人帮我”。",
        "Only the psychology teacher reads what you write. If it cannot wait, go back and press “I need someone”.",
    ),
    "hours_send": _both("约这个时间", "Book this time"),
    "hours_pick": _both("时间", "a time"),
    "hours_cancel": _both("不去了，取消", "Not going, cancel"),
    "hours_booked": _both("约好了，到时候见。", "It is booked. See you then."),
    "hours_cancelled": _both("已经取消，时间让给别人了。", "It is cancelled; somebody else can have the time."),
    "hours_taken": _both(
        "这个时间刚被约走，看看下面别的时间。", "Somebody has just taken it. Look at the other times below."
    ),
    "hours_too_many": _both(
        "你最多可以同时约 {most} 个时间，先取消一个再约。",
        "You can have {most} booked at a time. Cancel one first.",
    ),
    "hours_wait_title": _both("没有合适的时间？排候补", "No time suits? The waiting list"),
    "hours_waits_title": _both("你在候补名单上", "You are on the waiting list"),
    "hours_wait_lead": _both(
        "一有空出来的时间，心理老师就给你排上，你再来这里就看得到。什么都不选就是哪天都行。着急的事不要等，请回到前一页点“我需要有人帮我”。",
        "As soon as a time is free, the psychology teacher gives it to you; you see it here. Nothing chosen means any "
        "day. If it cannot wait, go back and press “I need someone”.",
    ),
    "hours_waits_since": _both("从 {day} 起", "Since {day}"),
    "hours_wait_send": _both("排候补", "Put me on the list"),
    "hours_wait_change": _both("改一下合适的时间", "Change what suits"),
    "hours_wait_leave": _both("不等了，从名单上去掉", "Not waiting any more, take me off"),
    "hours_waiting": _both("已经排上候补了。", "You are on the waiting list."),
    "hours_left": _both("已经从候补名单上去掉了。", "You are off the waiting list."),
    "wait_days": _both("哪天合适（可以多选）", "Days that suit (as many as you like)"),
    "wait_day_1": _both("周一", "Monday"),
    "wait_day_2": _both("周二", "Tuesday"),
    "wait_day_3": _both("周三", "Wednesday"),
    "wait_day_4": _both("周四", "Thursday"),
    "wait_day_5": _both("周五", "Friday"),
    "wait_parts": _both("什么时候合适（可以多选）", "Times that suit (as many as you like)"),
    "wait_part_morning": _both("上午", "In the morning"),
    "wait_part_afternoon": _both("下午", "In the afternoon"),
    "wait_part_after_school": _both("放学后", "After school"),
}
