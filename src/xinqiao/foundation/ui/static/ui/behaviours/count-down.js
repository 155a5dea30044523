// Counts on from the seconds the server gave, by a clock that the device's date cannot shift.
const STEP_MS = 5000;

export function start(element) {
  const begun = performance.now();
  const atStart = Number(element.dataset.secondsLeft);
  const words = element.querySelector("[data-part=words]");
  const show = () => {
    const left = atStart - (performance.now() - begun) / 1000;
    const template = left < 0 ? element.dataset.wordsOverdue : element.dataset.wordsLeft;
    const text = template.replace("{duration}", duration(element, Math.floor(Math.abs(left) / 60)));
    if (words.textContent !== text) words.textContent = text;
    element.classList.toggle("is-overdue", left < 0);
    element.classList.toggle("is-near", left >= 0 && left < 3600);
  };
  const timer = setInterval(() => (element.isConnected ? show() : clearInterval(timer)), STEP_MS);
}

// Two units at most and no empty one, as wording.duration_words writes it on the server.
function duration(element, minutes) {
  const words = element.dataset;
  if (minutes < 60) return words.wordsMinutes.replace("{minutes}", minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 24) {
    const template = minutes % 60 ? words.wordsHours : words.wordsWholeHours;
    return template.replace("{hours}", hours).replace("{minutes}", minutes % 60);
  }
  const days = Math.floor(hours / 24);
  const dayPart = (days === 1 ? words.wordsDay : words.wordsDays).replace("{days}", days);
  return hours % 24 ? `${dayPart} ${words.wordsWholeHours.replace("{hours}", hours % 24)}` : dayPart;
}
