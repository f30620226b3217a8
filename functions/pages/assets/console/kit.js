// What everything needs: elements, hooks, texts in the reader's language, times and numbers.

import { h, render } from "./preact.mjs";
import { useEffect, useErrorBoundary, useId, useMemo, useRef, useState } from "./hooks.mjs";
import htm from "./htm.mjs";

const html = htm.bind(h);
root.classList.add("console");

const plurals = new Intl.PluralRules(language);
const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
const dateTime = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
const dayOnly = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" });
const exact = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" });
const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });

// A text by its key; one with `n` may have forms `.one` and `.other`. A missing one shows its key.
function t(key, values = {}) {
  const text = texts[key] ?? texts[`${key}.${plurals.select(values.n ?? 0)}`] ?? texts[`${key}.other`] ?? key;
  const shown = (value) => (typeof value === "number" ? numbers.format(value) : value);
  return text.replace(/\{(\w+)\}/g, (whole, name) => shown(values[name]) ?? whole);
}

const has = (key) => key in texts;

// What a thing of this name is called, wherever it stands.
const label = (name) => t("console.field." + name);

// The word for a value of a closed set, or the value itself.
const word = (set, value) => (has(set + value) ? t(set + value) : value);

const number = (value) => (value == null ? "–" : numbers.format(value));
const percent = (value) => (value == null ? "–" : `${number(value)} %`);
const words = (...some) => some.filter(Boolean).join(" · ");
const classes = (...some) => some.filter(Boolean).join(" ");
const nameOf = (user) => [user.first_name, user.last_name].filter(Boolean).join(" ") || user.name || user.username || user.email || user.id;

const units = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60]];

function ago(date) {
  const seconds = (date - Date.now()) / 1000;
  const found = units.find(([, size]) => Math.abs(seconds) >= size);
  return found ? relative.format(Math.trunc(seconds / found[1]), found[0]) : relative.format(0, "second");
}

// A moment: how long ago it is, with the date behind it; `isExact` turns it round.
function When({ at, isExact }) {
  if (!at) return "–";
  const date = new Date(at);
  const [shown, title] = isExact ? [exact.format(date), ago(date)] : [ago(date), exact.format(date)];
  return html`<time datetime=${at} title=${title}>${shown}</time>`;
}

// A day, where nothing says more: in UTC, as it was written.
function Day({ at }) {
  const days = new Date(at) / 864e5;
  const ago = Math.floor(Date.now() / 864e5) - days;
  return html`<time datetime=${at.slice(0, 10)} title=${dayOnly.format(new Date(at))}>${ago < 30 ? relative.format(-ago, "day") : dayOnly.format(new Date(at))}</time>`;
}

// A value that components share: `use` in a component shows it again when it changes.
function store(value) {
  const listeners = new Set();
  const one = {
    get: () => value,
    set(next) {
      value = typeof next === "function" ? next(value) : next;
      for (const listener of [...listeners]) listener(value);
    },
    use() {
      const [, again] = useState(0);
      useEffect(() => {
        const listener = () => again((count) => count + 1);
        listeners.add(listener);
        return () => listeners.delete(listener);
      }, []);
      return value;
    },
  };
  return one;
}

// Waits until nobody has typed for a moment.
function useDebounced(value, wait = 250) {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(value), wait);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

// Calls `run` on keys that it names: `{Enter: …, "Mod+s": …}`.
const keys = (handlers) => (event) => {
  const name = (event.metaKey || event.ctrlKey ? "Mod+" : "") + event.key;
  const handler = handlers[name];
  if (!handler || handler(event) === false) return;
  event.preventDefault();
};

// Times in fields are the reader's, those of the API are UTC.
const toField = (at) => {
  if (!at) return "";
  const date = new Date(at);
  return new Date(date - date.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
};
const fromField = (value) => (value ? new Date(value).toISOString() : null);
