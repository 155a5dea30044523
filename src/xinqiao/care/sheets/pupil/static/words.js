// The page's words in both languages, and the switch between them.

import { inTab } from "./store.js";

const LANGUAGE_KEY = "xq-language";
const words = JSON.parse(document.getElementById("words").textContent);
const listeners = [];
let language = inTab.read(LANGUAGE_KEY) || "zh-hans";

export function currentLanguage() {
  return language;
}

export function pick(text) {
  if (!text) return "";
  if (typeof text === "string") return text;
  return text[language] || text["zh-hans"] || "";
}

export function say(key, values) {
  const text = pick(words[key]) || key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (values && name in values ? String(values[name]) : whole));
}

export function hasWord(key) {
  return Object.prototype.hasOwnProperty.call(words, key);
}

function translateStanding() {
  const suffix = language === "en" ? "En" : "Zh";
  document.documentElement.lang = language === "en" ? "en" : "zh-Hans";
  for (const element of document.querySelectorAll("[data-zh]")) {
    element.textContent = element.dataset[suffix.toLowerCase()];
  }
  for (const element of document.querySelectorAll("[data-label-zh]")) {
    element.setAttribute("aria-label", element.dataset["label" + suffix]);
  }
}

function useLanguage(wanted) {
  language = wanted === "en" ? "en" : "zh-hans";
  translateStanding();
  for (const listener of listeners) listener();
}

// The installation's wish counts only until the pupil has chosen.
export function suggestLanguage(wanted) {
  if (!inTab.read(LANGUAGE_KEY) && wanted) useLanguage(wanted.toLowerCase());
}

export function forgetLanguage() {
  inTab.remove(LANGUAGE_KEY);
}

export function onLanguage(listener) {
  listeners.push(listener);
}

export function startLanguageSwitch() {
  translateStanding();
  const button = document.getElementById("language");
  const otherLanguage = () => (language === "en" ? "zh-hans" : "en");
  const mark = () => {
    button.lang = language === "en" ? "zh-Hans" : "en";
  };
  mark();
  button.addEventListener("click", () => {
    inTab.write(LANGUAGE_KEY, otherLanguage());
    useLanguage(otherLanguage());
    mark();
  });
}
