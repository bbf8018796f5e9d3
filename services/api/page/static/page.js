// Reads the rows again every second (with the ETag: nothing is sent when nothing changed), not while the tab is hidden.
"use strict";

const EVERY_MS = 1000;
const PATIENCE_MS = 5000;
const shown = (id) => document.getElementById(id);
const points = new Intl.NumberFormat("vi", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const whole = new Intl.NumberFormat("vi");

const choice = shown("choice");
let offset = 0;
let known = { url: "", tag: "" };
let former = new Map();
let asOf = Date.parse(shown("as-of").dateTime) || null;
let timer = 0;

function address() {
  const query = new URLSearchParams({ sort: choice.sort.value, offset });
  if (choice.q.value.trim()) query.set("q", choice.q.value.trim());
  return `page/units?${query}`;
}

async function read() {
  const url = address();
  const headers = url === known.url && known.tag ? { "If-None-Match": known.tag } : {};
  const answer = await fetch(url, { headers, cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
  if (answer.status === 503) return say("Đang nạp số liệu · Loading figures");
  if (!answer.ok && answer.status !== 304) throw new Error(answer.status);
  if (url !== address()) return; // another choice was made meanwhile
  const moment = answer.headers.get("Nhip-As-Of");
  asOf = Date.parse(moment);
  shown("as-of").dateTime = moment;
  shown("as-of").textContent = moment.slice(0, 19).replace("T", " ");
  say("Số liệu đến · As of");
  if (answer.status === 304) return;
  draw(await answer.json());
  known = { url, tag: answer.headers.get("ETag") };
}

function say(text) {
  shown("live").textContent = text;
}

function age() {
  if (asOf === null) return;
  const seconds = Math.max(0, Math.round((Date.now() - asOf) / 1000));
  shown("age").textContent = seconds < 3 ? "" : `(${whole.format(seconds)} giây trước · ${whole.format(seconds)} s ago)`;
}

function cell(tag, text, name) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (name) made.className = name;
  return made;
}

function draw(page) {
  const totals = new Map();
  const rows = page.rows.map(([code, name, , total, ...counts]) => {
    const row = document.createElement("tr");
    const head = cell("th", `${name} `);
    head.scope = "row";
    head.append(cell("small", code));
    totals.set(code, total);
    const moved = former.has(code) && former.get(code) !== total;
    row.append(head, cell("td", total === null ? "–" : points.format(total), moved ? "n total moved" : "n total"));
    row.append(...counts.map((count) => cell("td", whole.format(count), "n")));
    return row;
  });
  former = totals;
  shown("rows").replaceChildren(...rows);
  const last = page.offset + page.rows.length;
  shown("place").textContent = page.count ? `${page.offset + 1}–${last} / ${whole.format(page.count)}` : "0";
  shown("previous").disabled = page.offset === 0;
  shown("next").disabled = last >= page.count;
  shown("next").dataset.step = page.limit;
}

async function turn() {
  clearTimeout(timer);
  if (!document.hidden) {
    try {
      await read();
      shown("lost").hidden = true;
    } catch {
      shown("lost").hidden = false;
    }
    age();
  }
  clearTimeout(timer);
  timer = setTimeout(turn, EVERY_MS);
}

function again(first) {
  if (first) offset = 0;
  former = new Map();
  turn();
}

choice.addEventListener("input", () => again(true));
choice.addEventListener("submit", (event) => { event.preventDefault(); again(true); });
shown("previous").addEventListener("click", () => { offset = Math.max(0, offset - Number(shown("next").dataset.step)); again(); });
shown("next").addEventListener("click", () => { offset += Number(shown("next").dataset.step); again(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) turn(); });
turn();
