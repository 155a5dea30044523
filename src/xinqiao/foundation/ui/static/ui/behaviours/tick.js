// Ticks many boxes of the button's own form at once; the boxes are what data-ticks selects.
export function start(button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    for (const box of button.form.querySelectorAll(button.dataset.ticks)) {
      box.checked = true;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
}
