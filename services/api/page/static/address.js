// The address of the page follows what is chosen on it, and so do the links and forms that keep it.

// Set a parameter (empty: take it away) without loading anything.
export function set(name, value) {
  const here = new URL(location.href);
  change(here.searchParams, name, value);
  history.replaceState(null, "", here);
  for (const link of document.querySelectorAll('a[href^="?"]')) {
    if (name === "sort" && link.dataset.sort) continue; // it chooses the order itself
    const parameters = new URLSearchParams(link.getAttribute("href"));
    change(parameters, name, value);
    link.setAttribute("href", `?${parameters}`);
  }
  for (const form of document.querySelectorAll("form")) {
    const field = form.elements[name];
    if (field && field.type !== "hidden") continue;
    field?.remove();
    if (value) form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
}

function change(parameters, name, value) {
  if (value) parameters.set(name, value);
  else parameters.delete(name);
}
