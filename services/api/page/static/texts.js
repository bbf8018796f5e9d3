// The texts that scripts show, in the language of the page (texts.yaml, part `script`).
const texts = JSON.parse(document.getElementById("texts").textContent);

// A text with its braces filled in.
export function text(name, filled = {}) {
  return texts[name].replace(/\{(\w+)\}/g, (_, key) => filled[key]);
}
