"""Words of the pages on which pupils say something of their own accord: a call for someone, a report of the class.

Written for children from grade 4 up; titles tell nothing to whoever looks over a shoulder.
"""

from collections.abc import Mapping
from typing import Final

from xinqiao.care.sheets.pupil.strings import EN, ZH, Text


def _both(zh: str, en: str) -> Text:
    return {ZH: zh, EN: en}


VOICE_WORDS: Final[Mapping[str, Text]] = {
    "send_sending": _both("正在送出……", "Sending…"),
    "send_offline": _both(
        "还没送出去：网络不通。页面开着，网络一通就自动送出。急的话请直接打电话，或去找身边的大人。",
        "Not sent yet: no connection. Leave this page open and it goes out by itself. If it is urgent, call, or go to "
        "a grown-up near you.",
    ),
    "send_busy": _both("人有点多，几秒后自动再送一次。", "Busy just now; it is sent again in a few seconds."),
    "send_unknown_entry": _both(
        "班级码、学号或 PIN 对不上，再看看纸条。写的内容都还在。急的话不用等，直接打电话或去找老师。",
        "Class code, number or PIN do not match; look at your slip again. What you wrote is still here. If it is "
        "urgent, do not wait: call, or go to a teacher.",
    ),
    "send_locked": _both(
        "试错太多次，要等约 {minutes} 分钟才能再送。急的话不用等：直接打电话，或现在就去找一位老师。",
        "Too many wrong tries; it can be sent again in about {minutes} minutes. If it is urgent, do not wait: call, or "
        "go to a teacher now.",
    ),
    "send_often": _both(
        "你已经送出好几条，老师都收到了。现在难受的话，请直接打电话，或去找身边的大人。",
        "You have sent several, and they all arrived. If you feel bad now, please call, or go to a grown-up near you.",
    ),
    "send_not_committee": _both(
        "这一页给班里的心理委员用。你自己需要有人帮忙，请回到前一页点“我需要有人帮我”。",
        "This page is for the committee members of the class. If you need someone yourself, go back and press “I need "
        "someone”.",
    ),
    "send_failed": _both(
        "没能送出去（{code}）。请去找老师，或打下面的电话。",
        "It could not be sent ({code}). Go to a teacher, or call a number below.",
    ),
    "send_fill": _both("还有没选或空着的：{field}", "Still open: {field}"),
    "pin": _both("PIN 码", "PIN"),
    "talk_door": _both(
        "可以直接告诉身边的老师：“我想找心理老师聊聊”，或打下面的电话。",
        "Tell a teacher near you: “I would like to talk to the counsellor”, or call a number below.",
    ),
    "who_title": _both("你是谁", "Who you are"),
    "who_text": _both("填了这三样，老师才知道该找谁。", "With these three we know whom to look for."),
    "wipe_note": _both(
        "这台设备上什么都不留。几分钟不动，这一页会自己清空。",
        "Nothing is kept on this device. After a few quiet minutes this page empties itself.",
    ),
    "leave": _both("清空并离开", "Empty and leave"),
    "done_leave": _both("好了，离开这一页", "Done, leave this page"),
    "receipt_label": _both("回执", "Receipt"),
}

HELP_WORDS: Final[Mapping[str, Text]] = {
    "help_title": _both("找人聊聊", "Talk to someone"),
    "help_calls": _both(
        "这些电话谁都能打，不用登录，也不用说名字。", "Anybody can call these. No sign-in, no name needed."
    ),
    "help_lead": _both(
        "想让学校的人来找你，就填下面几项。点“送出去”，马上就到老师那里。",
        "If someone from school should come to you, fill this in. Press “Send” and it is there at once.",
    ),
    "about": _both("是谁需要帮忙", "Who needs help"),
    "about_self": _both("我自己", "I do"),
    "about_friend": _both("我担心一个朋友", "I am worried about a friend"),
    "soon": _both("什么时候来找你", "How soon should someone come"),
    "soon_now": _both("现在", "Now"),
    "soon_today": _both("今天", "Today"),
    "soon_week": _both("这周", "This week"),
    "is_hurt": _both("我可能会伤害自己", "I might hurt myself"),
    "where": _both("你现在在哪里（可以不写）", "Where you are now (if you like)"),
    "where_help": _both("比如：教室、宿舍、家里", "Such as classroom, dormitory, at home"),
    "words": _both("想说的话（可以不写）", "What you want to say (if you like)"),
    "words_help": _both(
        "担心朋友的话，说说看到、听到了什么。写不写名字都可以。",
        "If you worry about a friend: what did you see or hear? A name is welcome and not needed.",
    ),
    "who_sees": _both(
        "学校的心理老师会看到，着急时校领导也会知道有人需要帮忙。同学和班主任看不到你写的内容。",
        "The school's psychology teacher sees it; if it is urgent the school's lead learns that someone is needed. "
        "Classmates and class teachers do not see what you wrote.",
    ),
    "help_send": _both("送出去", "Send"),
    "help_done": _both("收到了，谢谢你说出来", "It is there. Thank you for telling us"),
    "help_done_on_duty": _both(
        "值班老师马上会看到，会来找你。", "The teacher on duty sees it now and will come to you."
    ),
    "help_done_off_duty": _both(
        "老师已经收到。现在没有人值班，如果等不了，请打下面的电话，或去找身边的大人。",
        "It has arrived. Nobody is on duty just now: if it cannot wait, call below or go to a grown-up near you.",
    ),
    "help_stay": _both("先待在有人的地方，别一个人。", "Stay where other people are; do not be alone."),
}

WEEK_WORDS: Final[Mapping[str, Text]] = {
    "week_link": _both("心理委员：这周的班级", "Committee member: this week in class"),
    "week_title": _both("这周的班级", "This week in class"),
    "week_lead": _both(
        "先填这三样进去。说说看到的、听到的就好，不用给谁下结论。",
        "Fill in these three first. Tell what you saw and heard; you need not judge anybody.",
    ),
    "week_enter": _both("进去", "Go in"),
    "week_dates": _both("{from} 到 {until}", "{from} to {until}"),
    "week_again": _both(
        "这周已经有一份了。有新的情况，可以再写一份。",
        "There is a report for this week already. If something new came up, write another.",
    ),
    "mood": _both("班里的气氛", "The mood in class"),
    "mood_good": _both("挺好", "Good"),
    "mood_usual": _both("和平常一样", "As usual"),
    "mood_low": _both("有点低落", "Rather low"),
    "quarrels": _both("同学之间的矛盾", "Quarrels"),
    "quarrels_none": _both("没有", "None"),
    "quarrels_some": _both("有一点，已经好了", "A little, settled"),
    "quarrels_many": _both("比较多，或还没好", "Much, or not settled"),
    "load": _both("功课的压力", "Lessons and homework"),
    "load_easy": _both("比较轻松", "Easy to carry"),
    "load_usual": _both("和平常一样", "As usual"),
    "load_heavy": _both("比较重", "Heavy"),
    "worry": _both("有没有让你担心的同学", "Is there a classmate you worry about"),
    "worry_no": _both("没有", "No"),
    "worry_yes": _both("有一位", "Yes, one"),
    "kinds": _both("你看到或听到了什么（可以选几样）", "What you saw or heard (more than one if you like)"),
    "kind_alone": _both("总是一个人", "Is often alone"),
    "kind_low": _both("好些天都不开心", "Has been low for days"),
    "kind_bullied": _both("被人欺负", "Is being bullied"),
    "kind_home": _both("家里有事", "Has trouble at home"),
    "kind_absent": _both("常常不来上学", "Is often absent"),
    "kind_hurt": _both("说过不想活，或伤害过自己", "Spoke of not wanting to live, or hurt themselves"),
    "hurt_now": _both(
        "这件事不用等到交报告：请现在就去告诉一位老师，别一个人扛着。写下来的我们也会马上看到。",
        "Do not wait for the report: tell a teacher now, and do not carry it alone. What you write is seen at once.",
    ),
    "who": _both("是谁（姓名）", "Who it is (name)"),
    "who_help": _both("不想写名字也可以，写下怎么认出来", "No name? Say how to recognise who it is"),
    "mate_number": _both("同学的学号（知道就写）", "The classmate's number (if you know it)"),
    "week_words": _both("还想说的（可以不写）", "Anything else (if you like)"),
    "week_sees": _both(
        "班级情况，班主任和心理老师会看到。担心的同学，只有心理老师看到，也不会告诉别人是你写的。",
        "How the class is, the class teacher and the psychology teacher see. About a classmate only the psychology "
        "teacher reads, and nobody is told that you wrote it.",
    ),
    "week_send": _both("交给老师", "Hand in"),
    "week_done": _both("收到了，谢谢你替班里留心", "It is there. Thank you for looking out for your class"),
    "week_done_text": _both(
        "接下来交给老师就好，你不用替别人扛着。心里不舒服，也可以给自己打下面的电话。",
        "The teachers take it from here; you need not carry it. If it weighs on you, the numbers below are for you.",
    ),
    "week_done_worry": _both(
        "你担心的那位同学，心理老师会去了解，可能会悄悄问你一下。",
        "The psychology teacher looks after the classmate you worry about, and may ask you quietly.",
    ),
}
