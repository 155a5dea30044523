// Wide screens: the whole list, a rail with the progress beside it, everything by keyboard.

import { bringIntoView, fill, make } from "./dom.js";
import { focusQuestion, inputsOf, makeQuestion, markChosen, moveSideways } from "./question.js";
import { pick, say } from "./words.js";

const BEAT_MS = 180;

export class WideView {
  constructor(desk) {
    this.desk = desk;
    this.beat = 0;
    this.onKey = (event) => this.key(event);
  }

  open() {
    document.addEventListener("keydown", this.onKey);
    this.draw();
  }

  close() {
    window.clearTimeout(this.beat);
    document.removeEventListener("keydown", this.onKey);
  }

  draw() {
    this.questions = new Map();
    this.passings = new Map(); // by part: where the question at hand may be passed over
    const parts = this.desk.sheet.scales.map((scale, part) => this.drawPart(scale, part));
    this.handIn = make(
      "button",
      { type: "button", class: "main-button", onclick: () => this.desk.finish() },
      say("hand_in")
    );
    fill(this.desk.main, [
      make("div", { class: "board" }, [
        this.rail(),
        make("div", { class: "list" }, parts.concat([make("div", { class: "sheet list-end" }, this.handIn)])),
      ]),
    ]);
    this.refresh();
    this.goTo(this.startingQuestion(), "auto");
    this.desk.startTiming();
  }

  drawPart(scale, part) {
    const entries = this.desk.sheet.entries.filter((entry) => entry.part === part);
    return make("section", { class: "sheet scale", "aria-labelledby": "part-" + part }, [
      make("header", { class: "scale-head" }, [
        make("h2", { id: "part-" + part }, pick(scale.title)),
        scale.instructions ? make("p", { class: "hint" }, pick(scale.instructions)) : null,
      ]),
      ...entries.map((entry) => this.drawQuestion(entry)),
      this.desk.sheet.isAdapting(part) ? this.drawPassOver(part) : null,
    ]);
  }

  drawPassOver(part) {
    const pass = () => {
      const open = this.desk.sheet.openOf(part);
      if (!open) return;
      this.desk.passOver(open);
      this.refresh();
      this.goBy(open, 1);
    };
    const button = make("button", { type: "button", class: "quiet-button", onclick: pass }, say("skip"));
    const element = make("div", { class: "pass-over" }, button);
    this.passings.set(part, element);
    return element;
  }

  drawQuestion(entry) {
    const chosen = this.desk.sheet.answers[entry.index];
    const element = makeQuestion(entry, entry.index + 1, chosen, (own, code, how) => this.choose(own, code, how));
    element.addEventListener("focusin", () => this.setCurrent(entry));
    const card = this.desk.cardOf(entry);
    if (card) element.appendChild(card.element);
    this.questions.set(entry.index, element);
    return element;
  }

  rail() {
    this.count = make("p", { class: "rail-count" });
    this.bar = make("progress", { max: 1, value: 0, "aria-label": say("progress") });
    const keys = ["keys_digits", "keys_rows", "keys_sides"].map((key) => make("li", {}, say(key)));
    return make("aside", { class: "rail" }, [
      make("h1", { class: "rail-title" }, pick(this.desk.title)),
      this.count,
      this.bar,
      make("p", { class: "rail-kept" }, say("kept")),
      make("div", { class: "rail-keys" }, [make("h2", {}, say("keys_title")), make("ul", {}, keys)]),
      this.desk.leaveButton(),
    ]);
  }

  refresh() {
    const sheet = this.desk.sheet;
    const shown = sheet.shown();
    const done = sheet.answeredCount();
    const total = sheet.expectedTotal();
    const isRough = sheet.isOpenEnded();
    this.count.textContent = say(isRough ? "answered_about" : "answered_of", { done, total, left: total - done });
    this.bar.max = total;
    this.bar.value = done;
    for (const [part, element] of this.passings) {
      const open = sheet.openOf(part);
      element.hidden = !open;
      this.putInOrder(sheet.shownOf(part).map((entry) => this.questions.get(entry.index)));
    }
    for (const entry of sheet.entries) {
      const element = this.questions.get(entry.index);
      element.hidden = !sheet.isShown(entry);
      element.querySelector(".question-number").textContent = shown.indexOf(entry) + 1 + ". ";
      element.classList.toggle("is-answered", sheet.answers[entry.index] !== null);
    }
  }

  // Questions asked by adapting stand in the order in which they were asked; one that stands right is not touched.
  putInOrder(elements) {
    let last = elements[0].parentElement.querySelector(".scale-head");
    for (const element of elements) {
      if (last.nextElementSibling !== element) last.after(element);
      last = element;
    }
  }

  startingQuestion() {
    return this.desk.sheet.at(this.desk.place);
  }

  setCurrent(entry) {
    for (const element of this.questions.values()) element.classList.remove("is-current");
    this.questions.get(entry.index).classList.add("is-current");
    this.desk.movedTo(entry.index);
  }

  goTo(entry, manner) {
    const element = this.questions.get(entry.index);
    focusQuestion(element);
    if (manner === "auto") {
      const isFirst = this.desk.sheet.shown()[0] === entry;
      if (isFirst) window.scrollTo(0, 0);
      else element.scrollIntoView({ block: "center" });
    } else bringIntoView(element);
  }

  choose(entry, code, how) {
    const card = this.desk.choose(entry, code, () => this.goBy(entry, 1));
    if (card) {
      this.questions.get(entry.index).appendChild(card.element);
      bringIntoView(card.element, "nearest");
    }
    this.refresh();
    const open = this.desk.sheet.openOf(entry.part);
    if (open && !card) bringIntoView(this.questions.get(open.index), "nearest");
    window.clearTimeout(this.beat);
    if (how === "digit" && !card) this.beat = window.setTimeout(() => this.goBy(entry, 1), BEAT_MS);
  }

  goBy(entry, by) {
    const shown = this.desk.sheet.shown();
    const next = shown[shown.indexOf(entry) + by];
    if (next) this.goTo(next);
    else if (by > 0) {
      this.handIn.focus({ preventScroll: true });
      bringIntoView(this.handIn);
    }
  }

  entryAtHand() {
    const element = document.activeElement.closest ? document.activeElement.closest(".question") : null;
    if (element) return this.desk.sheet.entries[Number(element.dataset.index)];
    return document.activeElement === document.body ? this.startingQuestion() : null;
  }

  key(event) {
    if (this.desk.isCovered() || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "ArrowUp" && document.activeElement === this.handIn) {
      const shown = this.desk.sheet.shown();
      event.preventDefault();
      this.goTo(shown[shown.length - 1]);
      return;
    }
    const entry = this.entryAtHand();
    if (entry) this.keyOnQuestion(event, entry);
  }

  keyOnQuestion(event, entry) {
    const element = this.questions.get(entry.index);
    const option = /^[1-9]$/.test(event.key) ? entry.item.options[Number(event.key) - 1] : null;
    if (option) {
      event.preventDefault();
      markChosen(element, option.code);
      this.choose(entry, option.code, "digit");
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.goBy(entry, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      event.preventDefault();
      if (inputsOf(element).indexOf(document.activeElement) < 0) focusQuestion(element);
      else moveSideways(element, event.key === "ArrowRight" ? 1 : -1);
    }
  }
}
