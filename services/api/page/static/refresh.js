// What the stream does not carry (counts, places, charts) is read anew from the page itself, a while after something has changed.
import * as age from "./age.js";
import * as charts from "./charts.js";
import { flash } from "./marks.js";

const EVERY_MS = { figures: 5000, whole: 20_000 }; // charts cost the server most
const PARTS = ["explanation", "official"]; // that may come later: with the first dossier, with a closing
const timers = {};
const last = { figures: performance.now(), whole: performance.now() };
let reopen = () => {};
let revision = 0; // of the newest event that is on the screen
let shown = ""; // ten minutes that the figures are of

// `onOtherStream` is called when the page has another stream: another day, or other units.
export function start(onOtherStream) {
  reopen = onOtherStream;
}

// An event was shown; `enough` false: it needs the page anew, at once.
export function heard(document_, enough) {
  revision = document_.revision;
  if (enough) request();
  else read("whole");
}

// The shown figures hold as of a moment: time alone changes what "today" is and whose systems are silent.
export function seen(asOf) {
  const tenMinutes = asOf.slice(0, "2026-03-31T11:2".length);
  if (shown && tenMinutes !== shown) request();
  shown = tenMinutes;
}

// Read the page anew soon, its charts later.
export function request() {
  plan("figures");
  plan("whole");
}

function plan(what) {
  timers[what] ??= setTimeout(read, Math.max(0, last[what] + EVERY_MS[what] - performance.now()), what);
}

async function read(what) {
  for (const part of what === "whole" ? ["figures", "whole"] : ["figures"]) {
    clearTimeout(timers[part]);
    timers[part] = null;
    last[part] = performance.now();
  }
  const here = new URL(location.href);
  here.searchParams.set("lang", document.documentElement.lang);
  const answer = await fetch(here, { headers: { "Nhip-Refresh": what } }).catch(() => null);
  const at = Date.now();
  const text = answer?.ok ? await answer.text().catch(() => null) : null;
  if (text === null) return; // lost, perhaps in the middle of it: the stream says so
  const page = new DOMParser().parseFromString(text, "text/html");
  if (Number(page.body.dataset.revision) < revision) return plan(what); // an event was faster
  if (PARTS.some((part) => page.getElementById(part) && !document.getElementById(part))) return location.reload();
  age.setClock(page.body.dataset.now, at);
  adopt(page);
  charts.take(page);
  if (page.body.dataset.stream !== document.body.dataset.stream) {
    document.body.dataset.stream = page.body.dataset.stream;
    reopen();
  }
}

// Take over every named figure that has become another one.
function adopt(page) {
  const fresh = new Map([...page.querySelectorAll("[data-key]")].map((element) => [element.dataset.key, element]));
  for (const element of document.querySelectorAll("[data-key]")) {
    const other = fresh.get(element.dataset.key);
    if (!other) continue;
    for (const name of ["value", "before"]) if (name in other.dataset) element.dataset[name] = other.dataset[name];
    if (element.textContent.trim() === other.textContent.trim()) continue;
    element.replaceChildren(...other.childNodes);
    element.className = other.className;
    if (!element.matches("table, .quiet")) flash(element);
  }
}
