// Prints the page; the button appears only where scripts run.
export function start(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
