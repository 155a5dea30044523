"""An invented afternoon at an invented school, to show every component once."""

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator

WORDS = {
    "title": "今天的工作",
    "subtitle": "2026年11月22日 周日 · 第12周",
    "school": "桐溪初级中学",
    "export": "导出",
    "begin": "发起筛查",
    "alert_title": "今晚无人值班",
    "alert_text": "红色预警将直接送达校长。请安排一位值班教师。",
    "alert_link": "去排班",
    "queue": "待访谈的学生",
    "queue_note": "按紧急程度与线索排列",
    "pupil": "学生",
    "urgency": "紧急程度",
    "level": "风险等级",
    "since": "收到时间",
    "left": "时限",
    "items": "线索",
    "interview": "开始访谈",
    "classes": "各班进度",
    "history": "经过",
    "bars": "各班完成率",
    "stacked": "各年级关注等级",
    "grade": "年级",
    "form": "访谈记录",
    "save": "保存",
    "facts": "基本情况",
    "empty_panel": "转介",
    "empty_title": "还没有名单",
    "empty_hint": "把学校现有的花名册原样导入，系统会先告诉你将有哪些变化。",
    "empty_action": "导入花名册",
    "ask": "结束筛查",
    "close": "结束本次筛查",
    "close_title": "为所有学生结束本次筛查？",
    "close_sure": "确定结束",
    "close_text": "尚未提交的学生将不能再提交；已提交的不受影响。",
    "orange": "两位学生需在今天内联系家长",
    "orange_text": "点开名单，逐一处理。",
    "yellow": "七(3)班还有 6 人未答",
    "green": "花名册已更新",
    "info": "测评结果不是诊断",
}


class InterviewForm(forms.Form):
    """Every kind of control, one of them filled in wrongly."""

    met_on = forms.CharField(label="访谈日期", help_text="例如 2026-11-22")
    place = forms.ChoiceField(label="地点", choices=[("room", "心理辅导室"), ("class", "教室")], required=False)
    level = forms.ChoiceField(
        label="访谈后的等级",
        widget=forms.RadioSelect,
        choices=[("orange", "橙色"), ("yellow", "黄色"), ("green", "绿色")],
    )
    notes = forms.CharField(label="要点", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    told = forms.BooleanField(label="已向学生说明谁会看到这份记录")

    def clean_met_on(self) -> str:
        raise forms.ValidationError("没有 2026-02-30 这一天，请写成 2026-02-28 这样的日期。")


class RosterForm(forms.Form):
    """One file."""

    file = forms.FileField(label="花名册文件", help_text=".xlsx、.xls 或 .csv，不必改格式")


def style_sample() -> dict[str, Any]:
    """The context of ui/styleguide.html."""
    at = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)
    return {
        "words": WORDS,
        "numbers": [
            {"label": "红色时限", "value": 2, "note": "最近一条剩 11 分钟", "url": "/red/", "tone": "red"},
            {"label": "待访谈", "value": 7, "note": "2 人今天到期", "url": "/queue/", "tone": "orange"},
            {"label": "待回访", "value": 4, "note": "本周", "url": "/follow/", "tone": ""},
            {"label": "今日预约", "value": 3, "note": "下一位 15:30", "url": "/slots/", "tone": ""},
            {"label": "完成率", "value": "92%", "note": "612 / 665", "url": "", "tone": "green"},
        ],
        "tab_items": [
            ("open", "待处理", "/open/", 7),
            ("waiting", "等待回复", "/waiting/", 2),
            ("done", "已完成", "/done/"),
        ],
        "rows": _rows(at),
        "page": Paginator(range(120), 50).page(2),
        "classes": [
            {"label": "七(1)班", "done": 44, "total": 45},
            {"label": "七(2)班", "done": 32, "total": 45},
            {"label": "七(3)班", "done": 9, "total": 46},
            {"label": "七(4)班", "done": 0, "total": 44},
        ],
        "events": [
            {
                "at": at,
                "title": "首次访谈",
                "who": "周老师",
                "text": "面谈 40 分钟，约定两周后再见。",
                "tone": "",
                "url": "/e/",
            },
            {"at": at, "title": "橙色预警送达年级组长", "who": "系统", "text": "", "tone": "orange", "url": ""},
            {
                "at": at,
                "title": "班主任提出关心",
                "who": "何老师",
                "text": "近两周常独自留在教室。",
                "tone": "quiet",
                "url": "",
            },
        ],
        "bar_rows": [("七(1)班", 98), ("七(2)班", 71), ("七(3)班", 20, "orange"), ("七(4)班", 0)],
        "series": [("红", "red"), ("橙", "orange"), ("黄", "yellow"), ("绿", "green")],
        "stacked": [("七年级", [6, 11, 38, 125]), ("八年级", [8, 14, 45, 118]), ("九年级", [9, 19, 52, 96])],
        "form": InterviewForm({"met_on": "2026-02-30", "place": "room", "level": "yellow", "notes": "愿意再来。"}),
        "file_form": RosterForm(),
        "fact_rows": [
            ("班级", "七(3)班"),
            ("班主任", "何老师"),
            ("负责人", "周老师"),
            ("下次", date(2026, 12, 6)),
            ("医院", None),
        ],
    }


def _rows(at: datetime) -> list[dict[str, Any]]:
    names = ["欧阳书晴", "罗一鸣", "马苗苗", "石可欣"]
    urgencies = ["red", "orange", "yellow", "watch"]
    levels = ["none", "red", "yellow", "green"]
    left = [11, -125, 1500, None]
    tones = ["red", "orange", "", ""]
    return [
        {
            "id": n,
            "name": names[n],
            "urgency": urgencies[n],
            "level": levels[n],
            "at": at,
            "minutes_left": left[n],
            "items": n + 1,
            "tone": tones[n],
        }
        for n in range(4)
    ]
