// The screens around the questions: before, the end, handing in, afterwards.

import { announce, fill, make, showFromTop } from "./dom.js";
import { hotlineCards } from "./talk.js";
import { NEXT_AFTER_SECONDS } from "./turn.js";
import { currentLanguage, pick, say } from "./words.js";

const LISTED_UNANSWERED = 8;

function button(kind, word, onclick, values) {
  return make("button", { type: "button", class: kind, onclick }, say(word, values));
}

function paragraphs(text, css) {
  return pick(text)
    .split("\n")
    .filter((line) => line.trim())
    .map((line) => make("p", { class: css }, line));
}

function fact(word, text) {
  return text ? make("div", { class: "fact" }, [make("h2", {}, say(word)), ...paragraphs(text)]) : null;
}

export function drawIntro(desk) {
  const paper = desk.paper;
  const name = desk.session.name_hint;
  const hello = name ? say("hello_name", { name }) : say("hello");
  const total = desk.sheet.expectedTotal();
  fill(desk.main, [
    make("section", { class: "sheet intro" }, [
      make("p", { class: "eyebrow" }, hello),
      make("h1", {}, pick(paper.title)),
      desk.isResumed ? make("p", { class: "notice is-kind" }, say("resumed")) : null,
      ...(paper.intro ? paragraphs(paper.intro, "lead") : []),
      make("div", { class: "facts" }, [
        fact("purpose", paper.purpose),
        fact("who_sees", paper.who_sees),
        fact("not_exam", say("not_exam_text")),
      ]),
      paper.intro ? null : make("p", { class: "help" }, say("how_many", { total })),
      button("main-button", desk.isResumed ? "go_on" : "begin", () => desk.answer()),
    ]),
    desk.leaveButton(),
  ]);
  showFromTop(desk.main);
}

function unansweredList(desk, missing) {
  const shown = desk.sheet.shown();
  const rows = missing.slice(0, LISTED_UNANSWERED).map((entry) =>
    make(
      "li",
      {},
      make("button", { type: "button", class: "row-button", onclick: () => desk.answer(entry.index) }, [
        make("span", { class: "row-number" }, shown.indexOf(entry) + 1),
        make("span", {}, pick(entry.item.text)),
      ])
    )
  );
  const more = missing.length - LISTED_UNANSWERED;
  if (more > 0) rows.push(make("li", { class: "help" }, say("end_more", { count: more })));
  return make("ul", { class: "row-list" }, rows);
}

function noteField(desk) {
  const box = make("textarea", { id: "note", rows: 4, maxlength: 1000, "aria-describedby": "note_help" });
  box.value = desk.note;
  box.addEventListener("input", () => desk.noteIs(box.value));
  return make("div", { class: "field" }, [
    make("label", { for: "note" }, say("note_label")),
    box,
    make("p", { class: "help", id: "note_help" }, say("note_help")),
  ]);
}

// note: a word to say first, if any
export function drawEnding(desk, note) {
  const missing = desk.sheet.unanswered();
  const isAll = missing.length === 0;
  const shown = desk.sheet.shown();
  const back = isAll ? shown[shown.length - 1] : missing[0];
  fill(desk.main, [
    make("section", { class: "sheet ending" }, [
      make("h1", {}, isAll ? say("end_all") : say("end_some", { count: missing.length })),
      note ? make("p", { class: "notice is-kind" }, say(note)) : null,
      make("p", { class: "lead" }, say(isAll ? "end_all_text" : "end_some_text")),
      isAll ? null : unansweredList(desk, missing),
      desk.paper.informant ? noteField(desk) : null,
      make("div", { class: "button-row" }, [
        button("quiet-button", "go_back", () => desk.answer(back.index)),
        button("main-button", isAll ? "hand_in" : "hand_in_anyway", () => desk.submit()),
      ]),
    ]),
    desk.leaveButton(),
  ]);
  showFromTop(desk.main);
}

// One screen for "on its way", "busy" and "no connection": only its words change while the clock runs.
export class SendingScreen {
  constructor(desk, onNow) {
    this.title = make("h1", {});
    this.text = make("p", { class: "lead" });
    this.now = button("quiet-button", "send_now", onNow);
    this.shownName = "";
    this.dots = make("div", { class: "waiting", "aria-hidden": "true" });
    fill(desk.main, [make("section", { class: "sheet sending" }, [this.dots, this.title, this.text, this.now])]);
    showFromTop(desk.main);
  }

  show(state) {
    const isSending = state.name === "sending";
    this.title.textContent = isSending ? say("sending") : say("send_" + state.name, { seconds: state.seconds });
    this.text.textContent = say(isSending ? "sending_text" : "send_kept");
    this.now.hidden = isSending;
    this.now.textContent = say("send_now");
    if (state.name !== this.shownName && !isSending) announce(this.title.textContent + " " + this.text.textContent);
    this.shownName = state.name;
  }
}

function clockText(at) {
  const moment = new Date(at);
  if (!at || Number.isNaN(moment.getTime())) return at || "";
  const parts = { year: "numeric", month: "long", day: "numeric", hour: "2-digit", minute: "2-digit" };
  return new Intl.DateTimeFormat(currentLanguage() === "en" ? "en-GB" : "zh-CN", parts).format(moment);
}

function receiptBlock(receipt) {
  if (!receipt || !receipt.receipt) return null;
  return make("div", { class: "receipt" }, [
    make("span", { class: "receipt-label" }, say("receipt")),
    make("strong", { class: "receipt-code" }, receipt.receipt),
    receipt.at ? make("span", { class: "receipt-at" }, say("received_at", { at: clockText(receipt.at) })) : null,
  ]);
}

export function drawReceipt(desk, receipt) {
  const isNew = Boolean(receipt.receipt) && !receipt.isEarlier;
  fill(desk.main, [
    make("section", { class: "sheet done" }, [
      make("h1", {}, say(isNew ? "done_title" : "already_title")),
      receiptBlock(receipt),
      make("p", { class: "lead" }, say(isNew ? "done_text" : "enter_already_submitted")),
      make("p", {}, say("done_care")),
      hotlineCards(desk.paper.hotlines),
      desk.turn ? make("p", { class: "help" }, say("turn_next", { seconds: NEXT_AFTER_SECONDS })) : null,
      button("main-button", "next_pupil", () => desk.leave()),
    ]),
  ]);
  showFromTop(desk.main);
}

// trouble: "changed" or "refused"
export function drawTrouble(desk, trouble, code) {
  const isRefused = trouble === "refused";
  fill(desk.main, [
    make("section", { class: "sheet trouble" }, [
      make("h1", {}, say(trouble + "_title")),
      make("p", { class: "lead" }, say(trouble + "_text", { code })),
      make("div", { class: "button-row" }, [
        isRefused ? button("quiet-button", "go_back", () => desk.answer()) : null,
        isRefused ? button("main-button", "send_now", () => desk.submit()) : null,
        isRefused ? null : button("main-button", "next_pupil", () => desk.leave()),
      ]),
    ]),
    isRefused ? desk.leaveButton() : null,
  ]);
  showFromTop(desk.main);
}
