"""Words of the page on which pupils write letters. Written for children from grade 4 up; the title tells nothing."""

from collections.abc import Mapping
from typing import Final

from xinqiao.care.sheets.pupil.strings import EN, ZH, Text


def _both(zh: str, en: str) -> Text:
    return {ZH: zh, EN: en}


LETTER_WORDS: Final[Mapping[str, Text]] = {
    "letter_link": _both("写信给心理老师", "Write to the psychology teacher"),
    "letter_title": _both("写信", "Write a letter"),
    "letter_lead": _both(
        "想说的话写在这里，学校的心理老师会看，也会回信。急的话不用写信，直接打下面的电话。",
        "Write here what you want to say. The school's psychology teacher reads it and answers. If it is urgent, do "
        "not write: call a number below.",
    ),
    "letter_mode": _both("你想做什么", "What would you like to do"),
    "letter_mode_new": _both("写一封信", "Write a letter"),
    "letter_mode_code": _both("我有回信码，来看回信", "I have a code and come for the answer"),
    "letter_know_title": _both("写之前先知道：谁会知道是你", "Before you write: who can learn that it is you"),
    "letter_know_1": _both(
        "不署名的信，心理老师看不到是谁写的。你填的班级码、学号和 PIN 只用来确认你是本校学生，名字随即锁起来。",
        "In a letter without a name the psychology teacher does not see who wrote it. Class code, number and PIN only "
        "show that you belong to this school; then your name is locked away.",
    ),
    "letter_know_2": _both(
        "锁着的名字只有两种情况会打开：心理老师写明理由，另一位负责人同意；或者有人有生命危险，先打开救人，另一位负责人马上复核。",
        "The locked name opens in two cases only: the psychology teacher writes down why and a second person agrees; "
        "or a life is in danger, then it opens to help at once and a second person checks it.",
    ),
    "letter_know_3": _both(
        "只要打开过，你凭回信码就能看到，也能看到为什么。", "If it was opened, your code shows you that, and why."
    ),
    "letter_know_4": _both(
        "没有人会去翻你的日记和聊天，这里只看你寄来的信。",
        "Nobody looks through your diary or chats; only what you send here is read.",
    ),
    "letter_sign": _both("要不要署名", "Do you want to sign"),
    "letter_sign_no": _both("不署名", "No name"),
    "letter_sign_yes": _both("署名，老师可以来找我", "Sign; the teacher may come to me"),
    "letter_words": _both("信的内容", "Your letter"),
    "letter_urgent": _both("等不了：我或别人现在有危险", "It cannot wait: I or somebody else is in danger now"),
    "letter_urgent_note": _both(
        "勾上以后，值班的人马上会收到提醒。不署名也可以勾，但"
        "我们要先打开名字才能去找你；也请现在就打 12356、110 或 120。",
        "With this tick whoever is on duty is called at once. It works without a name too, but then we must open the "
        "name before we can come to you; please also call 12356, 110 or 120 now.",
    ),
    "letter_keep": _both(
        "这是我自己的设备：寄出之前，把写了一半的信留在这台设备上",
        "This is my own device: keep the unsent letter on it until it has arrived",
    ),
    "letter_send": _both("寄出", "Send"),
    "letter_done": _both("信寄到了", "Your letter has arrived"),
    "letter_code": _both("你的回信码，只显示这一次", "Your code; it is shown this once"),
    "letter_code_note": _both(
        "抄下来或印出来。凭它回到这一页看回信、接着写。谁拿到它都能看这封信，请收好。",
        "Copy or print it. With it you come back to this page to read the answer and to write on. Whoever has it can "
        "read this letter: keep it safe.",
    ),
    "letter_copy": _both("复制", "Copy"),
    "letter_copied": _both("已复制", "Copied"),
    "letter_print": _both("打印", "Print"),
    "letter_by": _both("心理老师最晚在 {day} 前回信。", "The psychology teacher answers by {day} at the latest."),
    "letter_by_soon": _both("心理老师会尽快回信。", "The psychology teacher answers as soon as possible."),
    "letter_on_duty": _both("现在有人值班。", "Somebody is on duty now."),
    "letter_off_duty": _both(
        "现在没有人值班，等不了请打下面的电话。", "Nobody is on duty just now; if it cannot wait, call below."
    ),
    "letter_called": _both("已经提醒值班的人。", "Whoever is on duty was called."),
    "letter_code_field": _both("回信码", "Code of the letter"),
    "letter_open": _both("打开", "Open"),
    "letter_said_pupil": _both("你写的", "You wrote"),
    "letter_said_answer": _both("心理老师回信", "The psychology teacher answered"),
    "letter_said_opened": _both("你的名字被打开了，原因是", "Your name was opened, because"),
    "letter_checked_rescue": _both("另一位负责人正在复核。", "A second person is checking this."),
    "letter_checked_confirmed": _both("另一位负责人复核过，认为应当打开。", "A second person checked it and agrees."),
    "letter_checked_objected": _both(
        "另一位负责人复核过，认为不该打开。", "A second person checked it and does not agree."
    ),
    "letter_more": _both("接着写（可以不写）", "Write on (if you like)"),
    "letter_more_send": _both("寄出", "Send"),
    "letter_more_done": _both("寄到了。", "It has arrived."),
    "letter_thread": _both("这封信", "This letter"),
    "letter_wipe": _both(
        "学号和 PIN 不会留在这台设备上。几分钟不动，这一页会自己清空。",
        "Number and PIN do not stay on this device. After a few quiet minutes this page empties itself.",
    ),
    "send_unknown_code": _both(
        "没有这个回信码。看看有没有抄错；抄丢了就重新写一封。",
        "There is no such code. Look whether you copied it right; if it is lost, write a new letter.",
    ),
    "send_often": _both(
        "这一小时寄来的信太多了，过一会儿再寄，写的内容都还在。急的话请打电话，或勾选“等不了”。",
        "Too many letters within this hour; send it a little later, what you wrote is still here. If it is urgent, "
        "call, or tick “It cannot wait”.",
    ),
    "send_bad_request": _both("信是空的，先写几句话。", "The letter is empty; write a few words first."),
}
