// What asks the server again by itself does not change under a pressed finger, and leaves the keyboard where it stood.
let isPressed = false;
let leftOn = null;

const LONGEST_MS = 3000; // of waiting for a finger: what is urgent does not stay hidden because one rests on the glass
const waiting = [];

function letGo() {
  isPressed = false;
  for (const goOn of waiting.splice(0)) goOn();
}

document.addEventListener("pointerdown", () => { isPressed = true; }, true);
for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, () => setTimeout(letGo), true); // the click comes first
}
window.addEventListener("blur", letGo);

// Resolves once no finger presses, so that what shows or hides then moves nothing away under it.
export function released() {
  if (!isPressed) return Promise.resolve();
  return new Promise((goOn) => {
    waiting.push(goOn);
    setTimeout(goOn, LONGEST_MS);
  });
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const { requestConfig, target } = event.detail;
  const isByItself = !requestConfig.triggeringEvent;
  if (isByItself && isPressed) event.detail.shouldSwap = false; // it asks again soon
  const focused = document.activeElement;
  leftOn = isByItself && target.contains(focused) ? focused.getAttribute("href") : null;
});

document.addEventListener("htmx:afterSwap", () => {
  if (!leftOn || document.activeElement !== document.body) return;
  const same = Array.from(document.querySelectorAll("a[href]")).find((link) => link.getAttribute("href") === leftOn);
  if (same) same.focus({ preventScroll: true });
});
