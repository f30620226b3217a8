// Reading what the API has: once, page by page, and again; and who is signed in.

// Who is signed in, and what they may do.
const session = { me: null, rights: new Set(), isSuper: false };

// At first the sign-in page, later a dialog on top of the page.
hooks.signedOut = () => new Promise(() => {
  location.replace("/sign-in?next=" + encodeURIComponent(location.pathname + location.search));
});
hooks.passwordChange = () => location.assign("/account");

// Loads the page anew, and holds back whatever waits.
function startOver() {
  dirty.clear();
  location.reload();
  return new Promise(() => {});
}

watchTabs(() => session.me, startOver);

const get = async (path, options) => (await call("GET", path, undefined, options)).body;

// Of more organizations than the API reads at once the log cannot be had: one's own is shown then.
async function getOfAll(path, query, options) {
  try {
    return await get(path + queryOf(query), options);
  } catch (failure) {
    if (query.organization !== "*" || !failure.errors?.some(({ code }) => code === "too_many")) throw failure;
    session.readsAll = false;
    return get(path + queryOf({ ...query, organization: "" }), options);
  }
}

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
  let made = await getOfAll(path, { ...query, cursor }, { signal });
  for (let turn = 1; !made.items.length && made.next_cursor && turn < patience; turn += 1) {
    made = await getOfAll(path, { ...query, cursor: made.next_cursor }, { signal });
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
  session.readsAll = session.isSuper;
  if (!local?.getItem(signedInKept)) noteSignedIn();
}
