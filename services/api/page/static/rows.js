// The rows of the ranking: found by a search, in the order of a column. Works on what the server sent, with the same rules.
import * as address from "./address.js";
import { byName, count } from "./figures.js";
import { text } from "./texts.js";

const table = document.getElementById("ranking");
const data = document.getElementById("ranking-data");
const search = document.getElementById("search");
const rowOf = new Map(table ? [...table.tBodies[0].rows].map((row) => [row.dataset.code, row]) : []);
let known = data ? JSON.parse(data.textContent) : [];

const values = {
  rank: (unit) => unit.rank,
  name: (unit) => unit.unit.name,
  total: (unit) => (unit.handled ? unit.total : null),
  overdue: (unit) => unit.overdue,
  change: (unit) => unit.change,
};

export const units = () => known;
export const row = (code) => rowOf.get(code);

// Take the units of a new ranking document, and put their rows in order.
export function take(units) {
  known = units;
  order();
}

export function start() {
  if (!table) return;
  table.tHead.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-sort]");
    if (!link) return;
    event.preventDefault();
    sortBy(link.dataset.sort);
  });
  search.addEventListener("submit", (event) => event.preventDefault());
  search.q.addEventListener("input", () => {
    find();
    address.set("q", search.q.value.trim());
  });
}

function sortBy(column) {
  table.dataset.sort = table.dataset.sort === column ? `-${column}` : column;
  for (const link of table.tHead.querySelectorAll("a[data-sort]")) {
    const chosen = table.dataset.sort.replace("-", "") === link.dataset.sort;
    if (chosen) link.closest("th").setAttribute("aria-sort", table.dataset.sort.startsWith("-") ? "descending" : "ascending");
    else link.closest("th").removeAttribute("aria-sort");
  }
  address.set("sort", table.dataset.sort);
  order();
}

function order() {
  const falling = table.dataset.sort.startsWith("-");
  const value = values[table.dataset.sort.replace("-", "")];
  const compare = (one, other) => (typeof one === "string" ? byName(one, other) : one - other);
  const sorted = [...known].sort((one, other) => {
    const [a, b] = [value(one), value(other)];
    if (a === null || b === null) return (a === null) - (b === null); // what has no value comes last either way
    return falling ? compare(b, a) : compare(a, b);
  });
  const focused = document.activeElement;
  const body = table.tBodies[0];
  sorted.forEach((unit, place) => {
    const row = rowOf.get(unit.unit.code);
    if (body.rows[place] !== row) body.insertBefore(row, body.rows[place] ?? null);
  });
  if (body.contains(focused)) focused.focus({ preventScroll: true });
}

function find() {
  const wanted = plain(search.q.value.trim());
  let found = 0;
  for (const row of rowOf.values()) {
    row.hidden = !row.dataset.find.includes(wanted);
    found += !row.hidden;
  }
  document.getElementById("shown").textContent = text("shown", { shown: count(found), count: count(known.length) });
  document.getElementById("none").hidden = found > 0;
}

// Small letters without diacritics, as words.py does it.
function plain(name) {
  return name.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "");
}
