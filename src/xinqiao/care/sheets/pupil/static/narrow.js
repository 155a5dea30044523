// Narrow screens: one question a screen; a tap moves on after a beat.

import { bringIntoView, fill, make, showFromTop } from "./dom.js";
import { inputsOf, makeQuestion, markChosen, moveSideways } from "./question.js";
import { pick, say } from "./words.js";

const BEAT_MS = 320;

export class NarrowView {
  // desk: see paper.js; choose() gives the care card where one has just become due
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

  current() {
    return this.desk.sheet.at(this.desk.place);
  }

  isPartOpening(entry) {
    const scale = entry.scale;
    const isFirst = this.desk.sheet.shown().find((other) => other.part === entry.part) === entry;
    return isFirst && Boolean(scale.instructions) && !this.desk.seenParts.has(entry.part);
  }

  draw() {
    window.clearTimeout(this.beat);
    const entry = this.current();
    if (this.isPartOpening(entry)) this.drawPart(entry);
    else this.drawQuestion(entry);
  }

  drawPart(entry) {
    const scales = this.desk.sheet.scales;
    const begin = () => {
      this.desk.seenParts.add(entry.part);
      this.draw();
    };
    fill(this.desk.main, [
      make("section", { class: "sheet part" }, [
        scales.length > 1
          ? make("p", { class: "eyebrow" }, say("part", { part: entry.part + 1, parts: scales.length }))
          : null,
        make("h1", {}, pick(entry.scale.title)),
        make("p", { class: "lead" }, pick(entry.scale.instructions)),
        make("button", { type: "button", class: "main-button", onclick: begin }, say("start_part")),
      ]),
    ]);
    showFromTop(this.desk.main);
  }

  drawQuestion(entry) {
    const sheet = this.desk.sheet;
    const shown = sheet.shown();
    const position = shown.indexOf(entry) + 1;
    const question = makeQuestion(entry, position, sheet.answers[entry.index], (own, code, how) =>
      this.choose(own, code, how)
    );
    this.question = question;
    this.slot = make("div", { class: "care-slot" });
    fill(this.desk.main, [
      make("h1", { class: "unseen" }, pick(this.desk.title)),
      make("h2", { class: "unseen" }, pick(entry.scale.title)),
      sheet.isOpenEnded() ? this.roughProgress(position) : this.progress(position, shown.length),
      make("div", { class: "sheet one" }, [this.hint(entry), question, this.slot]),
      this.foot(entry),
      this.desk.leaveButton(),
    ]);
    const card = this.desk.cardOf(entry);
    if (card) this.slot.appendChild(card.element);
    window.scrollTo(0, 0);
    const heading = question.querySelector("h3");
    heading.setAttribute("tabindex", "-1");
    heading.focus({ preventScroll: true });
    this.desk.movedTo(entry.index);
    this.desk.startTiming();
  }

  progress(position, total) {
    return make("div", { class: "progress" }, [
      make("span", { class: "progress-text" }, say("question_of", { n: position, total })),
      make("progress", { max: total, value: position - 1, "aria-label": say("progress") }),
    ]);
  }

  // Nobody knows yet how many there will be.
  roughProgress(position) {
    const total = Math.max(position, this.desk.sheet.expectedTotal());
    const left = total - position;
    return make("div", { class: "progress" }, [
      make("span", { class: "progress-text" }, say(left ? "question_about" : "question_nearly", { n: position, left })),
      make("progress", { max: total, value: position - 1, "aria-label": say("progress") }),
    ]);
  }

  hint(entry) {
    const text = pick(entry.scale.instructions);
    if (!text) return null;
    if (text.length <= 60) return make("p", { class: "hint" }, text);
    return make("details", { class: "hint" }, [make("summary", {}, say("how_to")), make("p", {}, text)]);
  }

  foot(entry) {
    const isAnswered = this.desk.sheet.answers[entry.index] !== null;
    const onward = this.desk.sheet.isLast(entry) ? "to_end" : isAnswered ? "next" : "skip";
    this.nextButton = make(
      "button",
      { type: "button", class: isAnswered ? "main-button" : "quiet-button", onclick: () => this.step(entry, 1) },
      say(onward)
    );
    return make("div", { class: "foot" }, [
      make("button", { type: "button", class: "quiet-button", onclick: () => this.step(entry, -1) }, say("back")),
      this.nextButton,
    ]);
  }

  choose(entry, code, how) {
    window.clearTimeout(this.beat);
    const card = this.desk.choose(entry, code, () => this.step(entry, 1));
    const isLast = this.desk.sheet.isLast(entry);
    this.nextButton.className = "main-button";
    this.nextButton.textContent = say(isLast ? "to_end" : "next");
    if (card) {
      fill(this.slot, [card.element]);
      bringIntoView(card.element, "nearest");
      return;
    }
    if (how === "touch") this.beat = window.setTimeout(() => this.step(entry, 1), BEAT_MS);
  }

  step(entry, by) {
    window.clearTimeout(this.beat);
    if (by > 0) this.desk.passOver(entry);
    const shown = this.desk.sheet.shown();
    const at = shown.indexOf(entry) + by;
    if (at >= shown.length) {
      this.desk.finish();
      return;
    }
    if (at < 0) {
      this.desk.backToIntro();
      return;
    }
    this.desk.movedTo(shown[at].index);
    this.draw();
  }

  key(event) {
    if (this.desk.isCovered() || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!this.question || !document.contains(this.question)) return;
    const entry = this.desk.sheet.entries[Number(this.question.dataset.index)];
    const option = entry.item.options[Number(event.key) - 1];
    if (/^[1-9]$/.test(event.key) && option) {
      event.preventDefault();
      markChosen(this.question, option.code);
      this.choose(entry, option.code, "touch");
    } else if (/^Arrow/.test(event.key) && inputsOf(this.question).indexOf(document.activeElement) >= 0) {
      event.preventDefault();
      moveSideways(this.question, event.key === "ArrowRight" || event.key === "ArrowDown" ? 1 : -1);
    }
  }
}
