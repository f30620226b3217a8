// What happened: rows of the log, each value of which leads to its filter, and one record in full.

const only = (values) => {
  const query = new URLSearchParams(location.pathname.startsWith("/console/activity") ? location.search : "");
  for (const name of ["open", "follow"]) query.delete(name);
  for (const [name, value] of Object.entries(values)) query.set(name, value);
  return "/console/activity?" + query;
};

// A value that shows everything else with the same value.
const Lead = ({ to, children }) => html`<a class="lead-to" href=${only(to)} title=${label(Object.keys(to)[0])}>${children}</a>`;

// What it was, in words; a call by its route.
const whatOf = (one) => (one.activity_type === "api_request" ? words(one.details.route, one.details.status) : one.description);

const Outcome = ({ of }) => html`<${Badge} kind=${of.success ? "good" : "bad"}>${word("console.success.", String(of.success))}<//>`;
const who = (id, name, to) => (id ? html`<${Lead} to=${to}>${name ?? id.slice(0, 8)}<//>` : "–");

const activityColumns = (open, isEverywhere) => [
  ["what", (one) => html`<${Button} kind="plain what" run=${() => open(one)}>${whatOf(one)}<//>
    <span class="small"><${Lead} to=${{ activity_type: one.activity_type }}>${one.activity_type}<//>${one.tags.map((tag) => html` <${Lead} to=${{ tag }}>#${tag}<//>`)}</span>`],
  ["success", (one) => html`<span><a class="bare" href=${only({ success: one.success })}><${Outcome} of=${one} /></a>
    ${["high", "critical"].includes(one.severity) && html` <a class="bare" href=${only({ severity: one.severity })}><${Badge} kind=${one.severity}>${word("console.severity.", one.severity)}<//></a>`}</span>`],
  ["who", (one) => (one.user_id ? who(one.user_id, one.username, { user_id: one.user_id }) : t(one.service_id ? "console.service" : "console.activity.nobody"))],
  ["subject", (one) => who(one.subject_id, one.subject_username, { subject_id: one.subject_id })],
  isEverywhere && ["organization", (one) => html`<${Lead} to=${{ organization: one.organization }}>${one.organization}<//>`],
  ["category", (one) => html`<${Lead} to=${{ category: one.category }}>${word("console.category.", one.category)}<//>`],
  ["when", (one) => html`<${When} at=${one.created_at} />`],
];

// Before and after, and nothing that stayed as it was.
function Diff({ before, after }) {
  const names = [...new Set(Object.keys({ ...before, ...after }))].filter((name) => !same(before?.[name], after?.[name]));
  return names.length > 0 && html`<h3>${t("console.activity.changes")}</h3><${PlainTable} heads=${conflictHeads("field", "before", "now")}
    rows=${names.map((name) => [name, before ? html`<del>${show(before[name])}</del>` : "–", after ? html`<ins>${show(after[name])}</ins>` : "–"])} />`;
}

const Json = ({ title, value }) => value && Object.keys(value).length > 0 && html`<h3>${title}</h3><pre tabindex="0">${JSON.stringify(value, null, 2)}</pre>`;

function Record({ of, close }) {
  const load = useLoad(async () => (of.activity_type ? of : get(`/activities/${of.id}` + queryOf({ organization: session.isSuper ? of.organization ?? "*" : "" }))), [of.id]);
  const person = (id, name) => id && html`<a href=${pathTo("people", id)}>${name ?? id}</a>`;
  return html`<${Dialog} title=${load.data ? whatOf(load.data) : label("activity")} close=${close} size="drawer" isFree><${Loaded} load=${load}>${(one) => {
    const { before, after, ...details } = one.details;
    const lead = (name, shown = one[name]) => one[name] && html`<${Lead} to=${{ [name]: one[name] }}>${shown}<//>`;
    return html`<p class="quiet">${one.description}</p>${one.error_message && html`<p class="note bad">${one.error_message}</p>`}
      <${Facts} of=${one} items=${[
    ["when", html`<${When} at=${one.created_at} isExact />`], ["success", html`<a class="bare" href=${only({ success: one.success })}><${Outcome} of=${one} /></a>`],
    ["who", person(one.user_id, one.username) ?? person(one.service_id, t("console.service"))], ["subject", person(one.subject_id, one.subject_username)],
    ["organization", lead("organization")], ["activity_type", lead("activity_type")], ["category", lead("category", word("console.category.", one.category))], ["severity", lead("severity", word("console.severity.", one.severity))],
    one.reported && ["reported", t("console.activity.reported")], ["duration", one.duration_ms !== null && `${number(one.duration_ms)} ms`],
    "ip_address", "user_agent", one.related && ["related", `${one.related.type} ${one.related.id}`],
    one.tags.length > 0 && ["tag", one.tags.map((tag) => html`<${Lead} to=${{ tag }}>#${tag}<//> `)],
    one.request_id && ["request_id", html`<${Id} value=${one.request_id} />`], "id",
  ]} /><${Diff} before=${before} after=${after} /><${Json} title=${t("console.details")} value=${details} /><${Json} title=${label("metadata")} value=${one.metadata} />`;
  }}<//><//>`;
}

const news = categories.filter((one) => one !== "api");

// The history of a thing; `only` keeps what is about it, where the API has no filter for that.
function History({ query, only: isAbout }) {
  const [opened, open] = useState(null);
  const list = useList("/activities", { ...query, category: isAbout ? "authorization" : news, limit: isAbout ? 200 : 50 });
  const shown = isAbout && list.items ? { ...list, items: list.items.filter(isAbout) } : list;
  return html`${isAbout && html`<p class="small quiet">${t("console.history.partly")}</p>`}
    <${List} list=${shown} name=${t("console.tab.history")} columns=${activityColumns(open)} /> ${opened && html`<${Record} of=${opened} close=${() => open(null)} />`}`;
}
