// Small parts of every view.

// Paths of icons on a grid of 24, drawn with a stroke.
const icons = {
  overview: "M4 13h6V4H4zM14 20h6v-9h-6zM4 20h6v-3H4zM14 7h6V4h-6z",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20a6.5 6.5 0 0 1 13 0M16 4.6a3.5 3.5 0 0 1 0 6.3M18.5 14.5a6.5 6.5 0 0 1 3 5.5",
  organizations: "M4 21V4h10v17M14 9h6v12M2 21h20M7.5 8h3M7.5 12h3M7.5 16h3M17 13h.01M17 17h.01",
  sessions: "M3 5h18v11H3zM8 20h8M12 16v4",
  roles: "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM14.5 16.5l2 2 3.5-4",
  catalogue: "M5 4h11a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3zM5 17a3 3 0 0 1 3-3h11M9 8h6",
  why: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7M12 17h.01",
  activity: "M3 12h4l3 8 4-16 3 8h4",
  statistics: "M4 20V10M10 20V4M16 20v-7M3 20h18",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5",
  menu: "M4 6h16M4 12h16M4 18h16",
  close: "M6 6l12 12M18 6L6 18",
};

const Icon = ({ name }) => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${icons[name]} /></svg>`;

const product = store("Rolecall");
let isFirstPage = true;

// A view: where it stands, what it is called, what can be done, and what it shows.
function Page({ title, crumbs = [], badge, actions, lead, tabs, children }) {
  const heading = useRef();
  const name = product.use();
  useEffect(() => { document.title = `${title} · ${name}`; }, [title, name]);
  useEffect(() => {
    if (!isFirstPage) heading.current.focus();
    isFirstPage = false;
  }, []);
  return html`<div class="page">
    <header class="page-head">
      ${crumbs.length > 0 && html`<nav class="crumbs" aria-label=${t("console.crumbs")}><ol>
        ${crumbs.map(([text, href]) => html`<li><a href=${href}>${text}</a></li>`)}
        <li aria-current="page">${title}</li></ol></nav>`}
      <div class="row apart">
        <div class="row"><h1 tabindex="-1" ref=${heading}>${title}</h1>${badge}</div>
        ${actions && html`<div class="row">${actions}</div>`}
      </div>
      ${lead && html`<p class="quiet lead">${lead}</p>`}
      ${tabs}
    </header>
    ${children}
  </div>`;
}

// Tabs are links: each has an address of its own. `items`: `[key, address, text?]`.
const Tabs = ({ name, items, current }) => html`<nav class="tabs" aria-label=${name}><ul>
  ${items.map(([key, href, text]) => html`<li key=${key}>
    <a href=${href} aria-current=${key === current ? "page" : null}>${text ?? t("console.tab." + key)}</a></li>`)}</ul></nav>`;

// Something that one reads, changes and takes away at its path, with the tag that says which version one has seen.
function useThing(path) {
  const load = useLoad(() => call("GET", path), [path]);
  const { body: one, etag } = load.data ?? {};
  // Who was too late sees how it is now.
  const late = (failure) => { if (failure.code === "stale") load.reload(); throw failure; };
  const change = async (method, below, body) => load.put(await call(method, path + below, body, { etag }).catch(late));
  return {
    ...load, one, etag, path, again: () => call("GET", path),
    patch: (body) => change("PATCH", "", body), post: (below) => change("POST", below),
    save: async (body, options) => { load.put(await call("PATCH", path, body, options)); return t("console.saved"); },
    remove: () => call("DELETE", path, undefined, { etag }).catch(late),
  };
}

// A thing with its tabs: `[key, what it shows]`, the first of which is shown when the address names none.
function Detail({ thing, view, id, query, title, badge, actions, tabs, up = [] }) {
  const { one } = thing;
  const name = one ? title?.(one) ?? one.name : id;
  const crumbs = [[label(view), pathTo(view)], ...up];
  if (!one) return html`<${Page} title=${name} crumbs=${crumbs}><${Loaded} load=${thing} /><//>`;
  const items = tabs.filter(Boolean);
  const [key, content] = items.find(([known]) => known === query.get("tab")) ?? items[0];
  return html`<${Page} title=${name} crumbs=${crumbs} badge=${html`${one.code && html`<code>${one.code}</code><${Active} is=${one.is_active} />`}${badge?.(one)}`}
      actions=${actions?.(one)} tabs=${html`<${Tabs} name=${name} current=${key} items=${items.map(([tab]) => [tab, pathTo(route.get().view, id, { tab })])} />`}>
    ${thing.failure && html`<${Problem} failure=${thing.failure} retry=${thing.reload} />`}${content(one)}<//>`;
}

// What may be changed of it, or only read, and what stands beside.
const Profile = ({ thing, fields, may, facts, children }) => html`<div class="columns">
  <${Card} title=${t("console.tab.profile")}>${may ? html`<${Form} fields=${fields} values=${thing.one} etag=${thing.etag} again=${thing.again} send=${thing.save} />`
  : html`<${ReadOnly} fields=${fields} values=${thing.one} />`}<//>
  <${Card} title=${t("console.details")}><${Facts} of=${thing.one} items=${facts} />${children}<//></div>`;

const statusTints = {
  active: "good", pending: "warn", suspended: "bad", deleted: "bad", inactive: "", critical: "bad", high: "warn",
  ok: "good", failed: "bad", invited: "warn",
};
const Badge = ({ kind, children }) => html`<span class=${`badge ${statusTints[kind] ?? kind ?? ""}`}>${children}</span>`;
const Status = ({ value }) => html`<${Badge} kind=${value}>${word("console.status.", value)}<//>`;
const Active = ({ is }) => html`<${Status} value=${is ? "active" : "inactive"} />`;

// A person by initials, in one of six colours.
function Avatar({ user }) {
  const name = nameOf(user);
  const letters = name.split(/[\s._-]+/).slice(0, 2).map((one) => [...one][0] ?? "").join("").toUpperCase();
  const colour = [...(user.id ?? name)].reduce((sum, one) => sum + one.codePointAt(0), 0) % 6;
  return html`<span class=${`avatar tint${colour}`} aria-hidden="true">${letters}</span>`;
}

// What a failed call says: words, the id of the request, a wait that counts down, and another try.
function problemText({ code, message }) {
  const key = ["console.problem.", "common.problem."].find((set) => has(set + code));
  return key ? t(key + code, { min: 8, max: 128 }) : message || t("common.problem.internal_error");
}

const requestOf = ({ request }) => request && t("common.request", { id: request });

function Problem({ failure, retry, text }) {
  const [left, setLeft] = useState(failure.wait ?? 0);
  useEffect(() => {
    const end = Date.now() + (failure.wait ?? 0) * 1000;
    const tick = () => setLeft(Math.max(0, Math.ceil((end - Date.now()) / 1000)));
    tick();
    const timer = failure.wait ? setInterval(tick, 500) : 0;
    return () => clearInterval(timer);
  }, [failure]);
  const clock = new Date(left * 1000).toISOString().slice(left < 3600 ? 14 : 11, 19);
  const details = failure.errors?.map((one) => words(one.field, problemText(one))) ?? [];
  return html`<div class="note bad">
    <p role="alert">${text ?? problemText(failure)}</p>
    ${!text && details.length > 0 && html`<ul class="small">${details.map((one) => html`<li>${one}</li>`)}</ul>`}
    ${left > 0 && html`<p role="timer" class="small">${t("common.wait", { time: clock })}</p>`}
    ${retry && html`<${Button} run=${retry} disabled=${left > 0}>${t("common.try_again")}<//>`}
    ${failure.request && html`<p class="small quiet">${requestOf(failure)}</p>`}
  </div>`;
}

// Grey lines in the place of what is on its way: nothing jumps when it comes.
const Skeleton = ({ lines = 6 }) => html`<div class="skeleton" role="status">
  <span class="unseen">${t("common.loading")}</span>${Array.from({ length: lines }, () => html`<span class="line"></span>`)}
</div>`;

// What a load brought, or that it failed.
function Loaded({ load, lines, children }) {
  if (load.failure && load.data === undefined) return html`<${Problem} failure=${load.failure} retry=${load.reload} />`;
  if (load.data === undefined) return html`<${Skeleton} lines=${lines} />`;
  return html`<div aria-busy=${load.isLoading ? "true" : null} class="stack">
    ${load.failure && html`<${Problem} failure=${load.failure} retry=${load.reload} />`}${children(load.data)}</div>`;
}

// What this is, and what to do first.
const Empty = ({ title, children, action }) => html`<div class="empty">
  <h2>${title}</h2><p class="quiet">${children}</p>${action}</div>`;

// A card with a heading.
function Card({ title, actions, children, lead, kind = "" }) {
  const id = useId();
  return html`<section class=${`card stack ${kind}`} aria-labelledby=${id}>
    <div class="row apart"><h2 id=${id}>${title}</h2>${actions && html`<div class="row">${actions}</div>`}</div>
    ${lead && html`<p class="quiet small">${lead}</p>`}${children}</section>`;
}

const Cross = ({ name, run }) => html`<${Button} kind="plain icon-only" aria-label=${name} run=${run}><${Icon} name="close" /><//>`;

// How a value looks by its name: a time, a state, a number, and a dash for what is not there.
function valueOf(name, value) {
  if (value === null || value === undefined || value === "") return "–";
  if (name === "last_login_at" && /T00:00:00\.000Z$/.test(value)) return html`<${Day} at=${value} />`;
  if (/_at$|_until$|^signs_from$|_activity$/.test(name)) return html`<${When} at=${value} />`;
  if (name === "status") return html`<${Status} value=${value} />`;
  if (name === "is_active") return html`<${Active} is=${value} />`;
  if (["code", "kid", "ip_address"].includes(name)) return html`<code>${value}</code>`;
  if (name === "id") return html`<${Id} value=${value} />`;
  if (["roles", "scopes"].includes(name)) return value.map((one) => html`<span class="tag">${one}</span> `);
  return typeof value === "number" ? number(value) : show(value);
}

// Terms and what they are: names of values, or `[name, content]`; what is empty is left out.
const Facts = ({ of = {}, items }) => html`<dl class="facts">${items.filter(Boolean).map((one) => {
  const [name, value] = Array.isArray(one) ? one : [one, of[one] && valueOf(one, of[one])];
  return (value || value === 0) && html`<div><dt>${label(name)}</dt><dd>${value}</dd></div>`;
})}</dl>`;

// A table of a few columns within something else.
const PlainTable = ({ heads, rows }) => html`<table class="plain-table"><thead><tr>${heads.map((one) => html`<th scope="col">${one}</th>`)}</tr></thead>
  <tbody>${rows.map(([first, ...rest]) => html`<tr><th scope="row">${first}</th>${rest.map((one) => html`<td>${one}</td>`)}</tr>`)}</tbody></table>`;

// Says for a moment what was done.
const toasts = store([]);
function toast(text) {
  const one = { text };
  toasts.set((before) => [...before, one]);
  setTimeout(() => toasts.set((before) => before.filter((other) => other !== one)), 8000);
}
const Toasts = () => html`<div class="toasts" role="status">${toasts.use().map(({ text }) => html`<p key=${text}>${text}</p>`)}</div>`;

// Something to do: `what` names its words. What has a warning is asked about before, and `typed` has to be typed then.
const doing = (what, name, more = {}) => ({
  title: `${t("console.do." + what)}: ${name}`, text: t("console.sure." + what, { name }), button: t("console.do." + what), isBad: true, ...more,
});

function Act({ what, name, run, typed, text, isSmall, isMain }) {
  const [state, set] = useState({});
  const alive = useRef(true);
  useEffect(() => () => { alive.current = false; }, []);
  const isGrave = has("console.sure." + what);
  async function go() {
    const more = text ? { typed, text } : { typed };
    if (state.isBusy || (isGrave && !await confirmDialog(doing(what, name, more)))) return;
    set({ isBusy: true });
    try {
      if (await run() !== false) toast(t("console.done"));
      if (alive.current) set({});
      keepFocus();
    } catch (failure) {
      if (alive.current) set({ failure });
    }
  }
  const words = t("console.do." + what);
  return html`<button type="button" class=${classes(isSmall ? "plain small" : isGrave && "danger", isSmall && isGrave && "bad-text", isMain && "main")}
      onClick=${go} aria-label=${isSmall && name ? `${words}: ${name}` : null} aria-busy=${state.isBusy ? "true" : null}>${words}</button>
    ${state.failure && html`<${Problem} failure=${state.failure} />`}`;
}

// Whoever did something that took its own button away is at the top of what is left.
const keepFocus = () => requestAnimationFrame(() => {
  if (document.activeElement === document.body) document.querySelector("h1")?.focus();
});

// A button for what the page itself does.
const Button = ({ run, children, kind = "", ...rest }) => html`<button type="button" class=${kind} onClick=${run} ...${rest}>${children}</button>`;

async function copy(text) {
  await navigator.clipboard.writeText(text);
  toast(t("console.copied"));
}

// An id that is read seldom and copied often.
const Id = ({ value }) => html`<span class="id"><code>${value}</code>
  <${Button} kind="plain small" run=${() => copy(value)} aria-label=${`${t("console.copy")}: ${value}`}>${t("console.copy")}<//></span>`;
