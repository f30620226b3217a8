"use strict";

// What every page has: its language and texts, calls of the API in cookie mode, and who is signed in.

const root = document.documentElement;
const language = root.lang;
const texts = JSON.parse(document.getElementById("texts").textContent);

// A browser that keeps nothing works all the same.
let local = null;
try {
  local = localStorage;
} catch { /* It refuses even to say so. */ }

// Remembers that this browser signed in: strangers are spared a call that can only fail, and other tabs hear of it.
const signedInKept = "rolecall.signed_in";
const noteSignedIn = () => local?.setItem(signedInKept, String(Date.now()));
const forgetSignedIn = () => local?.removeItem(signedInKept);

// What the next pages are in.
function keepLanguage(code) {
  document.cookie = `rolecall-language=${code}; Path=/; Max-Age=31536000; SameSite=Lax`;
}

class Failure extends Error {
  constructor(status, { detail, code, errors = [], account_status: accountStatus, instance: request }, wait = 0) {
    super(detail);
    // The same call may work later.
    const isPassing = [0, 429].includes(status) || status > 499;
    Object.assign(this, { status, code, errors, accountStatus, request, wait, isPassing });
  }
}

const noNetwork = () => new Failure(0, { code: "no_network" });

// `etag` and `known` are tags, `key` makes a retry do nothing twice; an `anonymous` request leaves the session out.
const headersOf = ({ etag, key, known, anonymous }) => ({
  "Content-Type": "application/json",
  ...(anonymous ? {} : { "Rolecall-Browser": "1" }),
  ...(etag ? { "If-Match": etag } : {}),
  ...(known ? { "If-None-Match": known } : {}),
  ...(key ? { "Idempotency-Key": key } : {}),
});

// A request whose answer is looked at as it is.
const ask = (method, path, body, options = {}) => fetch(path, {
  method, headers: headersOf(options), signal: options.signal, body: body && JSON.stringify(body),
  // A tab that is closed meanwhile still gets the next refresh token.
  keepalive: path.endsWith("/auth/token/refresh"),
  credentials: "same-origin", cache: "no-store", referrerPolicy: "no-referrer",
});

// One call of the API, or of a path that is none of its own.
async function send(method, path, body, options = {}) {
  const isWhole = path.startsWith("/_local/") || path.startsWith("/openapi");
  const response = await ask(method, isWhole ? path : "/api/v1" + path, body, options)
    .catch((failure) => { throw failure.name === "AbortError" ? failure : noNetwork(); });
  const { status, headers: of } = response;
  if (status === 304) return { status, etag: options.known };
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

// Refreshes the session, or has somebody sign in again.
const renew = (failure) => refresh().catch((refused) => {
  if (refused.status !== 401) throw refused;
  forgetSignedIn();
  if (!hooks.signedOut) throw failure;
  return hooks.signedOut(failure);
});

// A call that refreshes the session if it has to.
async function call(...args) {
  try {
    return await send(...args);
  } catch (failure) {
    if (failure.code === "password_change_required") hooks.passwordChange?.();
    if (failure.code !== "unauthenticated") throw failure;
    await renew(failure);
    return send(...args);
  }
}

async function signIn(credentials) {
  const { body } = await send("POST", "/auth/token", credentials);
  noteSignedIn();
  if (body.user.language) keepLanguage(body.user.language);
  return body.user;
}

async function signOut() {
  await send("POST", "/auth/token/revoke", {});
  forgetSignedIn();
}

// Whoever signs in or switches in another tab acts here, too: a page must not be another one's.
function watchTabs(whoseItIs, startOver) {
  addEventListener("storage", async ({ key, newValue }) => {
    const me = whoseItIs();
    if (key !== signedInKept || !newValue || !me) return;
    const now = await send("GET", "/me").catch(() => null);
    if (now && (now.body.id !== me.id || now.body.organization !== me.organization)) startOver();
  });
}
