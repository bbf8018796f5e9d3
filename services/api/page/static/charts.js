// The charts: specifications made on the server, drawn by Vega-Embed (window.vegaEmbed), drawn anew when their figures change.
const NAMES = ["trend", "flow"];
const drawn = new Map();

export function start() {
  NAMES.forEach(draw);
}

// Take over the specifications of a page that was read anew.
export function take(page) {
  for (const name of NAMES) {
    const [here, fresh] = [document, page].map((one) => one.getElementById(`${name}-spec`));
    if (!here || !fresh || here.textContent === fresh.textContent) continue;
    here.textContent = fresh.textContent;
    draw(name);
  }
}

async function draw(name) {
  const specification = document.getElementById(`${name}-spec`);
  if (!specification) return;
  const chart = JSON.parse(specification.textContent);
  if (!chart) return; // nothing to draw yet
  const size = parseFloat(getComputedStyle(document.documentElement).fontSize); // large on a wall
  chart.config.axis.labelFontSize = 0.82 * size;
  chart.config.line = { strokeWidth: 0.16 * size };
  chart.config.point = { size: 0.12 * size * size };
  const former = drawn.get(name);
  drawn.set(name, await window.vegaEmbed(`#${name}`, chart));
  former?.finalize();
}
