// One question with its options: a radio group. Arrows move, digits and space choose, so that passing over an
// option never answers (and never sends a critical answer) by accident.

import { make } from "./dom.js";
import { pick } from "./words.js";

const LONG_LABEL = 14;

function optionLayout(entry) {
  const labels = entry.item.options.map((option) => pick(option.label).length);
  return labels.length > 6 || Math.max.apply(null, labels) > LONG_LABEL * 2 ? "options-tall" : "options-" + labels.length;
}

function makeOption(entry, option, place, chosen) {
  const input = make("input", { type: "radio", name: "q" + entry.index, value: option.code, autocomplete: "off" });
  input.checked = chosen === option.code;
  return make("label", { class: "option" }, [
    input,
    make("span", { class: "option-mark", "aria-hidden": "true" }),
    make("span", { class: "option-text" }, pick(option.label)),
    make("kbd", { class: "option-key", "aria-hidden": "true" }, place + 1),
  ]);
}

// onChoose(entry, code, how): how is "touch" for pointer and digit keys, "space" for the rest
export function makeQuestion(entry, position, chosen, onChoose) {
  const textId = "q" + entry.index + "-text";
  const element = make("section", { class: "question", role: "radiogroup", "aria-labelledby": textId });
  element.dataset.index = entry.index;
  element.appendChild(
    make("h3", { class: "question-text", id: textId }, [
      make("span", { class: "question-number" }, position + ". "),
      pick(entry.item.text),
    ])
  );
  const options = make("div", { class: "options " + optionLayout(entry) });
  entry.item.options.forEach((option, place) => options.appendChild(makeOption(entry, option, place, chosen)));
  let isPointer = false;
  options.addEventListener("pointerdown", () => {
    isPointer = true;
  });
  options.addEventListener("keydown", () => {
    isPointer = false;
  });
  // click, not change: tapping the chosen option again also moves on
  options.addEventListener("click", (event) => {
    if (event.target.tagName !== "INPUT") return;
    onChoose(entry, Number(event.target.value), isPointer ? "touch" : "space");
    isPointer = false;
  });
  element.appendChild(options);
  return element;
}

export function inputsOf(element) {
  return Array.from(element.querySelectorAll("input[type=radio]"));
}

export function focusQuestion(element) {
  const inputs = inputsOf(element);
  (inputs.find((input) => input.checked) || inputs[0]).focus({ preventScroll: true });
}

export function moveSideways(element, step) {
  const inputs = inputsOf(element);
  const at = inputs.indexOf(document.activeElement);
  inputs[(at + step + inputs.length) % inputs.length].focus();
}

export function markChosen(element, code) {
  for (const input of inputsOf(element)) {
    input.checked = Number(input.value) === code;
    if (input.checked) input.focus({ preventScroll: true });
  }
}
