// The age of the data, every second: by the server's clock, because the reader's may be wrong.
import * as figures from "./figures.js";
import { text } from "./texts.js";

const OLD_SECONDS = 30;
const state = document.getElementById("state");
const time = document.getElementById("as-of");
const shown = document.getElementById("age");
let ahead = 0; // by how many milliseconds the server's clock is ahead of ours; null: it stands still

export function start() {
  const [navigation] = performance.getEntriesByType("navigation");
  setClock(document.body.dataset.now, performance.timeOrigin + navigation.responseStart);
  show();
  setInterval(show, 1000);
}

// What the server's clock said (milliseconds since 1970, empty: it is fixed) at a moment of ours.
export function setClock(said, at) {
  ahead = said ? Number(said) - at : null;
}

// The moment up to which the shown figures hold.
export function set(asOf) {
  time.dateTime = asOf;
  time.textContent = figures.moment(asOf);
  show();
}

function show() {
  const seconds = Math.max(0, Math.floor((Date.now() + ahead - Date.parse(time.dateTime)) / 1000));
  state.classList.toggle("old", ahead !== null && seconds >= OLD_SECONDS);
  shown.textContent = `· ${ahead === null ? text("fixed") : written(seconds)}`;
}

function written(seconds) {
  if (seconds < 2) return text("now");
  if (seconds < 120) return text("seconds", { n: seconds });
  if (seconds < 7200) return text("minutes", { n: Math.floor(seconds / 60) });
  return text("hours", { n: figures.count(Math.floor(seconds / 3600)) });
}
