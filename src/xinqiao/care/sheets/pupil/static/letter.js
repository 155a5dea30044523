// A pupil writes a letter, or comes back with its code. What is typed stays in this tab until it has arrived; on the
// pupil's own device, where the pupil says so, it stays there. Class code, number and PIN are never kept.

import { announce, fill, make, showFromTop } from "./dom.js";
import { inTab, onDevice } from "./store.js";
import { hotlineCards, TalkPanel } from "./talk.js";
import { chosen, field, guardPage, leave, Message, momentWords, openFields, takeClassCode, whoIs } from "./voice.js";
import { onLanguage, say, startLanguageSwitch } from "./words.js";

const DRAFT = "xq-letter";
const QUIET_MINUTES = 8;
const DEVICE_MINUTES = 7 * 24 * 60;
const { hotlines } = JSON.parse(document.getElementById("paper").textContent);
let receipt = null;
let thread = null;
let code = "";

function wipeDraft() {
  inTab.remove(DRAFT);
  onDevice.remove(DRAFT);
}

function keepDraft() {
  const words = field("letter_words").value;
  const isOwn = field("is_own_device").checked;
  wipeDraft();
  if (words.trim()) (isOwn ? onDevice : inTab).write(DRAFT, Date.now() + "|" + words);
}

// What was kept, while it is fresh: in a tab for as long as the page would stand, on the own device for some days.
function kept(store, minutes) {
  const record = store.read(DRAFT) || "";
  const cut = record.indexOf("|");
  const age = Date.now() - Number(record.slice(0, cut));
  if (cut > 0 && age <= minutes * 60 * 1000) return record.slice(cut + 1);
  store.remove(DRAFT);
  return "";
}

function restoreDraft() {
  const own = kept(onDevice, DEVICE_MINUTES);
  const words = own || kept(inTab, QUIET_MINUTES);
  if (!words) return;
  field("letter_words").value = words;
  field("is_own_device").checked = Boolean(own);
  choose("new");
}

// What the pupil wanted kept on the own device stays there; anything else goes.
function leaveLetter() {
  inTab.remove(DRAFT);
  leave();
}

function choose(mode) {
  document.querySelector('input[name="letter_mode"][value="' + mode + '"]').checked = true;
  field("voice").hidden = mode !== "new";
  field("coded").hidden = mode !== "code";
  field("more").hidden = true;
}

function dutyWords(reply, isUrgent) {
  if (isUrgent) return say("letter_called") + (reply.on_duty ? "" : " " + say("letter_off_duty"));
  return say(reply.on_duty ? "letter_on_duty" : "letter_off_duty");
}

function byWords(reply) {
  return reply.answer_by ? say("letter_by", { day: momentWords(reply.answer_by) }) : say("letter_by_soon");
}

// Works without a secure context, too.
function copyCode(button) {
  const box = make("textarea", { readonly: true, class: "unseen" }, receipt.code);
  document.body.appendChild(box);
  box.select();
  const isCopied = document.execCommand("copy");
  document.body.removeChild(box);
  if (isCopied) button.textContent = say("letter_copied");
}

function drawReceipt() {
  const copy = make("button", { type: "button", class: "quiet-button", id: "copy" }, say("letter_copy"));
  copy.addEventListener("click", () => copyCode(copy));
  const print = make("button", { type: "button", class: "quiet-button", onclick: () => window.print() }, say("letter_print"));
  const main = document.getElementById("main");
  fill(main, [
    make("section", { class: "sheet done" }, [
      make("h1", {}, say("letter_done")),
      make("p", { class: "lead" }, byWords(receipt) + " " + dutyWords(receipt, receipt.is_urgent)),
      make("p", { class: "receipt" }, [
        make("span", { class: "receipt-label" }, say("letter_code")),
        make("strong", { class: "receipt-code is-long" }, receipt.code),
        make("span", { class: "receipt-at" }, momentWords(receipt.at)),
      ]),
      make("p", { class: "help" }, say("letter_code_note")),
      make("p", { class: "two-buttons" }, [copy, print]),
      hotlineCards(hotlines),
      make("button", { type: "button", class: "main-button", id: "leave", onclick: leave }, say("done_leave")),
    ]),
  ]);
  showFromTop(main);
}

function drawThread() {
  const opened = thread.checked ? say("letter_checked_" + thread.checked) : "";
  const status = thread.waits ? byWords(thread) + " " + dutyWords(thread, thread.urgent) : "";
  fill(field("said"), [
    ...thread.said.map((each) =>
      make("article", { class: "said is-" + each.who }, [
        make("p", { class: "said-by" }, say("letter_said_" + each.who) + " · " + momentWords(each.at)),
        make("p", { class: "said-words" }, each.words || "–"),
        each.who === "opened" && opened ? make("p", { class: "said-by" }, opened) : null,
      ]),
    ),
    status ? make("p", { class: "lead", id: "thread_status" }, status) : null,
  ]);
}

function startWriting() {
  const message = new Message("/s/write", field("send"), "letter_send", field("voice_message"), (reply) => {
    receipt = Object.assign(reply, { is_urgent: field("is_urgent").checked });
    wipeDraft();
    for (const form of document.querySelectorAll("form")) form.reset();
    drawReceipt();
  });
  field("voice").addEventListener("input", keepDraft);
  field("voice").addEventListener("submit", (event) => {
    event.preventDefault();
    const words = field("letter_words").value.trim();
    const who = whoIs();
    const missing = openFields([
      [chosen("letter_sign"), "letter_sign"],
      [words, "letter_words"],
      [who.class_code, "class_code"],
      [who.number, "number"],
      [who.pin, "pin"],
    ]);
    if (missing) {
      message.tell(missing);
      announce(field("voice_message").textContent);
      return;
    }
    message.send(
      Object.assign(who, { words, is_signed: chosen("letter_sign") === "yes", is_urgent: field("is_urgent").checked }),
    );
  });
  return message;
}

function startReading() {
  const message = new Message("/s/thread", field("open"), "letter_open", field("coded_message"), (reply) => {
    thread = reply;
    field("mode").hidden = true;
    field("coded").hidden = true;
    field("more").hidden = false;
    drawThread();
    field("more").scrollIntoView();
  });
  field("coded").addEventListener("submit", (event) => {
    event.preventDefault();
    code = field("letter_code").value.trim();
    const missing = openFields([[code, "letter_code_field"]]);
    if (missing) message.tell(missing);
    else message.send({ code });
  });
  return message;
}

function startMore() {
  const message = new Message("/s/thread", field("more_send"), "letter_more_send", field("more_message"), (reply) => {
    thread = reply;
    field("more").reset();
    drawThread();
    message.tell(() => say("letter_more_done"));
    announce(say("letter_more_done"));
  });
  field("more").addEventListener("submit", (event) => {
    event.preventDefault();
    const words = field("more_words").value.trim();
    const isUrgent = field("more_urgent").checked;
    const missing = openFields([[words || isUrgent, "letter_words"]]);
    if (missing) message.tell(missing);
    else message.send({ code, words, is_urgent: isUrgent });
  });
  return message;
}

function start() {
  startLanguageSwitch();
  guardPage(leaveLetter, QUIET_MINUTES);
  const talk = new TalkPanel(hotlines, null);
  const messages = [startWriting(), startReading(), startMore()];
  onLanguage(() => {
    if (receipt) drawReceipt();
    else for (const message of messages) message.translate();
    if (thread && !receipt) drawThread();
    if (talk.isOpen()) talk.draw();
  });
  field("mode").addEventListener("change", () => choose(chosen("letter_mode")));
  takeClassCode();
  restoreDraft();
}

start();
