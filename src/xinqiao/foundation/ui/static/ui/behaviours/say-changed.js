// Says that a list on this page is older than the notices, once they change; names come only when the reader asks.
export function start(element) {
  document.addEventListener("xq-notices-changed", () => {
    element.hidden = false;
  });
}
