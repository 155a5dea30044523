// What asks the server again by itself does not change under a pressed finger, and leaves the keyboard where it stood.
let isPressed = false;
let leftOn = null;

document.addEventListener("pointerdown", () => { isPressed = true; }, true);
for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, () => setTimeout(() => { isPressed = false; }), true); // the click comes first
}
window.addEventListener("blur", () => { isPressed = false; });

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
