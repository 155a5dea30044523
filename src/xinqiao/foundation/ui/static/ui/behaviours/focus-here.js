// Brings the reader to what was wrong with a form.
export function start(element) {
  element.focus();
}
