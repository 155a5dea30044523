// Shows the question of {% confirm_form %} as a modal dialog; without scripts the <details> opens in place.
export function start(details) {
  const sheet = details.querySelector("[data-part=sheet]");
  if (typeof HTMLDialogElement === "undefined" || !sheet) return;
  const summary = details.querySelector("summary");
  const dialog = document.createElement("dialog");
  dialog.className = "xq-dialog";
  const title = sheet.querySelector("h2");
  dialog.setAttribute("aria-label", title ? title.textContent : summary.textContent);
  dialog.append(...sheet.childNodes);
  details.after(dialog);
  const cancel = dialog.querySelector("[data-part=cancel]");
  cancel.hidden = false;
  cancel.addEventListener("click", () => dialog.close());
  summary.setAttribute("aria-haspopup", "dialog");
  summary.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.showModal();
    const first = dialog.querySelector("input:not([type=hidden]), textarea, select");
    (first || cancel).focus();
  });
  dialog.addEventListener("close", () => summary.focus());
}
