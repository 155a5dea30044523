// The answer sheet in memory: which items there are, which are shown, what was chosen, how long it took.

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
  }

  restore(kept) {
    if (!kept || !Array.isArray(kept.answers) || kept.answers.length !== this.entries.length) return false;
    this.answers = this.entries.map((entry, i) => (this.hasCode(entry, kept.answers[i]) ? kept.answers[i] : null));
    this.deciseconds = kept.deciseconds.map((value) => Number(value) || 0);
    this.told = kept.told || {};
    return this.answeredCount() > 0;
  }

  content() {
    return { answers: this.answers, deciseconds: this.deciseconds, told: this.told };
  }

  forget() {
    this.answers = this.entries.map(() => null);
    this.deciseconds = this.entries.map(() => 0);
    this.told = {};
  }

  hasCode(entry, code) {
    return entry.item.options.some((option) => option.code === code);
  }

  isShown(entry) {
    const rule = entry.item.show_if;
    if (!rule) return true;
    return this.entries.some(
      (other) =>
        other.part === entry.part &&
        rule.any_of.indexOf(other.item.n) >= 0 &&
        this.answers[other.index] === rule.code &&
        this.isShown(other)
    );
  }

  shown() {
    return this.entries.filter((entry) => this.isShown(entry));
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

  // True where the intake must hear of it now.
  choose(entry, code) {
    const hasChanged = this.answers[entry.index] !== code;
    this.answers[entry.index] = code;
    const isCritical = this.isCritical(entry, code);
    const mustTell = hasChanged && (isCritical || Boolean(this.told[entry.index]));
    if (isCritical) this.told[entry.index] = 1;
    return mustTell;
  }

  addTime(entry, milliseconds) {
    const sum = this.deciseconds[entry.index] + Math.round(milliseconds / 100);
    this.deciseconds[entry.index] = Math.min(LONGEST_DECISECONDS, Math.max(0, sum));
  }

  // Hidden items are null whatever was chosen before they were hidden.
  payload(key, device) {
    const answers = {};
    const seconds = {};
    for (const entry of this.entries) {
      const id = entry.scale.id;
      (answers[id] = answers[id] || []).push(this.isShown(entry) ? this.answers[entry.index] : null);
      (seconds[id] = seconds[id] || []).push(this.deciseconds[entry.index]);
    }
    return { key, answers, seconds, device };
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
