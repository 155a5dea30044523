"""Every word on the pupil's pages, in both languages; the intake has no gettext, so they travel inside the page.

Written for children from grade 4 up. No sentence scores, labels, praises or warns. `{…}` are filled in by words.js.
"""

from collections.abc import Mapping
from typing import Final, TypeAlias

ZH: Final = "zh-hans"
EN: Final = "en"
LANGUAGES: Final = (ZH, EN)

Text: TypeAlias = Mapping[str, str]


def _both(zh: str, en: str) -> Text:
    return {ZH: zh, EN: en}


# What each hotline is for, in one short word (phones) and one line (wide screens and cards).
# 12356: national mental-health line (National Health Commission, 2025); 12355: Communist Youth League line for minors.
HOTLINE_SHORT: Final[Mapping[str, Text]] = {
    "12356": _both("心理援助", "Feeling low"),
    "12355": _both("青少年热线", "Youth line"),
    "110": _both("报警求助", "Police"),
    "120": _both("急救", "Ambulance"),
}
HOTLINE_PURPOSE: Final[Mapping[str, Text]] = {
    "12356": _both("心里难受，想找人说说", "When you feel bad and want to talk"),
    "12355": _both("成长、学习、家里的烦恼", "Worries about growing up, school, home"),
    "110": _both("有人伤害你，或有危险", "Someone hurts you, or there is danger"),
    "120": _both("受伤了，或身体很不舒服", "You are hurt or very unwell"),
}

_DOOR: Final[Mapping[str, Text]] = {
    "help_link": _both("我需要有人帮我", "I need someone"),
    "door_title": _both("你好，欢迎来到心桥", "Hello, welcome to XinQiao"),
    "door_lead": _both(
        "填上老师发给你的三样东西，就可以开始。", "Fill in the three things your teacher gave you, then start."
    ),
    "class_code": _both("班级码", "Class code"),
    "class_code_help": _both("写在黑板上，或在你的小纸条上", "On the board, or on your slip"),
    "number": _both("学号", "Student number"),
    "number_help": _both("你自己的那一个，不是同桌的", "Your own, not your neighbour's"),
    "pin": _both("PIN 码或一次性码", "PIN or one-time code"),
    "pin_help": _both("只有你知道，别给别人看", "Only for you; keep it to yourself"),
    "pin_show": _both("显示", "Show"),
    "pin_hide": _both("隐藏", "Hide"),
    "letters": _both("我的号码里有字母", "My number has letters in it"),
    "digits": _both("我的号码只有数字", "My number has digits only"),
    "enter": _both("进去", "Go in"),
    "entering": _both("正在进去……", "Going in…"),
    "door_fill": _both(
        "还有空着的格子：{field}。填好再点“进去”。", "Still empty: {field}. Fill it in, then press “Go in”."
    ),
    "door_note": _both(
        "没有纸条，或者忘了 PIN？告诉老师，老师会给你一张新的。",
        "No slip, or forgot your PIN? Tell your teacher and you will get a new one.",
    ),
    "noscript": _both(
        "这个页面需要打开浏览器的 JavaScript。请告诉老师，老师可以给你一份纸质的。",
        "This page needs JavaScript. Tell your teacher, who can give you a paper one.",
    ),
}

_DOOR_ANSWERS: Final[Mapping[str, Text]] = {
    "enter_unknown_entry": _both(
        "没有对上。请把班级码、学号和 PIN 都再看一遍；还是不行，就请老师帮忙。",
        "That did not match. Check the class code, number and PIN again; if it still fails, ask your teacher.",
    ),
    "enter_locked": _both(
        "试的次数有点多，先歇一下。{wait}也可以请老师给你一个新的 PIN。",
        "That was a lot of tries, so take a short break. {wait}Your teacher can also give you a new PIN.",
    ),
    "enter_locked_wait": _both("{seconds} 秒后可以再试。", "You can try again in {seconds} seconds. "),
    "enter_not_open": _both(
        "现在还不是你们班答题的时间。请问问老师是哪一天、几点。",
        "It is not your class's time yet. Ask your teacher which day and hour.",
    ),
    "enter_not_open_until": _both(
        "还没有轮到你们班。你们班是 {day} {hour} 开始，到时候再来。",
        "It is not your class's turn yet. Your class begins on {day} at {hour}; please come back then.",
    ),
    "enter_already_submitted": _both(
        "你已经交过了，我们都收好了，不用再答。谢谢你。",
        "You have already handed yours in, and we have it. Nothing more to do. Thank you.",
    ),
    "enter_nobody_on_duty": _both(
        "现在没有心理老师值班，所以先不开始。等老师在的时候再来，好吗？",
        "No counsellor is on duty right now, so we wait. Please come back when one is here.",
    ),
    "enter_needs_consent": _both(
        "还差一份家长或你自己的同意书。请告诉老师，补上就能答。",
        "A consent form from your family or you is still missing. Tell your teacher; then you can start.",
    ),
    "enter_busy": _both(
        "同学们正一起进来，有点挤。{seconds} 秒后会自动再试，不用点。",
        "Many classmates are coming in at once. Trying again by itself in {seconds} seconds.",
    ),
    "enter_bad_request": _both(
        "有一格填得不像号码。请看看有没有多打的符号。", "One of the boxes does not look right. Check for stray signs."
    ),
    "enter_offline": _both(
        "连不上网络。填的都还在，请过一会儿再点“进去”，或告诉老师。",
        "No connection. What you typed is still here; try “Go in” again soon, or tell your teacher.",
    ),
    "enter_failed": _both(
        "服务器没有回答好（{code}）。请过一会儿再点一次，或告诉老师。",
        "The server did not answer properly ({code}). Try again soon, or tell your teacher.",
    ),
}

_FRAME: Final[Mapping[str, Text]] = {
    "brand": _both("心桥", "XinQiao"),
    "language": _both("English", "中文"),
    "skip_link": _both("跳到题目", "Skip to the questions"),
    "hotlines": _both("求助电话", "Help lines"),
    "talk": _both("我想找人聊聊", "I want to talk"),
    "close": _both("关上", "Close"),
}

_INTRO: Final[Mapping[str, Text]] = {
    "hello": _both("你好", "Hello"),
    "hello_name": _both("{name}，你好", "Hello {name}"),
    "resumed": _both(
        "欢迎回来。上次答的都还在，我们接着来。", "Welcome back. Your earlier answers are still here; let's go on."
    ),
    "purpose": _both("这是做什么的", "What this is for"),
    "who_sees": _both("谁会看到", "Who will see it"),
    "not_exam": _both("这不是考试", "This is not an exam"),
    "not_exam_text": _both(
        "没有对错，不算成绩，也不排名。想到什么就选什么；不想答的可以跳过。",
        "Nothing is right or wrong, it is no grade, nobody is ranked. Choose what fits; you may skip any.",
    ),
    "how_many": _both("一共 {total} 题左右，慢慢来。", "About {total} questions; take your time."),
    "begin": _both("开始", "Start"),
    "go_on": _both("接着答", "Go on"),
    "leave": _both("先离开", "Leave for now"),
    "leave_note": _both("答过的会留在这台设备上", "Your answers stay on this device"),
}

_ANSWERING: Final[Mapping[str, Text]] = {
    "part": _both("第 {part} 部分，共 {parts} 部分", "Part {part} of {parts}"),
    "start_part": _both("开始这一部分", "Start this part"),
    "how_to": _both("怎么答", "How to answer"),
    "question_of": _both("第 {n} 题，共 {total} 题", "Question {n} of {total}"),
    "answered_of": _both("已答 {done} / {total}", "{done} / {total} answered"),
    "question_about": _both("第 {n} 题，大约还有 {left} 题", "Question {n}, about {left} more"),
    "question_nearly": _both("第 {n} 题，快答完了", "Question {n}, nearly done"),
    "answered_about": _both("已答 {done} 题，大约还有 {left} 题", "{done} answered, about {left} more"),
    "progress": _both("答题进度", "Progress"),
    "back": _both("上一题", "Back"),
    "next": _both("下一题", "Next"),
    "skip": _both("先跳过", "Skip for now"),
    "to_end": _both("去交卷", "To the end"),
    "keys_title": _both("用键盘也可以", "Keyboard works too"),
    "keys_digits": _both("数字键选答案", "Digits choose"),
    "keys_rows": _both("上下键换题", "Up and down change question"),
    "keys_sides": _both("左右键换选项，空格选中", "Left and right move, space selects"),
    "kept": _both("边答边存在这台设备上", "Kept on this device as you go"),
    "hand_in": _both("交卷", "Hand in"),
}

_ENDING: Final[Mapping[str, Text]] = {
    "end_all": _both("都答完了", "All answered"),
    "end_all_text": _both("想再看看可以往回翻，准备好了就交。", "Look back if you like, and hand in when ready."),
    "end_some": _both("还有 {count} 题没有答", "{count} not answered yet"),
    "end_some_text": _both(
        "点一下题目就能回去。有的题不想答也没关系，可以就这样交。",
        "Tap one to go back to it. It is fine to leave some; you can hand in as it is.",
    ),
    "asked_whole": _both(
        "还差几道题就可以交了。前面答的都在，不用重答。",
        "A few more questions and it can be handed in. What you answered is still here; no need to answer again.",
    ),
    "end_more": _both("还有 {count} 题", "and {count} more"),
    "hand_in_anyway": _both("就这样交", "Hand in as it is"),
    "go_back": _both("回去看看", "Look back"),
    "sending": _both("正在交……", "Handing in…"),
    "sending_text": _both("等出现回执码才算交好，请先别关。", "It is done when a receipt code appears; please wait."),
    "send_busy": _both("现在交的人多，{seconds} 秒后自动再交", "Many are handing in; trying again in {seconds} s"),
    "send_offline": _both("网络断了，{seconds} 秒后自动再交", "No connection; trying again in {seconds} s"),
    "send_kept": _both(
        "还没有交上。你的答案好好地留在这台设备上，不用重答。",
        "Not handed in yet. Your answers are safe on this device; no need to answer again.",
    ),
    "send_now": _both("现在就试", "Try now"),
    "changed_title": _both("之前已经交过一份", "One was handed in before"),
    "changed_text": _both(
        "我们收到过你的一份答卷，和这一份不太一样。先前那份没有动；这一份还留在这台设备上。请告诉老师，老师会帮你看看。",
        "We already hold a sheet from you that differs from this one. That one is untouched and this one is still on "
        "this device. Please tell your teacher.",
    ),
    "refused_title": _both("没有交上", "Not handed in"),
    "refused_text": _both(
        "服务器没有收下（{code}）。答案还留在这台设备上，请告诉老师。",
        "The server did not take it ({code}). Your answers are still on this device; please tell your teacher.",
    ),
    "done_title": _both("交好了，谢谢你", "Handed in. Thank you"),
    "done_text": _both(
        "谢谢你认真地看了看自己的心情。这个码可以抄下来，证明你交过了。",
        "Thank you for taking the time to look at how you are. You may copy this code; it shows you handed in.",
    ),
    "receipt": _both("回执码", "Receipt code"),
    "received_at": _both("收到的时间：{at}", "Received: {at}"),
    "done_care": _both(
        "如果有些题让你心里不好受，那很正常。和信任的人说说，或者点上面的“我想找人聊聊”。",
        "If some questions stirred things up, that is quite normal. Tell someone you trust, or press “I want to talk”.",
    ),
    "next_pupil": _both("我好了，换下一位同学", "I'm done: next pupil"),
    "already_title": _both("已经交好了", "Already handed in"),
}

_CARE: Final[Mapping[str, Text]] = {
    "care_title": _both("谢谢你愿意说出来", "Thank you for saying so"),
    "care_text": _both(
        "不管现在多难，你都不是一个人，有人愿意听你说。学校的心理老师会看到这个回答，来关心你；你没有做错什么。",
        "However hard it is, you are not alone, and someone wants to listen. Your school's counsellor will see this "
        "answer and look out for you. You have done nothing wrong.",
    ),
    "care_calls": _both("现在就想说，可以打：", "To talk right now, call:"),
    "care_talk": _both("请老师来找我", "Ask a teacher to come"),
    "care_on": _both("接着答", "Go on"),
    "care_sent": _both("老师那边已经收到。", "Your teacher's side has received it."),
    "care_sending": _both("正在送给老师……", "Sending it to the teacher…"),
    "care_waiting": _both(
        "网络不通，一连上就会送到。要是现在就难受，请直接告诉身边的老师，或打上面的电话。",
        "No connection; it will be sent as soon as there is one. If you feel bad now, tell a teacher near you or call.",
    ),
    "talk_title": _both("想找人聊聊？", "Want to talk to someone?"),
    "talk_text": _both(
        "点下面的按钮，学校会知道你想聊聊。什么事都可以，不用先想好怎么说。",
        "Press the button and your school will know you want to talk. About anything; no need to plan the words.",
    ),
    "talk_send": _both("请老师来找我", "Ask a teacher to come"),
    "talk_sending": _both("正在告诉老师……", "Telling the teacher…"),
    "talk_on_duty": _both(
        "值班的心理老师已经收到了，会来找你。等的时候可以接着答，也可以先停下。",
        "The counsellor on duty has it and will come to you. You can go on answering, or pause.",
    ),
    "talk_off_duty": _both(
        "已经记下了，心理老师一上班就会看到。现在没有人值班，想马上说，请找班主任或身边的老师，或打下面的电话。",
        "It is noted, and the counsellor will see it when back. Nobody is on duty now: to talk at once, go to your "
        "class teacher or any teacher near you, or call a number below.",
    ),
    "talk_waiting": _both(
        "还没送出去，网络一通就会送。别等，直接告诉身边的老师也可以，或打下面的电话。",
        "Not sent yet; it goes out once there is a connection. No need to wait: tell a teacher near you, or call.",
    ),
    "talk_door": _both(
        "想让学校的老师来找你，点下面的“我需要有人帮我”。也可以直接告诉身边的老师：“我想找心理老师聊聊”，或打下面的电话。",
        "If a teacher should come to you, press “I need someone” below. Or tell a teacher near you: “I would like to "
        "talk to the counsellor”, or call a number below.",
    ),
}

_LOCK: Final[Mapping[str, Text]] = {
    "lock_title": _both("先遮起来了", "Covered for now"),
    "lock_text": _both(
        "有一会儿没动，为了不让别人看到，答案先收起来了。输入你的 PIN 就能接着来。",
        "Nothing happened for a while, so the answers are put away from other eyes. Enter your PIN to go on.",
    ),
    "lock_expired_title": _both("再输一次 PIN", "Your PIN once more"),
    "lock_expired_text": _both(
        "时间有点久，需要再确认一下是你。答案都还在这台设备上。",
        "It has been a while, so we check that it is you. Your answers are still on this device.",
    ),
    "lock_leaving_text": _both(
        "还有一条给老师的消息没送出去，网络一通就送。送到以后，这里会自己回到门口。",
        "A message to your teacher is still waiting for the network. Once it is sent, this page returns to the door.",
    ),
    "lock_go": _both("继续", "Continue"),
    "lock_used_code": _both(
        "用的是一次性码？请向老师要一张新的。", "Used a one-time code? Ask your teacher for a new one."
    ),
    "lock_other": _both("我不是刚才那位同学", "I am someone else"),
}

# A borrowed device that the pupils of a class use in turn.
_TURN: Final[Mapping[str, Text]] = {
    "turn_start": _both("给老师：这台设备由全班轮流用", "For teachers: this device is used in turn"),
    "turn_title": _both("请下一位同学来", "Next pupil, please"),
    "turn_lead": _both(
        "填上学号和老师发的码，就可以开始。", "Type your number and the code you were given, then start."
    ),
    "turn_count": _both("这台设备已交 {count} 份", "{count} handed in on this device"),
    "turn_note": _both(
        "交了卷，你的内容不会留在这台设备上。", "Once you have handed in, nothing of yours stays on this device."
    ),
    "turn_settings": _both("给老师：班级码 {class_code}，设置", "For teachers: class code {class_code}, settings"),
    "turn_lock": _both("没有人动的话，回到这里：", "Back to this page when nobody touches it:"),
    "turn_minutes": _both("{minutes} 分钟后", "after {minutes} min"),
    "turn_end": _both("不再轮流使用", "Stop using in turn"),
    "turn_next": _both(
        "{seconds} 秒后自动换下一位同学。需要回执码的话，请先抄下来。",
        "The next pupil's turn begins by itself in {seconds} seconds. Copy the code first if you need it.",
    ),
}

WORDS: Final[Mapping[str, Text]] = {
    **_DOOR,
    **_DOOR_ANSWERS,
    **_FRAME,
    **_INTRO,
    **_ANSWERING,
    **_ENDING,
    **_CARE,
    **_LOCK,
    **_TURN,
}

# Where a guardian or a class teacher answers about a pupil; what is not here is said as to pupils.
FORM_WORDS: Final[Mapping[str, Text]] = {
    "door_title": _both("您好，欢迎来到心桥", "Hello, welcome to XinQiao"),
    "door_lead": _both(
        "填上纸条上的码，就可以开始。一个码只对应一个孩子的一份问卷。",
        "Type the code on your slip, then start. A code opens one form about one child.",
    ),
    "pin": _both("问卷码", "Code of the form"),
    "pin_help": _both("十二个字母和数字，在学校发的纸条上", "Twelve letters and digits, on the slip from the school"),
    "enter": _both("开始填写", "Start"),
    "entering": _both("正在打开……", "Opening…"),
    "door_fill": _both("还没有填问卷码。", "The code is still missing."),
    "door_note": _both(
        "是否填写由您决定，不填对您和孩子都没有影响。码用不了？请联系孩子的班主任。",
        "It is for you to decide; leaving it has no consequence. The code does not work? Ask the class teacher.",
    ),
    "enter_unknown_entry": _both(
        "这个码没有对上，也可能已经作废。请对照纸条再看一遍，或联系班主任。",
        "This code opens nothing, or no longer does. Check it against your slip, or ask the class teacher.",
    ),
    "enter_not_open": _both(
        "这份问卷现在不能填写：时间已过，或者学校已经收回。",
        "This form cannot be filled in now: its time is over, or the school has taken it back.",
    ),
    "enter_not_open_until": _both(
        "这份问卷从 {day} {hour} 开始填写。", "This form can be filled in from {day}, {hour}."
    ),
    "enter_already_submitted": _both(
        "这份问卷已经交过了，学校已经收到。谢谢您。", "This form was handed in, and the school has it. Thank you."
    ),
    "enter_needs_consent": _both(
        "这份问卷现在不能填写。请联系班主任。", "This form cannot be filled in now. Please ask the class teacher."
    ),
    "enter_busy": _both(
        "正在排队，{seconds} 秒后会自动再试。", "A queue; trying again by itself in {seconds} seconds."
    ),
    "enter_offline": _both("连不上网络。请过一会儿再试。", "No connection. Please try again in a little while."),
    "enter_failed": _both(
        "服务器没有回答好（{code}）。请过一会儿再试。", "The server did not answer properly ({code}). Please try again."
    ),
    "skip_link": _both("跳到题目", "Skip to the questions"),
    "talk": _both("希望学校联系我", "Please contact me"),
    "hello": _both("您好", "Hello"),
    "hello_name": _both("关于孩子：{name}", "About the child: {name}"),
    "resumed": _both("上次填的都还在，请接着填。", "What you filled in earlier is still here; please go on."),
    "not_exam": _both("怎么填", "How to fill it in"),
    "not_exam_text": _both(
        "没有对错。按您看到的选；说不准的可以跳过。最后可以写几句想补充的话。",
        "Nothing is right or wrong. Choose what you have seen; skip what you cannot say. There is room for a note at "
        "the end.",
    ),
    "leave_note": _both("填过的会留在这台设备上", "Your answers stay on this device"),
    "to_end": _both("去结尾", "To the end"),
    "hand_in": _both("提交", "Hand in"),
    "hand_in_anyway": _both("就这样提交", "Hand in as it is"),
    "end_all": _both("都填完了", "All answered"),
    "end_all_text": _both("可以往回看；准备好了就提交。", "Look back if you like, and hand in when ready."),
    "end_some": _both("还有 {count} 题没有填", "{count} not answered yet"),
    "end_some_text": _both(
        "点一下题目就能回去；说不准的不填也没有关系。", "Tap one to go back to it; it is fine to leave some."
    ),
    "note_label": _both("还想补充的话（可以不填）", "Anything to add (optional)"),
    "note_help": _both(
        "只有心理老师能看到。请不要写别的孩子的名字。最多 1000 字。",
        "Only the psychology teacher reads it. Please name no other child. At most 1,000 characters.",
    ),
    "sending": _both("正在提交……", "Handing in…"),
    "send_kept": _both(
        "还没有交上。您填的都留在这台设备上，不用重填。",
        "Not handed in yet. What you filled in is safe on this device.",
    ),
    "changed_title": _both("之前已经交过一份", "One was handed in before"),
    "changed_text": _both(
        "学校收到过的那一份没有动，与这一份不一样。需要更改请联系心理老师。",
        "The one that the school holds is untouched and differs from this one. To change it, ask the psychology "
        "teacher.",
    ),
    "refused_text": _both(
        "服务器没有收下（{code}）。填的还在这台设备上，请稍后再试或联系学校。",
        "The server did not take it ({code}). Your answers are still on this device; try later or ask the school.",
    ),
    "done_title": _both("已提交，谢谢您", "Handed in. Thank you"),
    "done_text": _both(
        "学校的心理老师会看。这个码可以抄下来，证明已经交过。这里不会给出分数或结果。",
        "The school's psychology teacher will read it. You may copy this code; it shows you handed in. No score or "
        "result is given here.",
    ),
    "done_care": _both(
        "如果您担心孩子的安全，请不要等，直接联系学校，或打下面的电话。",
        "If you fear for the child's safety, do not wait: contact the school, or call a number below.",
    ),
    "next_pupil": _both("好了", "Done"),
    "already_title": _both("已经交过了", "Already handed in"),
    "care_title": _both("谢谢您告诉我们", "Thank you for telling us"),
    "care_text": _both(
        "学校的心理老师会马上收到这个回答，并与您联系。现在请有大人陪着孩子，收好药品和利器；有危险时打 120 或 110。",
        "The school's psychology teacher is told at once and will contact you. Let an adult stay with the child, put "
        "medicine and sharp things away; in danger call 120 or 110.",
    ),
    "care_calls": _both("现在就想和人商量，可以打：", "To talk it over right now, call:"),
    "care_talk": _both("请学校联系我", "Let the school contact me"),
    "care_on": _both("接着填", "Go on"),
    "care_sent": _both("心理老师那边已经收到。", "The psychology teacher's side has received it."),
    "care_sending": _both("正在送给心理老师……", "Sending it to the psychology teacher…"),
    "care_waiting": _both(
        "网络不通，一连上就会送到。要是现在就有危险，请直接打电话。",
        "No connection; it will be sent as soon as there is one. If there is danger now, please call.",
    ),
    "talk_title": _both("希望学校联系您？", "Shall the school contact you?"),
    "talk_text": _both(
        "点下面的按钮，心理老师会知道您想谈谈这个孩子。",
        "Press the button and the psychology teacher will know that you want to talk about this child.",
    ),
    "talk_send": _both("请学校联系我", "Let the school contact me"),
    "talk_sending": _both("正在告诉学校……", "Telling the school…"),
    "talk_on_duty": _both(
        "值班的心理老师已经收到，会与您联系。", "The psychology teacher on duty has it and will contact you."
    ),
    "talk_off_duty": _both(
        "已经记下，心理老师上班后会看到。现在没有人值班；急的话请打下面的电话。",
        "It is noted for when the psychology teacher is back. Nobody is on duty now: if it is urgent, call below.",
    ),
    "talk_waiting": _both(
        "还没送出去，网络一通就会送。急的话请直接打电话。",
        "Not sent yet; it goes out once there is a connection. If it is urgent, please call.",
    ),
    "talk_door": _both(
        "还没有打开问卷，我们不知道您是谁。可以直接联系班主任，或打下面的电话。",
        "The form is not open yet, so we do not know who you are. Ask the class teacher, or call a number below.",
    ),
    "lock_text": _both(
        "有一会儿没动，为了不让别人看到，先收起来了。再输一次问卷码就能接着填。",
        "Nothing happened for a while, so the answers are put away. Type the code of the form again to go on.",
    ),
    "lock_expired_title": _both("请再输一次问卷码", "The code once more, please"),
    "lock_expired_text": _both(
        "时间有点久，需要再确认一下。填过的都还在这台设备上。",
        "It has been a while, so we check again. Your answers are still on this device.",
    ),
    "lock_leaving_text": _both(
        "还有一条给学校的消息没送出去，网络一通就送。", "A message to the school is still waiting for the network."
    ),
    "lock_used_code": _both("码在学校发的纸条上", "The code is on the slip from the school"),
    "lock_other": _both("离开", "Leave"),
}
