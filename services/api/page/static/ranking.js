// The ranking of a unit's children: figures in place, the lowest, what has just changed.
import * as figures from "./figures.js";
import { flash, made, put, putQuietly } from "./marks.js";
import * as rows from "./rows.js";
import { showTotal } from "./score.js";
import { text } from "./texts.js";

const LOWEST = 5;
const CHANGED = 6;

// Show a ranking document. False: the page has to be read anew, because other units are in it.
export function show(ranking) {
  const former = new Map(rows.units().map((unit) => [unit.unit.code, unit]));
  if (ranking.units.length !== former.size || ranking.units.some((unit) => !former.has(unit.unit.code))) {
    location.reload();
    return true;
  }
  const moved = [];
  for (const unit of ranking.units) {
    const change = unit.total - former.get(unit.unit.code).total;
    if (showRow(unit)) moved.push({ unit, change });
  }
  rows.take(ranking.units);
  showLowest(ranking.units);
  showChanged(moved.filter((one) => Math.abs(one.change) > 0.004));
  return showTotal(ranking.pooled.total, ranking.pooled.groups);
}

function showRow(unit) {
  const row = rows.row(unit.unit.code);
  const cell = (name) => row.querySelector(`[data-cell="${CSS.escape(name)}"]`);
  const points = (value) => figures.points(unit.handled ? value : null);
  putQuietly(cell("rank"), figures.count(unit.rank));
  showMove(cell("change"), unit.change);
  const moved = cell("total").textContent !== points(unit.total);
  putQuietly(cell("total"), points(unit.total));
  for (const [code, score] of Object.entries(unit.groups)) putQuietly(cell(`group ${code}`), points(score));
  putQuietly(cell("handled"), figures.count(unit.handled));
  put(cell("overdue"), figures.count(unit.overdue));
  cell("overdue").classList.toggle("late", unit.overdue > 0);
  putQuietly(cell("due_soon"), figures.count(unit.due_soon));
  if (moved) flash(row);
  return moved;
}

function showMove(cell, places) {
  const name = places === null || places === 0 ? "none" : places > 0 ? "up" : "down";
  const number = places === null ? "–" : places === 0 ? "=" : figures.count(Math.abs(places));
  const mark = made("span", name, number);
  if (places) mark.prepend(made("span", "sr", `${text(name)} `));
  if (cell.textContent.trim() !== mark.textContent || cell.firstElementChild?.className !== name) cell.replaceChildren(mark);
}

function showLowest(units) {
  const list = document.getElementById("lowest");
  const worst = units.filter((unit) => unit.handled).sort((one, other) => other.rank - one.rank).slice(0, LOWEST);
  const former = new Map([...list.children].map((item) => [item.dataset.code, item.textContent]));
  const lines = worst.map((unit) => {
    const late = unit.overdue ? [made("small", "late", text("overdue", { n: figures.count(unit.overdue) })), " "] : [];
    return line(unit, ...late, made("span", "n", figures.points(unit.total)));
  });
  if (list.textContent === lines.map((item) => item.textContent).join("")) return;
  list.replaceChildren(...lines);
  for (const item of lines) if (former.get(item.dataset.code) !== item.textContent) flash(item);
}

function showChanged(moved) {
  const list = document.getElementById("changed");
  if (!moved.length) return;
  list.querySelector(".none")?.remove();
  moved.sort((one, other) => Math.abs(one.change) - Math.abs(other.change)); // the greatest comes on top
  for (const { unit, change } of moved.slice(-CHANGED)) {
    list.querySelector(`[data-code="${CSS.escape(unit.unit.code)}"]`)?.remove();
    const name = change > 0 ? "up" : "down";
    const mark = made("span", `n ${name}`, figures.change(change));
    mark.prepend(made("span", "sr", `${text(name)} `));
    const item = line(unit, mark, made("span", "n", figures.points(unit.total)));
    list.prepend(item);
    flash(item);
  }
  while (list.children.length > CHANGED) list.lastElementChild.remove();
}

function line(unit, ...after) {
  const item = made("li");
  item.dataset.code = unit.unit.code;
  const link = made("a", "", unit.unit.name);
  link.href = rows.row(unit.unit.code).querySelector("a").href;
  item.append(link, " ", ...after);
  return item;
}
