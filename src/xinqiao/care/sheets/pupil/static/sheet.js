// The answer sheet in memory: which items there are, which are shown, what was chosen, how long it took.
// A scale asked by adapting shows what was asked so far, in that order, and the question at hand.

import { Asking } from "./asking.js";

export const LONGEST_DECISECONDS = 65535; // deciseconds that still fit the intake's two bytes

export class Sheet {
  constructor(paper) {
    this.scales = paper.scales;
    this.entries = [];
    paper.scales.forEach((scale, part) => {
      scale.items.forEach((item) => this.entries.push({ index: this.entries.length, part, scale, item }));
    });
    this.answers = this.entries.map(() => null);
    this.deciseconds = this.entries.map(() => 0);
    this.told = {}; // items whose critical answer was sent: later answers to them are sent too
    this.passedOver = this.entries.map(() => false);
    this.whole = {}; // scales that are asked whole after all, by id
    this.askings = paper.scales.map((scale) => (scale.asking ? new Asking(scale.asking) : null));
  }

  restore(kept) {
    if (!kept || !Array.isArray(kept.answers) || kept.answers.length !== this.entries.length) return false;
    this.answers = this.entries.map((entry, i) => (this.hasCode(entry, kept.answers[i]) ? kept.answers[i] : null));
    this.deciseconds = kept.deciseconds.map((value) => Number(value) || 0);
    this.told = kept.told || {};
    this.passedOver = this.entries.map((entry, i) => Boolean(kept.passedOver && kept.passedOver[i]));
    this.whole = kept.whole || {};
    return this.answeredCount() > 0;
  }

  content() {
    const { answers, deciseconds, told, passedOver, whole } = this;
    return { answers, deciseconds, told, passedOver, whole };
  }

  forget() {
    this.answers = this.entries.map(() => null);
    this.deciseconds = this.entries.map(() => 0);
    this.told = {};
    this.passedOver = this.entries.map(() => false);
    this.whole = {};
    for (const asking of this.askings) if (asking) asking.forget();
  }

  // Asking by adapting.

  isAdapting(part) {
    return Boolean(this.askings[part]) && !this.whole[this.scales[part].id];
  }

  // Is it unknown how many questions there will be?
  isOpenEnded() {
    return this.scales.some((_, part) => Boolean(this.openOf(part)));
  }

  // {asked, open}: the entries asked so far, in order, and the one at hand (null: it is enough)
  asked(part) {
    const own = new Map();
    for (const entry of this.entries) if (entry.part === part) own.set(entry.item.n, entry);
    const { path, open } = this.askings[part].walk(
      (number) => this.answers[own.get(number).index],
      (number) => this.passedOver[own.get(number).index]
    );
    return { asked: path.map((step) => own.get(step[0])), open: open === null ? null : own.get(open) };
  }

  openOf(part) {
    return this.isAdapting(part) ? this.asked(part).open : null;
  }

  shownOf(part) {
    if (!this.isAdapting(part)) return this.entries.filter((entry) => entry.part === part && this.isAskedFor(entry));
    const { asked, open } = this.asked(part);
    return open ? asked.concat([open]) : asked;
  }

  // The question at hand is left without an answer: another one is chosen.
  passOver(entry) {
    if (this.openOf(entry.part) === entry) this.passedOver[entry.index] = true;
  }

  askWhole() {
    for (const scale of this.scales) if (scale.asking) this.whole[scale.id] = 1;
  }

  // How many questions there will be: what is usual while nobody knows.
  expectedTotal() {
    return this.scales.reduce((sum, scale, part) => sum + this.expectedOf(scale, part), 0);
  }

  expectedOf(scale, part) {
    const shown = this.shownOf(part).length;
    if (!this.openOf(part)) return shown;
    return Math.max(shown, Math.min(Math.round(scale.asking.usual), scale.items.length));
  }

  // The shown entry at a place, or the one that stands nearest to it.
  at(place) {
    const shown = this.shown();
    const exact = shown.find((entry) => entry.index === place);
    const wanted = this.entries[place];
    if (exact || !wanted || !this.isAdapting(wanted.part)) {
      return exact || shown.find((entry) => entry.index >= place) || shown[shown.length - 1];
    }
    const own = this.shownOf(wanted.part);
    return own[own.length - 1];
  }

  // Does nothing come after this one, whatever is done with it?
  isLast(entry) {
    const shown = this.shown();
    return shown[shown.length - 1] === entry && this.openOf(entry.part) !== entry;
  }

  hasCode(entry, code) {
    return entry.item.options.some((option) => option.code === code);
  }

  isShown(entry) {
    return this.isAdapting(entry.part) ? this.shownOf(entry.part).indexOf(entry) >= 0 : this.isAskedFor(entry);
  }

  isAskedFor(entry) {
    const rule = entry.item.show_if;
    if (!rule) return true;
    return this.entries.some(
      (other) =>
        other.part === entry.part &&
        rule.any_of.indexOf(other.item.n) >= 0 &&
        this.answers[other.index] === rule.code &&
        this.isAskedFor(other)
    );
  }

  shown() {
    return [].concat(...this.scales.map((_, part) => this.shownOf(part)));
  }

  answeredCount() {
    return this.shown().filter((entry) => this.answers[entry.index] !== null).length;
  }

  unanswered() {
    return this.shown().filter((entry) => this.answers[entry.index] === null);
  }

  isCritical(entry, code) {
    return (entry.item.critical || []).indexOf(code) >= 0;
  }

  // True where the intake must hear of it now. How a scale adapts was found in one language; in another it is whole.
  choose(entry, code, language) {
    const hasChanged = this.answers[entry.index] !== code;
    this.answers[entry.index] = code;
    this.passedOver[entry.index] = false;
    if (this.isAdapting(entry.part) && entry.scale.asking.language !== language) this.whole[entry.scale.id] = 1;
    const isCritical = this.isCritical(entry, code);
    const mustTell = hasChanged && (isCritical || Boolean(this.told[entry.index]));
    if (isCritical) this.told[entry.index] = 1;
    return mustTell;
  }

  addTime(entry, milliseconds) {
    const sum = this.deciseconds[entry.index] + Math.round(milliseconds / 100);
    this.deciseconds[entry.index] = Math.min(LONGEST_DECISECONDS, Math.max(0, sum));
  }

  // Hidden items are null whatever was chosen before they were hidden; so are those that adapting did not ask.
  payload(key, device) {
    const answers = {};
    const seconds = {};
    for (const entry of this.entries) {
      const id = entry.scale.id;
      (answers[id] = answers[id] || []).push(this.isShown(entry) ? this.answers[entry.index] : null);
      (seconds[id] = seconds[id] || []).push(this.deciseconds[entry.index]);
    }
    const adapted = this.scales.filter((_, part) => this.isAdapting(part)).map((scale) => scale.id);
    return adapted.length ? { key, answers, seconds, device, adapted } : { key, answers, seconds, device };
  }
}

// Time between two acts belongs to the question at hand; time in a hidden tab to none.
export class Stopwatch {
  constructor() {
    this.since = performance.now();
    document.addEventListener("visibilitychange", () => this.lap());
  }

  lap() {
    const now = performance.now();
    const passed = now - this.since;
    this.since = now;
    return passed;
  }
}
