// A choice is taken at once; only days of one's own need the button.
export function start() {
  const form = document.getElementById("pickers");
  const custom = () => form.period.value === "custom";
  const show = () => form.classList.toggle("custom", custom());
  form.addEventListener("change", (event) => {
    show();
    if (event.target.type !== "date" && !custom()) form.requestSubmit();
  });
  form.addEventListener("submit", () => {
    for (const name of ["from", "to"]) form.elements[name].disabled = !custom(); // the name says it all
  });
  show();
  const series = document.getElementById("series");
  series?.addEventListener("change", () => series.requestSubmit());
}
