"""A battery of 9 + 7 invented items for the tests of the pupil's pages; the wording is neutral and measures nothing."""

from typing import Any

HOW_OFTEN = (
    (0, "一点没有", "Not at all"),
    (1, "有几天", "Some days"),
    (2, "一半以上的日子", "More than half the days"),
    (3, "几乎每天", "Nearly every day"),
)
YES_NO = ((1, "是", "Yes"), (0, "不是", "No"))

OFTEN_ITEMS = (
    ("早上起来，觉得今天会是不错的一天", "In the morning I felt the day would be a good one"),
    ("和同学一起做事，觉得轻松", "Doing things with classmates felt easy"),
    ("放学以后有自己喜欢做的事", "After school there was something I liked doing"),
    ("晚上躺下来，过很久才睡着", "At night it took long to fall asleep"),
    ("上课的时候能听进去", "I could follow the lessons"),
    ("遇到麻烦，知道可以找谁", "In trouble I knew whom to turn to"),
    ("吃饭的时候觉得饭菜香", "Food tasted good to me"),
    ("走路、说话比平时慢一些", "I walked or talked more slowly than usual"),
    ("觉得有些事一个人扛着很累", "Carrying some things alone felt tiring"),
)
YES_NO_ITEMS = (
    ("这个星期在户外待过半小时以上", "This week I was outdoors for over half an hour"),
    ("这个星期和家里人好好聊过天", "This week I had a good talk with my family"),
    ("有一件盼着的事", "There is something I look forward to"),
    ("最近换过座位", "I was moved to another seat lately"),
    ("现在想有个老师来陪一陪", "I would like a teacher to be with me now"),
    ("希望老师今天就来", "I would like that today"),
    ("这些题目看得懂", "I could understand these questions"),
)


def both(zh: str, en: str) -> dict[str, str]:
    return {"zh-hans": zh, "en": en}


def _options(choices: tuple[tuple[int, str, str], ...]) -> list[dict[str, Any]]:
    return [{"code": code, "label": both(zh, en)} for code, zh, en in choices]


def sample_paper() -> dict[str, Any]:
    often = [
        {"n": n, "text": both(*text), "options": _options(HOW_OFTEN)} for n, text in enumerate(OFTEN_ITEMS, start=1)
    ]
    often[8]["critical"] = [1, 2, 3]
    plain = [{"n": n, "text": both(*text), "options": _options(YES_NO)} for n, text in enumerate(YES_NO_ITEMS, start=1)]
    plain[4]["critical"] = [1]
    plain[5]["show_if"] = {"any_of": [5], "code": 1}
    return {
        "title": both("秋季心情小问卷", "Autumn check-in"),
        "intro": both(
            "花大约五分钟，看看自己这两周过得怎么样。", "Five minutes to look at how these two weeks have been."
        ),
        "purpose": both(
            "帮学校了解同学们最近的状态，早一点给需要的同学送去关心。",
            "It helps your school see how everyone is doing, and offer care early.",
        ),
        "who_sees": both(
            "学校的心理老师能看到你的回答。班主任和同学看不到，也不会进成绩单。",
            "The school counsellor sees your answers. Your class teacher and classmates do not.",
        ),
        "hotlines": [
            {"number": "12356", "name": both("全国统一心理援助热线", "National psychological support line")},
            {"number": "12355", "name": both("青少年服务台", "Youth service line")},
            {"number": "110", "name": both("报警", "Police")},
            {"number": "120", "name": both("急救中心", "Emergency medical services")},
        ],
        "scales": [
            {
                "id": "often-9",
                "title": both("这两周的日子", "The past two weeks"),
                "instructions": both(
                    "过去两周里，下面的情况出现得有多频繁？", "Over the past two weeks, how often was this so?"
                ),
                "items": often,
                "bands": {"secret-scoring-key": 10},
            },
            {
                "id": "plain-7",
                "title": both("这个星期", "This week"),
                "instructions": both("符合就选“是”，不符合就选“不是”。", "Choose yes if it fits, no if not."),
                "items": plain,
            },
        ],
    }
