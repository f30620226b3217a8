"use strict";

// What every page needs: texts, elements, calls of the API, the frame around the content.

const root = document.documentElement;
const language = root.lang;
const texts = JSON.parse(document.getElementById("texts").textContent);
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

// A browser that keeps nothing works all the same.
let local = null;
let session = null;
try {
  local = localStorage;
  session = sessionStorage;
} catch { /* It refuses even to say so. */ }

function takeKept(name) {
  const value = session?.getItem(name);
  session?.removeItem(name);
  return value;
}

// Remembers that this browser signed in: strangers are spared a call that can only fail.
const signedInKept = "rolecall.signed_in";
const noteSignedIn = () => local?.setItem(signedInKept, String(Date.now()));
const forgetSignedIn = () => local?.removeItem(signedInKept);

// Calls of the API.

class Failure extends Error {
  constructor(status, { detail, code, errors = [], account_status: accountStatus, instance: request }, wait = 0) {
    super(detail);
    // The same call may work later.
    const isPassing = [0, 429].includes(status) || status > 499;
    Object.assign(this, { status, code, errors, accountStatus, request, wait, isPassing });
  }
}

const noNetwork = () => new Failure(0, { code: "no_network" });

// One request; an `anonymous` one leaves the session out.
async function send(method, path, body, { etag, anonymous } = {}) {
  const headers = { "Content-Type": "application/json" };
  if (!anonymous) headers["Rolecall-Browser"] = "1";
  if (etag) headers["If-Match"] = etag;
  const response = await fetch(path.startsWith("/_local/") ? path : "/api/v1" + path, {
    method, headers, body: body && JSON.stringify(body),
    // A tab that is closed meanwhile still gets the next refresh token.
    keepalive: path === "/auth/token/refresh",
    credentials: "same-origin", cache: "no-store", referrerPolicy: "no-referrer",
  }).catch(() => { throw noNetwork(); });
  const { status, headers: of } = response;
  const answer = await response.json().catch(() => null);
  // What stands before the API knows no codes.
  const code = status === 429 ? "too_many_requests" : "unavailable";
  const instance = of.get("X-Request-Id");
  if (!response.ok) throw new Failure(status, { code, instance, ...answer }, Number(of.get("Retry-After")) || 0);
  if (!answer && status !== 204) throw noNetwork();
  return { status, body: answer, etag: of.get("ETag") };
}

// What a page does when the session is over, and when the password has to change before anything else.
const hooks = {};
let refreshing = null;

// Tabs take turns, and the calls of one tab share a refresh.
function refresh() {
  const run = () => send("POST", "/auth/token/refresh", {});
  const inTurn = () => (navigator.locks ? navigator.locks.request("rolecall-refresh", run) : run());
  refreshing ??= inTurn().finally(() => { refreshing = null; });
  return refreshing;
}

// A request that refreshes the session if it has to.
async function call(...args) {
  try {
    return await send(...args);
  } catch (failure) {
    if (failure.code === "password_change_required") hooks.passwordChange?.();
    if (failure.code !== "unauthenticated") throw failure;
    await refresh().catch((refused) => {
      if (refused.status !== 401) throw refused;
      forgetSignedIn();
      if (!hooks.signedOut) throw failure;
      return hooks.signedOut(failure);
    });
    return send(...args);
  }
}

async function signIn(email, password) {
  const { body } = await send("POST", "/auth/token", { email, password });
  noteSignedIn();
  if (body.user.language) keepLanguage(body.user.language);
  return body.user;
}

async function signOut() {
  await send("POST", "/auth/token/revoke", {});
  forgetSignedIn();
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

// What the next pages are in.
function keepLanguage(code) {
  document.cookie = `rolecall-language=${code}; Path=/; Max-Age=31536000; SameSite=Lax`;
}

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
