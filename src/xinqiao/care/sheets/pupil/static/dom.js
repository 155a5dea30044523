// Building and finding elements. Text goes in as text nodes only; there is no way to put markup through here.

export function make(tag, attributes, children) {
  const element = document.createElement(tag);
  for (const name of Object.keys(attributes || {})) {
    const value = attributes[name];
    if (value === null || value === undefined || value === false) continue;
    if (name === "onclick") element.addEventListener("click", value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of [].concat(children === undefined ? [] : children)) {
    if (child === null || child === undefined) continue;
    element.appendChild(typeof child === "object" ? child : document.createTextNode(String(child)));
  }
  return element;
}

export function empty(element) {
  while (element.firstChild) element.removeChild(element.firstChild);
  return element;
}

export function fill(element, children) {
  empty(element);
  for (const child of children) if (child) element.appendChild(child);
  return element;
}

export function announce(text) {
  const announcer = document.getElementById("announcer");
  announcer.textContent = "";
  window.setTimeout(() => {
    announcer.textContent = text;
  }, 60);
}

export function wantsLessMotion() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

export function bringIntoView(element, place) {
  element.scrollIntoView({ block: place || "center", behavior: wantsLessMotion() ? "auto" : "smooth" });
}

// Moves the reader (and a screen reader) to the top of a new screen.
export function showFromTop(main) {
  window.scrollTo(0, 0);
  const heading = main.querySelector("h1, h2");
  if (!heading) return;
  heading.setAttribute("tabindex", "-1");
  heading.focus({ preventScroll: true });
}
