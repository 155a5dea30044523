// Lets a file be dropped onto its field and says which one was chosen.
export function start(element) {
  const input = element.querySelector("input[type=file]");
  const chosen = element.querySelector("[data-part=chosen]");
  element.querySelector("[data-part=hint]").hidden = false;
  const mark = (isOver) => element.classList.toggle("is-over", isOver);
  const show = () => {
    const words = Array.from(input.files).map((file) =>
      element.dataset.wordsChosen.replace("{name}", file.name).replace("{size}", size(file.size)));
    chosen.textContent = words.join(" · ");
  };
  element.addEventListener("dragover", (event) => {
    event.preventDefault();
    mark(true);
  });
  element.addEventListener("dragleave", () => mark(false));
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    mark(false);
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    show();
  });
  input.addEventListener("change", show);
}

function size(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
