// The desk a pupil works at: holds the sheet, the draft, what is to be sent, and which screen is shown.

import { CareCard } from "./care.js";
import { announce, make } from "./dom.js";
import { keepDraft, makeKey, openDraft, sweepOldDrafts, wipeDraft } from "./draft.js";
import { drawLock, watchIdleness } from "./lock.js";
import { NarrowView } from "./narrow.js";
import { drawEnding, drawIntro, drawReceipt, drawTrouble, SendingScreen } from "./screens.js";
import { Outbox, Submission } from "./sending.js";
import { currentReceipt, currentSession, DOOR_ADDRESS, endSession, keepReceipt, keepSession, leaveForDoor, leaveForm } from "./session.js";
import { Sheet, Stopwatch } from "./sheet.js";
import { TalkPanel } from "./talk.js";
import { countHandedIn, currentTurn, NEXT_AFTER_SECONDS } from "./turn.js";
import { fromBase64 } from "./veil.js";
import { currentLanguage, onLanguage, say, startLanguageSwitch, suggestLanguage } from "./words.js";
import { WideView } from "./wide.js";

const narrowScreen = window.matchMedia("(max-width: 719px)");

function deviceKind() {
  const isTouch = window.matchMedia("(pointer: coarse)").matches;
  return isTouch && Math.min(window.screen.width, window.screen.height) < 720 ? "phone" : "pc";
}

class Desk {
  constructor(paper, session) {
    this.paper = paper;
    this.title = paper.title;
    this.session = session;
    this.main = document.getElementById("main");
    this.sheet = new Sheet(paper);
    this.watch = new Stopwatch();
    this.ticket = session.ticket;
    this.pad = session.pad ? fromBase64(session.pad) : null;
    this.key = makeKey();
    this.isHandedIn = false;
    this.isLeaving = false;
    this.submission = null;
    this.place = 0;
    this.seenParts = new Set();
    this.cards = new Map();
    this.caredFor = new Set();
    this.note = ""; // a word of one's own, where others answer about a pupil
    this.frozen = null; // what was handed in once stays the same until it is answered for
    this.isResumed = false;
    this.turn = currentTurn(); // a borrowed device: after a receipt it is the next pupil's
    this.view = null;
    this.redraw = () => {};
    this.outbox = new Outbox(
      () => this.ticket,
      (letter, reply) => this.letterMoved(letter, reply),
      () => !this.submission && this.lock("expired")
    );
    this.talk = new TalkPanel(paper.hotlines, () => this.outbox.add("/s/talk", { key: makeKey() }));
  }

  open() {
    const receipt = currentReceipt();
    if (receipt) {
      this.show(() => drawReceipt(this, receipt));
      return;
    }
    if (!this.ticket || !this.pad) {
      this.lock(this.session.covered || "expired");
      return;
    }
    this.pickUp(openDraft(this.session.sitting, this.pad));
    if (this.frozen) this.submit();
    else this.intro();
  }

  pickUp(kept) {
    if (!kept) return;
    this.isResumed = this.sheet.restore(kept);
    this.key = kept.key || this.key;
    this.place = Number(kept.place) || 0;
    this.note = String(kept.note || "");
    this.frozen = kept.frozen || null;
    this.outbox.restore(kept.unsent || []);
  }

  keep() {
    if (!this.pad || this.isHandedIn) return;
    const rest = { key: this.key, place: this.place, frozen: this.frozen, unsent: this.outbox.unsent() };
    if (this.paper.informant) rest.note = this.note;
    keepDraft(this.session.sitting, this.pad, Object.assign(rest, this.sheet.content()));
  }

  // Which screen is shown.

  show(draw) {
    if (this.view) this.view.close();
    this.view = null;
    this.redraw = draw;
    draw();
  }

  intro() {
    this.show(() => drawIntro(this));
  }

  backToIntro() {
    this.isResumed = this.sheet.answeredCount() > 0;
    this.intro();
  }

  answer(index) {
    if (index !== undefined) this.place = index;
    if (this.view) this.view.close();
    this.view = narrowScreen.matches ? new NarrowView(this) : new WideView(this);
    this.redraw = () => this.view.draw();
    this.view.open();
  }

  finish() {
    if (!narrowScreen.matches && !this.paper.informant && !this.sheet.unanswered().length) this.submit();
    else this.show(() => drawEnding(this));
  }

  changeWidth() {
    if (this.view) this.answer();
  }

  changeLanguage() {
    for (const [index, held] of this.cards) this.holdCard(index, held.onGoOn, held.card.state);
    if (this.talk.isOpen()) this.talk.draw();
    const focused = document.activeElement;
    this.redraw();
    if (focused && focused.id === "language") focused.focus({ preventScroll: true });
  }

  isCovered() {
    return this.talk.isOpen();
  }

  leaveButton() {
    return make("div", { class: "leave" }, [
      make("button", { type: "button", class: "link-button", onclick: () => this.leave() }, say("leave")),
      make("span", { class: "help" }, say("leave_note")),
    ]);
  }

  // What must reach the intake is waited for behind the cover; asking a second time leaves at once.
  leave() {
    this.keep();
    this.outbox.push();
    if (this.outbox.letters.length && !this.isLeaving && !this.isHandedIn) {
      this.isLeaving = true;
      this.lock("leaving");
      return;
    }
    this.pad = null;
    if (this.paper.informant) leaveForm(this.paper.informant);
    else leaveForDoor(this.session.class_code);
  }

  // Answers.

  movedTo(index) {
    if (this.place === index) return;
    this.place = index;
    this.keep();
  }

  // Left without an answer; only where another question comes instead does anything change.
  passOver(entry) {
    this.sheet.passOver(entry);
    this.keep();
  }

  startTiming() {
    this.watch.lap();
  }

  // The care card where one has just become due.
  choose(entry, code, onGoOn) {
    this.sheet.addTime(entry, this.watch.lap());
    const mustTell = this.sheet.choose(entry, code, currentLanguage());
    let card = null;
    if (this.sheet.isCritical(entry, code) && !this.caredFor.has(entry.index)) {
      this.caredFor.add(entry.index);
      card = this.holdCard(entry.index, onGoOn, "sending");
      announce(say("care_title") + " " + say("care_text"));
    }
    if (mustTell) {
      const body = { scale: entry.scale.id, item: entry.item.n, answer: code, key: makeKey() };
      this.outbox.add("/s/critical", body);
    }
    this.keep();
    return card;
  }

  holdCard(index, onGoOn, state) {
    const goOn = () => {
      const held = this.cards.get(index);
      this.cards.delete(index);
      if (held) held.card.element.remove();
      onGoOn();
    };
    const ask = () => {
      this.talk.open();
      this.talk.ask();
    };
    const card = new CareCard(this.paper.hotlines, ask, goOn);
    card.show(state);
    this.cards.set(index, { card, onGoOn });
    return card;
  }

  cardOf(entry) {
    const held = this.cards.get(entry.index);
    return held ? held.card : null;
  }

  letterMoved(letter, reply) {
    if (letter.path === "/s/talk") {
      const isSent = letter.state === "sent";
      this.talk.show(isSent ? (reply.on_duty ? "on_duty" : "off_duty") : letter.state);
    } else {
      const isSame = (entry) => entry.scale.id === letter.body.scale && entry.item.n === letter.body.item;
      const held = this.cards.get(this.sheet.entries.findIndex(isSame));
      if (held) held.card.show(letter.state);
    }
    if (letter.state !== "sending") this.keep();
    if (this.isLeaving && !this.outbox.letters.length) this.leave();
  }

  // Handing in.

  submit() {
    if (this.submission) return;
    this.frozen = this.frozen || this.payload();
    this.keep();
    let last = { name: "sending" };
    let screen = null;
    this.submission = new Submission(
      this.frozen,
      () => this.ticket,
      (state) => {
        last = state;
        if (["sending", "busy", "offline"].indexOf(state.name) >= 0) screen.show(state);
        else this.submitted(state);
      }
    );
    this.show(() => {
      screen = new SendingScreen(this, () => this.submission.send());
      screen.show(last);
    });
    this.submission.send();
  }

  noteIs(text) {
    this.note = text;
    this.keep();
  }

  payload() {
    const payload = this.sheet.payload(this.key, deviceKind());
    return this.paper.informant && this.note.trim() ? Object.assign(payload, { note: this.note.trim() }) : payload;
  }

  submitted(state) {
    this.submission = null;
    if (state.name === "expired") this.lock("expired");
    else if (state.name === "done") this.handedIn(state.receipt);
    else if (state.name === "already") this.handedIn(Object.assign({ isEarlier: true }, state.receipt));
    else if (state.code === "not_as_asked") this.askTheRest();
    else {
      if (state.name === "refused") this.frozen = null;
      this.keep();
      this.show(() => drawTrouble(this, state.name, state.code));
    }
  }

  // The intake would have asked other questions: then all are asked, and nothing answered so far is lost.
  askTheRest() {
    this.frozen = null;
    this.sheet.askWhole();
    this.keep();
    this.show(() => drawEnding(this, "asked_whole"));
  }

  handedIn(receipt) {
    const shown = { receipt: receipt.receipt, at: receipt.at, isEarlier: receipt.isEarlier };
    this.isHandedIn = true;
    wipeDraft(this.session.sitting);
    this.forgetAnswers();
    if (this.turn) {
      this.makeRoom(shown);
      return;
    }
    this.session = Object.assign({}, this.session, { pad: null });
    keepSession(this.session);
    keepReceipt(shown);
    this.show(() => drawReceipt(this, shown));
  }

  // In turn the receipt stands on the screen alone, nothing of the pupil is kept, and the next one is let in soon.
  makeRoom(shown) {
    endSession();
    this.session = { class_code: this.turn.class_code };
    if (!shown.isEarlier) countHandedIn();
    this.show(() => drawReceipt(this, shown));
    const goOn = () => {
      // a call for help that is still on its way is waited for
      if (this.outbox.letters.length || this.talk.isOpen()) window.setTimeout(goOn, 5000);
      else this.leave();
    };
    window.setTimeout(goOn, NEXT_AFTER_SECONDS * 1000);
  }

  // Covering the page.

  forgetAnswers() {
    this.sheet.forget();
    this.note = "";
    this.pad = null;
    this.frozen = null;
    this.cards.clear();
    this.isResumed = false;
  }

  idle() {
    if (this.submission || (deviceKind() === "phone" && !this.turn)) return;
    if (this.turn || this.isHandedIn || currentReceipt()) this.leave();
    else if (this.pad) this.lock("idle");
  }

  // Unsent letters keep their ticket in memory and go out behind the cover.
  lock(reason) {
    if (this.isHandedIn || currentReceipt()) return;
    this.keep();
    if (this.paper.informant === "teacher" && !this.outbox.letters.length) {
      this.leave(); // who is signed in opens the form again from the list of the class
      return;
    }
    this.forgetAnswers();
    this.talk.close();
    this.session = Object.assign({}, this.session, { ticket: null, pad: null, covered: reason === "expired" ? reason : "idle" });
    keepSession(this.session);
    const enterAgain = (session) => {
      keepSession(session);
      window.location.replace(session.paper);
    };
    const already = (body) => this.handedIn(Object.assign({ isEarlier: true }, body));
    this.show(() => drawLock(this, reason, enterAgain, already));
  }
}

function start() {
  const session = currentSession();
  sweepOldDrafts();
  if (!session) {
    window.location.replace(DOOR_ADDRESS);
    return;
  }
  if (session.paper !== window.location.pathname) {
    window.location.replace(session.paper);
    return;
  }
  startLanguageSwitch();
  suggestLanguage(session.lang);
  const desk = new Desk(JSON.parse(document.getElementById("paper").textContent), session);
  onLanguage(() => desk.changeLanguage());
  narrowScreen.addListener(() => desk.changeWidth());
  watchIdleness(() => desk.idle(), desk.turn && desk.turn.minutes);
  desk.open();
}

window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
start();
