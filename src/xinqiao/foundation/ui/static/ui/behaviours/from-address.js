// Fills a field from what stands behind the # of the address, which is never sent to a server, and takes it out of the
// address (and so of the history) at once. Without scripts it is typed.
export function start(field) {
  const brought = decodeURIComponent(window.location.hash.slice(1)).replace(/[^0-9A-Za-z-]/g, "");
  if (!brought || brought === "content") return;
  window.history.replaceState(null, "", window.location.pathname);
  field.value = brought;
  const next = field.form.querySelector(field.dataset.next);
  if (next) next.focus();
}
