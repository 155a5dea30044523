// Copies a text. A school's own network has no secure context, so there is a second way.
export function start(element) {
  const button = element.querySelector("[data-part=button]");
  const said = element.querySelector("[data-part=said]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    const worked = await copied(element.dataset.text, element.querySelector("[data-part=text]"));
    said.textContent = worked ? element.dataset.wordsDone : element.dataset.wordsFailed;
    setTimeout(() => { said.textContent = ""; }, 4000);
  });
}

async function copied(text, shown) {
  try {
    if (navigator.clipboard && window.isSecureContext) {
      await navigator.clipboard.writeText(text);
      return true;
    }
  } catch {
    // refused by the browser: the selection below still works
  }
  const selection = window.getSelection();
  selection.selectAllChildren(shown);
  return document.execCommand("copy");
}
