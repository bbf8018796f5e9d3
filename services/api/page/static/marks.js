// Puts figures on the screen and marks those that moved.

// Replace the text of an element; whether it was another one.
export function put(element, text) {
  if (!element || element.textContent === text) return false;
  element.textContent = text;
  flash(element);
  return true;
}

// The same without a mark, for what is told by a row's own.
export function putQuietly(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

// The same for the element that holds a named figure.
export function show(key, text) {
  return put(keyed(key), text);
}

export function keyed(key) {
  return document.querySelector(`[data-key="${CSS.escape(key)}"]`);
}

// Let an element light up for a moment (not for those who want no motion: the style sheet sees to that).
export function flash(element) {
  element.classList.remove("moved");
  void element.offsetWidth; // begins the animation anew
  element.classList.add("moved");
}

// An element with a class and a text.
export function made(tag, name, text = "") {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.textContent = text;
  return element;
}
