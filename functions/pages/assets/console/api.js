// Calls of the API in cookie mode, as the account pages make them.

class Failure extends Error {
  constructor(status, { detail, code, errors = [], instance: request }, wait = 0) {
    super(detail);
    // The same call may work later.
    const isPassing = [0, 429].includes(status) || status > 499;
    Object.assign(this, { status, code, errors, request, wait, isPassing });
  }
}

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
  credentials: options.anonymous ? "omit" : "same-origin", cache: "no-store", referrerPolicy: "no-referrer",
  // The next refresh token is in its answer, whatever becomes of the page.
  keepalive: path.endsWith("/auth/token/refresh"),
});

const noNetwork = () => new Failure(0, { code: "no_network" });

async function send(method, path, body, options = {}) {
  const response = await ask(method, path.startsWith("/openapi") ? path : "/api/v1" + path, body, options)
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

// Who is signed in, and what they may do.
const session = { me: null, rights: new Set(), isSuper: false };

// What happens when the session is over: at first the sign-in page, later a dialog on top of the page.
const hooks = {
  signedOut: () => new Promise(() => {
    location.replace("/sign-in?next=" + encodeURIComponent(location.pathname + location.search));
  }),
};
let refreshing = null;

// Tabs take turns, and the calls of one tab share a refresh.
function refresh() {
  const run = () => send("POST", "/auth/token/refresh", {});
  const inTurn = () => (navigator.locks ? navigator.locks.request("rolecall-refresh", run) : run());
  refreshing ??= inTurn().finally(() => { refreshing = null; });
  return refreshing;
}

// Tells other tabs. A browser that keeps nothing works all the same.
function noteSignedIn(isIn) {
  try {
    if (isIn) localStorage.setItem("rolecall.signed_in", String(Date.now()));
    else localStorage.removeItem("rolecall.signed_in");
  } catch { /* It refuses even to say so. */ }
}

// Loads the page anew, and holds back whatever waits.
function startOver() {
  dirty.clear();
  location.reload();
  return new Promise(() => {});
}

// Whoever signs in or switches in another tab acts here, too: the page must not be another one's.
addEventListener("storage", async ({ key, newValue }) => {
  if (key !== "rolecall.signed_in" || !newValue || !session.me) return;
  const now = await send("GET", "/me").catch(() => null);
  if (now && (now.body.id !== session.me.id || now.body.organization !== session.me.organization)) startOver();
});

// Refreshes the session, or has somebody sign in again.
const renew = (failure) => refresh().catch((refused) => {
  if (refused.status !== 401) throw refused;
  noteSignedIn(false);
  return hooks.signedOut(failure);
});

// A request that refreshes the session if it has to.
async function call(method, path, body, options) {
  try {
    return await send(method, path, body, options);
  } catch (failure) {
    if (failure.code === "password_change_required") location.assign("/account");
    if (failure.code !== "unauthenticated") throw failure;
    await renew(failure);
    return send(method, path, body, options);
  }
}

const get = async (path, options) => (await call("GET", path, undefined, options)).body;

// The same key goes with the same body, so that a retry makes nothing twice; `forget` is for what is done.
function useIdempotent() {
  const known = useRef(new Map());
  const keyFor = (body) => {
    const json = JSON.stringify(body);
    if (!known.current.has(json)) known.current.set(json, crypto.randomUUID());
    return known.current.get(json);
  };
  return Object.assign(keyFor, { forget: (body) => known.current.delete(JSON.stringify(body)) });
}

// A query without what is empty; what is repeated stands in an array.
function queryOf(values) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    for (const one of [value].flat()) if (one !== undefined && one !== null && one !== "") query.append(name, one);
  }
  const text = query.toString();
  return text && "?" + text;
}

const segment = (id) => encodeURIComponent(id).replaceAll("%3A", ":");

// What `run(signal)` brings. What was there before stays while the next one is on its way.
function useLoad(run, deps) {
  const [state, set] = useState({ isLoading: true });
  const [turn, again] = useState(0);
  useEffect(() => {
    const control = new AbortController();
    set((before) => ({ ...before, isLoading: true }));
    run(control.signal)
      .then((data) => { if (!control.signal.aborted) set({ data, isLoading: false }); })
      .catch((failure) => {
        if (!control.signal.aborted) set((before) => ({ data: before.data, failure, isLoading: false }));
      });
    return () => control.abort();
  }, [...deps, turn]);
  return { ...state, reload: () => again((count) => count + 1), put: (data) => set({ data, isLoading: false }) };
}

// How many pages without a hit are read before somebody is asked to go on.
const patience = 5;

async function page(path, query, cursor, signal) {
  let made = await get(path + queryOf({ ...query, cursor }), { signal });
  for (let turn = 1; !made.items.length && made.next_cursor && turn < patience; turn += 1) {
    made = await get(path + queryOf({ ...query, cursor: made.next_cursor }), { signal });
  }
  return made;
}

// A list that comes page by page, never counted and never walked.
function useList(path, query = {}) {
  const [more, setMore] = useState({});
  const turn = useRef(0);
  const load = useLoad(async (signal) => {
    turn.current += 1;
    const made = await page(path, query, undefined, signal);
    setMore({});
    return made;
  }, [path, JSON.stringify(query)]);
  const { items, next_cursor: next } = load.data ?? {};
  async function readMore() {
    setMore({ isLoading: true });
    const asked = turn.current;
    try {
      const made = await page(path, query, next);
      // Another list is shown by now.
      if (turn.current !== asked) return;
      load.put({ ...load.data, items: [...items, ...made.items], next_cursor: made.next_cursor });
      setMore({});
    } catch (failure) {
      setMore({ failure });
    }
  }
  const put = (change) => load.put({ ...load.data, items: change(items) });
  return { ...load, items, next, more: { ...more, read: readMore }, put };
}

// Every page of something that is small by nature; `most` pages at most.
async function all(path, query = {}, most = 10) {
  const items = [];
  let cursor;
  for (let turn = 0; turn < most; turn += 1) {
    const made = await get(path + queryOf({ ...query, limit: 200, cursor }));
    items.push(...made.items);
    cursor = made.next_cursor;
    if (!cursor) break;
  }
  return { items, isCut: Boolean(cursor) };
}

// The catalogue, kept until its tag changes.
const catalogueStore = store(null);

async function loadCatalogue() {
  const known = catalogueStore.get();
  const answer = await call("GET", "/catalogue", undefined, { known: known?.etag });
  if (answer.status !== 304) catalogueStore.set({ ...answer.body, etag: answer.etag });
  return catalogueStore.get();
}

const mayReadCatalogue = () => can("catalog.manage", "roles.manage", "roles.assign", "access.check");
const useCatalogue = () => useLoad(loadCatalogue, []);

// One of the rights is enough; in another organization only super admins have any.
function can(...rights) {
  return session.isSuper || rights.some((one) => session.rights.has(one));
}
const canIn = (organization, ...rights) =>
  session.isSuper || (organization === session.me.organization && can(...rights));

async function loadSession() {
  session.me = (await call("GET", "/me")).body;
  const { items } = await all("/me/permissions");
  session.rights = new Set(items.filter((one) => one.module === "RBAC").map((one) => one.code));
  session.isSuper = session.me.memberships.some((one) => one.organization === "PLATFORM" && one.status === "active"
    && one.roles?.includes("super_admin"));
  // The log of all of them is for as many as the API reads at once.
  session.readsAll = session.isSuper && (await all("/organizations", {}, 2)).items.length <= 200;
  try {
    if (!localStorage.getItem("rolecall.signed_in")) noteSignedIn(true);
  } catch { /* It refuses to say. */ }
}
