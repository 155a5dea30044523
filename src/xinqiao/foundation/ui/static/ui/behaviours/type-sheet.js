// Typing a printed sheet by keyboard: the number finds the pupil, each character answers a question and moves on, Enter
// hands over. The server checks everything again; without this script the same form takes a line of characters.
import { beep } from "./short-tone.js";

const BLANK = "-";
const ROW = 10;

export function start(form) {
  new Typing(form).begin();
}

class Typing {
  constructor(form) {
    this.form = form;
    this.words = form.dataset;
    this.questions = JSON.parse(form.dataset.questions); // [characters, critical characters, is the box for a talk]
    this.number = form.elements.number;
    this.answers = form.elements.answers;
    this.last = "";
  }

  part(name) {
    return this.form.querySelector(`[data-part=${name}]`);
  }

  begin() {
    this.drawGrid();
    this.answers.classList.add("xq-typed-line");
    this.answers.setAttribute("lang", "en"); // an input method must not swallow digits
    this.number.addEventListener("keydown", (event) => this.leaveNumber(event));
    this.number.addEventListener("input", () => this.showPupil());
    this.answers.addEventListener("input", () => this.read());
    this.form.addEventListener("submit", (event) => this.refuseUnfinished(event), true);
    this.form.addEventListener("htmx:afterRequest", (event) => {
      if (event.detail.elt === this.form) this.handedOver();
    });
    document.addEventListener("htmx:afterSwap", () => this.settled());
    this.showPupil();
    this.read();
    this.number.focus();
  }

  // Differences were settled in the form beside this one: on to the next sheet.
  settled() {
    const isLost = !document.activeElement || document.activeElement === document.body;
    if (isLost && document.querySelector("#typing-outcome [data-part=taken]")) this.number.focus();
  }

  // The pupil.

  row() {
    const wanted = this.number.value.normalize("NFKC").replace(/\s+/g, "");
    return wanted ? Array.from(document.querySelectorAll("#pile tr[data-number]")).find((row) => row.dataset.number === wanted) : null;
  }

  showPupil() {
    const row = this.row();
    const who = this.part("who");
    who.classList.remove("is-wrong");
    if (!row) who.textContent = "";
    else if (!row.dataset.wanted) who.textContent = `${row.dataset.name} · ${this.words.wordsDone.replace("{standing}", row.dataset.words)}`;
    else {
      const turn = row.dataset.standing === "once" ? this.words.wordsSecond : this.words.wordsFirst;
      who.textContent = `${row.dataset.name} · ${turn}`;
    }
  }

  leaveNumber(event) {
    if (event.key !== "Enter" || !this.number.value.trim()) return;
    event.preventDefault();
    this.showPupil();
    const row = this.row();
    if (row && row.dataset.wanted) this.answers.focus();
    else {
      if (!row) this.part("who").textContent = this.words.wordsUnknown;
      this.part("who").classList.add("is-wrong");
      beep();
      this.number.select();
    }
  }

  // The answers.

  read() {
    const typed = this.answers.value.normalize("NFKC").toLowerCase();
    let kept = "";
    let wrong = null;
    for (const letter of typed) {
      const character = /[\s\-_.–—。]/.test(letter) ? BLANK : letter;
      const question = this.questions[kept.length];
      if (!question) break;
      if (character === BLANK || question[0].includes(character)) kept += character;
      else wrong = wrong || { place: kept.length + 1, typed: letter, possible: question[0] };
    }
    if (kept !== this.answers.value) this.answers.value = kept;
    this.answers.setSelectionRange(kept.length, kept.length);
    this.show(kept, wrong);
    this.last = kept;
  }

  show(kept, wrong) {
    this.cells.forEach((cell, place) => {
      cell.lastChild.textContent = kept[place] || "";
      cell.classList.toggle("is-here", place === kept.length);
      cell.classList.toggle("is-wrong", Boolean(wrong) && place === wrong.place - 1);
    });
    const line = this.part("place");
    line.classList.toggle("is-wrong", Boolean(wrong));
    line.textContent = wrong ? filled(this.words.wordsWrong, wrong) : this.whereWords(kept.length);
    if (wrong) beep();
    this.showCry(kept);
  }

  whereWords(place) {
    const all = this.questions.length;
    if (place === all) return filled(this.words.wordsComplete, { all });
    return filled(this.words.wordsNext, { place: place + 1, all, possible: this.questions[place][0].split("").join(" ") });
  }

  showCry(kept) {
    const row = this.row();
    const isFirst = !row || row.dataset.standing !== "once";
    const lines = this.questions.flatMap(([, critical, isTalk], place) => {
      if (!isFirst || !kept[place] || kept[place] === BLANK) return [];
      if (isTalk) return [this.words.wordsTalk];
      return critical.includes(kept[place]) ? [filled(this.words.wordsCritical, { place: place + 1 })] : [];
    });
    const cry = this.part("cry");
    cry.hidden = !lines.length;
    if (cry.textContent !== lines.join(" ")) cry.textContent = lines.join(" ");
  }

  drawGrid() {
    const grid = this.part("grid");
    this.cells = this.questions.map((question, place) => {
      const cell = document.createElement("span");
      const number = document.createElement("small");
      number.textContent = place + 1;
      cell.append(number, document.createElement("b"));
      if (place % ROW === 0) grid.append(document.createElement("div"));
      grid.lastChild.append(cell);
      return cell;
    });
  }

  // Handing over.

  refuseUnfinished(event) {
    const missing = this.questions.length - this.answers.value.length;
    if (!missing) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const line = this.part("place");
    line.textContent = filled(this.words.wordsShort, { missing });
    line.classList.add("is-wrong");
    beep();
    this.answers.focus();
  }

  handedOver() {
    const outcome = document.getElementById("typing-outcome");
    if (outcome.querySelector("[data-part=refused]")) {
      beep();
      this.answers.focus();
      return;
    }
    if (!outcome.querySelector("[data-part=taken], [data-part=differs]")) return; // the line was cut: all is still here
    this.form.elements.key.value = newKey();
    this.number.value = "";
    this.answers.value = "";
    this.showPupil();
    this.read();
    (outcome.querySelector("input[name^=place_]") || this.number).focus();
  }
}

function filled(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

// crypto.randomUUID needs a secure context; a school's own network has none.
function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
