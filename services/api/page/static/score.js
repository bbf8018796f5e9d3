// The figures of one unit: total, groups, indicators.
import * as figures from "./figures.js";
import { keyed, put as putOn, putQuietly, show as put } from "./marks.js";
import { text } from "./texts.js";

// Show a score document. False: this page has to be read anew, because the unit had nothing to count until now.
export function show(document_) {
  if (!showTotal(document_.total, document_.groups)) return false;
  for (const group of document_.groups) {
    group.indicators.forEach(showIndicator);
  }
  if (document_.last_event_at) putQuietly(keyed("last-event"), figures.moment(document_.last_event_at));
  putQuietly(keyed("stale"), document_.stale ? text("stale") : "");
  return true;
}

// Show a total with its groups; false where the page shows none yet.
export function showTotal(total, groups) {
  const output = document.getElementById("total");
  if (!output.dataset.value) return false;
  output.dataset.value = total;
  put("total", figures.points(total));
  showChange(total);
  for (const group of groups) {
    put(`group ${group.code}`, figures.points(group.score));
    put(`sum ${group.code}`, figures.points(group.score));
    const bar = document.querySelector(`[data-bar="${CSS.escape(group.code)}"]`);
    bar?.setAttribute("width", group.max ? (100 * group.score) / group.max : 0);
  }
  return true;
}

function showChange(total) {
  const place = document.getElementById("change");
  if (!place?.dataset.before) return;
  const change = total - Number(place.dataset.before);
  const strong = place.querySelector("strong");
  strong.className = change > 0.004 ? "up" : change < -0.004 ? "down" : "none";
  strong.textContent = figures.change(change);
}

function showIndicator(indicator) {
  const key = `indicator ${indicator.code}`;
  put(`${key} numerator`, figures.count(indicator.numerator));
  put(`${key} denominator`, figures.count(indicator.denominator));
  const ratio = keyed(`${key} ratio`);
  putOn(ratio, ratio?.dataset.unit === "seconds" ? figures.duration(indicator.ratio) : figures.percent(indicator.ratio));
  put(`${key} score`, figures.points(indicator.score));
  const status = keyed(`${key} status`)?.firstElementChild;
  if (status && status.className !== indicator.status) {
    status.className = indicator.status;
    status.textContent = text(`status.${indicator.status}`);
  }
}
