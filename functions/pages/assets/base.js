// What the account pages have: elements, words for problems, the frame around the content.

const main = document.getElementById("main");

// A missing text shows its key.
const t = (key, values = {}) => (texts[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

// Functions listen; `true` is an attribute without a value; what is empty or false is left out.
function el(tag, props, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value || value === "") made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter(Boolean));
  return made;
}

const p = (text, props) => el("p", props, text);
const link = (href, text, props) => el("a", { href, ...props }, text);
const button = (text, click, props) => el("button", { type: "button", click, ...props }, text);

let session = null;
try {
  session = sessionStorage;
} catch { /* It refuses even to say so. */ }

function takeKept(name) {
  const value = session?.getItem(name);
  session?.removeItem(name);
  return value;
}

// How this product looks, until the API says it.

const passwords = { min: 8, max: 128 };
const appearance = {
  product_name: "Rolecall", links: {}, registration: "verified", password: passwords, languages: ["en", "de"],
};

// What a code means, in words; the API's own sentence where there are none.
function problemText({ code, message }) {
  const text = t("common.problem." + code, passwords);
  return text.endsWith(code) ? message || t("common.problem.internal_error") : text;
}

function nameTitle() {
  const h1 = main.querySelector("h1");
  document.title = (h1 ? `${h1.textContent} · ` : "") + appearance.product_name;
}

function brand() {
  const { product_name: name, logo_url: src, links } = appearance;
  const letter = () => el("span", { class: "mark", "aria-hidden": "true" }, [...name][0]);
  const own = src && new URL(src, location).pathname;
  const mark = src ? [el("img", { src: own, alt: name })] : [letter(), name];
  return links.home ? link(links.home, mark, { class: "brand" }) : el("div", { class: "brand" }, mark);
}

// The token of a mailed link, while its page is open.
let linkToken = null;
const typedBefore = JSON.parse(takeKept("rolecall.typed") ?? "{}");

// Loads the page in another language; what is typed goes with it, but no password.
function speak(code) {
  const fields = [...document.querySelectorAll("[name]:not([autocomplete$=password])")];
  const typed = Object.fromEntries(fields.map(({ name, value }) => [name, value]));
  session?.setItem("rolecall.typed", JSON.stringify(typed));
  if (linkToken) session?.setItem("rolecall.token", linkToken);
  keepLanguage(code);
  location.reload();
}

function languageSelect(props, chosen) {
  const name = (code) => new Intl.DisplayNames([code], { type: "language" }).of(code);
  return el("select", props, appearance.languages.map((code) =>
    el("option", { value: code, lang: code, selected: code === chosen }, name(code))));
}

function footer() {
  const { home, terms, privacy, support } = appearance.links;
  const select = languageSelect({ change: ({ target }) => speak(target.value) }, language);
  return [
    home && link(home, t("common.home")),
    terms && link(terms, t("common.terms")),
    privacy && link(privacy, t("common.privacy")),
    support && link(support, t("common.support")),
    appearance.languages.length > 1 && el("label", null, t("common.language"), select),
  ].filter(Boolean);
}

// What a page shows beside the name.
let besideBrand = [];

function frame(beside = besideBrand) {
  besideBrand = beside;
  if (appearance.accent_color) root.style.setProperty("--accent", appearance.accent_color);
  Object.assign(passwords, appearance.password);
  document.getElementById("top").replaceChildren(brand(), ...besideBrand);
  document.getElementById("foot").replaceChildren(...footer());
  nameTitle();
}

// Whoever reads none of the languages, and chose none, gets the product's own.
function speakForStrangers() {
  const reads = (one) => appearance.languages.includes(one.split("-")[0].toLowerCase());
  const isKnown = document.cookie.includes("rolecall-language=") || navigator.languages.some(reads);
  if (!isKnown && appearance.default_language !== language) speak(appearance.default_language);
}

// Asks how the product looks, and waits a second for it at most.
function dress() {
  frame();
  const asked = fetch("/api/v1/appearance", { credentials: "omit" }).then((response) => response.ok && response.json());
  const shown = asked.then((found) => { Object.assign(appearance, found); frame(); speakForStrangers(); }).catch(() => {});
  return Promise.race([shown, new Promise((done) => { setTimeout(done, 1000); })]);
}

// From the second view on, the heading gets the focus: readers of the screen hear where they are.
function show(heading, ...content) {
  const isFirst = !main.querySelector("h1");
  const h1 = el("h1", { tabindex: "-1" }, heading);
  main.replaceChildren(el("div", { class: "card stack" }, h1, ...content.filter(Boolean)));
  nameTitle();
  if (!isFirst) h1.focus();
}
