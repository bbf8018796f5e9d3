// Numbers and moments as the page's language writes them; the same as figures.py on the server.
import { text } from "./texts.js";

const language = document.documentElement.lang;
const vietnamese = language === "vi";
const form = (options) => new Intl.NumberFormat(vietnamese ? "vi-VN" : "en-US", { useGrouping: "always", ...options });

const NO_DATA = "–";
const two = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
const forms = {
  count: form({ maximumFractionDigits: 4 }),
  points: form(two),
  change: form({ ...two, signDisplay: "always" }),
  percent: form(two),
};

const written = (name, value) => (value === null ? NO_DATA : forms[name].format(value).replace("-", "−"));

export const count = (value) => written("count", value);
export const points = (value) => written("points", value);
export const change = (value) => written("change", value);
export const percent = (ratio) => (ratio === null ? NO_DATA : written("percent", 100 * ratio) + (vietnamese ? "\u00a0%" : "%"));

// A mean of seconds as days.
export const duration = (seconds) => (seconds === null ? NO_DATA : `${forms.points.format(seconds / 86_400)} ${text("days")}`);

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

// A moment (RFC 3339) by its own offset, to the second.
export function moment(text) {
  const [year, month, day] = text.slice(0, 10).split("-");
  const date = vietnamese ? `${day}/${month}/${year}` : `${Number(day)} ${MONTHS[month - 1]} ${year}`;
  return `${text.slice(11, 19)} ${date}`;
}

export const byName = new Intl.Collator("vi", { numeric: true }).compare;
