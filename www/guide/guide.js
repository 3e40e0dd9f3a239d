// The guide's builder and copy buttons: examples use the values from the form. The guide is complete without this script.

import { fill, originOf, siteOf, tagOf } from "./tag.js";

const form = document.getElementById("builder");
const examples = [...document.querySelectorAll("pre code")].map((code) => ({ code, original: code.textContent }));
const mentions = [...document.querySelectorAll("p code")].map((code) => ({ code, original: code.textContent }));
const values = () => Object.fromEntries(new FormData(form));

const updateExamples = () => {
  const input = values();
  form.elements.host.setCustomValidity(originOf(input.host) ? "" : "Enter a web address, like https://status.example.com.");
  form.elements.site.setCustomValidity(siteOf(input.site) ? "" : "Enter 2 to 39 lower-case letters, digits or hyphens.");
  for (const { name, validationMessage } of form.elements) {
    const hint = document.getElementById(`${name}-hint`);
    if (hint) hint.textContent = validationMessage;
  }
  for (const { code, original } of [...examples, ...mentions]) {
    code.textContent = code.id === "tag" ? tagOf(input) : fill(original, input);
  }
};

// Copies an example, or selects it if the browser denies access to the clipboard.
const copy = async (code, button) => {
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(code);
    button.textContent = "Press Ctrl+C to copy";
  }
  setTimeout(() => (button.textContent = "Copy"), 3000);
};

for (const { code } of examples) {
  const frame = document.createElement("div");
  const button = document.createElement("button");
  const language = document.createElement("span");
  language.textContent = code.parentElement.dataset.language;
  frame.className = code.textContent.includes("\n") ? "snippet" : "snippet short";
  button.type = "button";
  button.textContent = "Copy";
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", () => copy(code, button));
  code.parentElement.replaceWith(frame);
  frame.append(language, button, code.parentElement);
}

// The guide is served by the deployment itself, so its origin is the service.
form.elements.host.value = location.origin;
form.addEventListener("input", updateExamples);
form.addEventListener("submit", (event) => event.preventDefault());
updateExamples();

// The guide belongs to no site: it loads the card with the first preview, which needs no request.
const preview = (impact) => {
  window.Allclear ||= [];
  window.Allclear.push(["preview", impact]);
  if (window.Allclear.state || document.querySelector("script[data-site]")) return;
  const script = document.createElement("script");
  script.src = "/embed.js";
  script.dataset.site = "preview";
  script.addEventListener("error", () => script.remove());
  document.head.append(script);
};

for (const button of document.querySelectorAll("[data-preview]")) {
  button.addEventListener("click", () => preview(button.dataset.preview));
}
