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
        "这段日子的时间都约满了。想聊可以直接去辅导室，或告诉一位老师。",
        "All times ahead are taken. You can simply go to the counsellor’s room, or tell a teacher.",
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
}
