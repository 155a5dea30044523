// Saves what was typed into a long form every half minute, to the form's data-url; says when, or why not.
const EVERY_MS = 30000;

export function start(form) {
  let isChanged = false;
  form.addEventListener("input", () => {
    isChanged = true;
  });
  setInterval(async () => {
    if (!isChanged) {
      return;
    }
    isChanged = false;
    const said = form.querySelector("[data-part=saved]");
    const when = form.querySelector("[data-part=saved-at]");
    try {
      const response = await fetch(form.dataset.url, {
        method: "POST", body: new FormData(form), headers: { "X-Draft": "1" }, redirect: "manual",
      });
      isChanged = response.status !== 204;
      said.hidden = isChanged;
      when.textContent = new Date().toLocaleTimeString();
    } catch {
      isChanged = true;
    }
  }, EVERY_MS);
}
