// Numbers over closed periods, and the overview of the last day.

const tints = ["tint-a", "tint-b", "tint-c", "tint-d", "tint-e", "tint-f", "tint-g", "tint-h"];
const failuresOf = (one) => Math.round(one.total_activities * (1 - one.success_rate / 100));
const sum = (items, of) => items.reduce((total, one) => total + of(one), 0);

// Counts by a key, added up.
function added(items, of) {
  const totals = new Map();
  for (const one of items) for (const [key, count] of of(one)) totals.set(key, (totals.get(key) ?? 0) + count);
  return [...totals].sort((a, b) => b[1] - a[1]);
}

const outcomeSeries = () => [["true", "tint-a"], ["false", "tint-bad"]].map(([key, tint]) => ({ key, label: t("console.success." + key), tint }));
const outcomePoints = (periods) => periods.map((one) => ({ at: one.period_start, values: { true: one.total_activities - failuresOf(one), false: failuresOf(one) } }));

const Tile = ({ of, value, href }) => html`<div class="tile card"><span class="small quiet">${t("console.statistics." + of)}</span>
  <strong>${href ? html`<a href=${href}>${value}</a>` : value}</strong></div>`;

async function loadPeriods(query) {
  const items = [];
  let cursor;
  do {
    const made = await getOfAll("/activity-stats", { ...query, limit: 200, cursor });
    items.push(...made.items);
    cursor = made.next_cursor;
  } while (cursor && items.length < 800);
  return Object.assign(items.reverse(), { isCut: Boolean(cursor) });
}

// Names of the most active: asked for one by one, and only those that are shown.
async function nameTop(periods) {
  const top = added(periods, (one) => one.top_users.map(({ user_id: id, count }) => [id, count])).slice(0, 8);
  const name = (id) => (readsPeople() ? userLabel(id) : Promise.reject()).catch(() => id.slice(0, 8));
  return Promise.all(top.map(async ([id, value]) => ({ label: await name(id), value, href: pathTo("activity", "", { user_id: id }) })));
}

function Numbers({ periods, period }) {
  const total = sum(periods, (one) => one.total_activities);
  const timed = periods.filter((one) => one.avg_duration_ms !== null);
  const weight = sum(timed, (one) => one.total_activities);
  const top = useLoad(() => nameTop(periods), [periods]);
  const keysOf = (name) => added(periods, (one) => Object.entries(one[name])).map(([key]) => key);
  const stacked = (name, set, tintOf) => ({
    series: keysOf(name).map((key, i) => ({ key, label: word(set, key), tint: tintOf?.[key] ?? tints[i % tints.length] })),
    points: periods.map((one) => ({ at: one.period_start, values: one[name] })),
  });
  const line = (key, of) => ({
    isLine: true, period, series: [{ key, label: t("console.statistics." + key), tint: "tint-a" }],
    points: periods.map((one) => ({ at: one.period_start, values: { [key]: of(one) } })),
  });
  const types = added(periods, (one) => Object.entries(one.by_type)).slice(0, 10)
    .map(([type, value]) => ({ label: type, value, href: pathTo("activity", "", { activity_type: type }) }));
  const severityTints = { info: "tint-c", low: "tint-b", normal: "tint-a", high: "tint-warn", critical: "tint-bad" };
  const tiles = {
    total, user: sum(periods, (one) => one.user_activities), system: sum(periods, (one) => one.system_activities), api: sum(periods, (one) => one.api_requests),
  };
  const chart = (key, props) => html`<section class="card"><${Chart} title=${t("console.statistics." + key)} period=${period} ...${props} /></section>`;
  return html`<div class="tiles">${Object.entries(tiles).map(([of, value]) => html`<${Tile} of=${of} value=${number(value)} />`)}
      <${Tile} of="success_rate" value=${percent(total ? 100 * (1 - sum(periods, failuresOf) / total) : 100)} />
      <${Tile} of="duration" value=${weight ? `${number(sum(timed, (one) => one.avg_duration_ms * one.total_activities) / weight)} ms` : "–"} /></div>
    ${chart("total", { series: outcomeSeries(), points: outcomePoints(periods) })}
    <div class="columns even">
      ${chart("by_category", stacked("by_category", "console.category."))}${chart("by_severity", stacked("by_severity", "console.severity.", severityTints))}
      <section class="card"><${Ranked} title=${t("console.statistics.top_types")} items=${types} /></section>
      <section class="card"><${Loaded} load=${top}>${(items) => html`<${Ranked} title=${t("console.statistics.top_users")} items=${items} />`}<//></section>
      ${chart("unique", line("unique", (one) => one.unique_users))}${chart("duration", { unit: " ms", ...line("duration", (one) => one.avg_duration_ms) })}
      ${chart("success_rate", { unit: " %", max: 100, ...line("success_rate", (one) => (one.total_activities ? one.success_rate : null)) })}
    </div>`;
}

function Statistics({ route: { query } }) {
  const filters = ["period_type", "since", "until", logOrganization()];
  const wanted = { ...wantedOf(query, filters), organization: scopeOf(query) };
  const load = useLoad(() => loadPeriods(wanted), [JSON.stringify(wanted)]);
  return html`<${Page} title=${label("statistics")} lead=${t("console.statistics.text")}>
    <${Filters} filters=${filters} query=${query} />
    <${Loaded} load=${load} lines=${12}>${(periods) => (periods.length ? html`${periods.isCut && html`<p class="note">${t("console.statistics.cut", { n: periods.length })}</p>`}<${Numbers} periods=${periods} period=${query.get("period_type") ?? "hour"} />`
    : html`<${Empty} title=${t("console.statistics.empty")}>${t("console.statistics.empty_text")}<//>`)}<//><//>`;
}

// The overview.

const day = { hours: 24 };
const scope = () => (session.readsAll ? { organization: "*" } : {});

function PeopleNow() {
  const list = useList("/active-users", { limit: 12 });
  return html`<${Card} title=${t("console.overview.now")}><${Loaded} load=${list} lines=${4}>${() => html`
    <ul class="lines">${list.items.map((one) => html`<li class="row nowrap"><${Avatar} user=${{ ...one, id: one.user_id }} /><span class="grows">
      ${readsPeople() ? html`<a href=${pathTo("people", one.user_id)}>${one.username}</a>` : one.username}
      <span class="small quiet block">${words(one.current_page, one.browser)}</span></span><span class="small quiet"><${When} at=${one.last_activity} /></span></li>`)}</ul>
    ${list.next && html`<p class="small quiet">…</p>`}`}<//><//>`;
}

function Failures() {
  const [opened, open] = useState(null);
  const list = useList("/activities", { success: false, ...day, ...scope(), limit: 8 });
  return html`<${Card} title=${t("console.overview.failures")} actions=${html`<a href=${pathTo("activity", "", { success: false, ...day, calls: 1 })}>${t("console.see")}</a>`}>
    <${Loaded} load=${list} lines=${6}>${() => (list.items.length ? html`<ul class="lines">${list.items.slice(0, 8).map((one) => html`<li class="row nowrap">
      <span class="grows"><${Button} kind="plain what" run=${() => open(one)}>${whatOf(one)}<//>
        <span class="small quiet block">${words(one.username ?? one.subject_username, one.error_message)}</span></span>
      <span class="small quiet"><${When} at=${one.created_at} /></span></li>`)}</ul>` : html`<p class="quiet">${t("console.overview.no_failures")}</p>`)}<//>
    ${opened && html`<${Record} of=${opened} close=${() => open(null)} />`}<//>`;
}

const few = async (query) => {
  const { items, next_cursor: next } = await get("/users" + queryOf({ ...query, limit: 20 }));
  return next ? `${items.length}+` : items.length;
};

// What somebody should look at, each with the list behind it.
function Attention({ summary }) {
  const load = useLoad(async () => {
    if (!readsPeople()) return [];
    const since = new Date(Date.now() - 90 * 864e5).toISOString().slice(0, 11) + "00:00:00.000Z";
    const queries = [["pending", { status: "pending" }], ["suspended", { status: "suspended" }], ["inactive", { inactive_since: since }]];
    return Promise.all(queries.map(async ([key, query]) => [key, await few(query), pathTo("people", "", query)]));
  }, []);
  const counts = summary?.by_severity ?? {};
  const items = [
    summary && can("activities.read") && ["severe", (counts.high ?? 0) + (counts.critical ?? 0), pathTo("activity", "", { severity: ["high", "critical"], ...day, calls: 1 })],
    can("activities.read") && ["refused", summary?.top_activities.find((one) => one.activity_type === "authn_login_fail")?.count, pathTo("activity", "", { activity_type: "authn_login_fail", ...day })],
    ...(load.data ?? []),
  ].filter(Boolean);
  return html`<${Card} title=${t("console.overview.attention")}>${load.failure && html`<${Problem} failure=${load.failure} retry=${load.reload} />`}
    <ul class="lines">${items.map(([key, count, href]) => html`<li class="row apart nowrap"><a href=${href}>${t("console.look." + key)}</a>
      ${count !== undefined && html`<${Badge} kind=${count ? "warn" : ""}>${typeof count === "number" ? number(count) : count}<//>`}</li>`)}</ul><//>`;
}

// Whoever starts finds the way: where people belong, somebody there, and what became of it.
function FirstSteps() {
  const { data } = useLoad(() => get("/organizations?limit=2"), []);
  if (data?.items.length !== 1) return null;
  return html`<${Card} title=${t("console.first_steps")}><ol class="steps">${["organizations", "people", "activity"].map((view) => html`
    <li><a href=${pathTo(view)}>${t("console.first_steps." + view)}</a></li>`)}</ol><//>`;
}

function Overview() {
  const mayStats = can("stats.read");
  const maySummary = can("activities.read", "stats.read");
  const summary = useLoad(async () => (maySummary ? getOfAll("/activities/summary", scope()) : null), []);
  const periods = useLoad(async () => (mayStats ? loadPeriods({ period_type: "hour", ...scope() }) : []), []);
  const { data } = summary;
  if (!session.isSuper && session.rights.size === 0) {
    return html`<${Page} title=${label("overview")}><${Empty} title=${t("console.nothing")} action=${html`<a class="button main" href="/account">${t("console.account")}</a>`}>${t("console.nothing_text")}<//><//>`;
  }
  const tile = (of, value, query) => html`<${Tile} of=${of} value=${value} href=${query && can("activities.read") && pathTo("activity", "", { ...query, calls: 1 })} />`;
  return html`<${Page} title=${label("overview")}>
    ${session.isSuper && html`<${FirstSteps} />`}
    ${summary.failure && html`<${Problem} failure=${summary.failure} retry=${summary.reload} />`}
    ${maySummary && html`<div class="tiles">${tile("last_hour", number(data?.total_last_hour), { hours: 1 })}${tile("last_day", number(data?.total_last_24h), day)}
      ${tile("success_rate", percent(data?.success_rate))}${tile("active", number(data?.active_users))}${tile("duration", data?.average_duration_ms == null ? "–" : `${number(data.average_duration_ms)} ms`)}</div>`}
    ${mayStats && html`<section class="card"><${Loaded} load=${periods} lines=${7}>${(items) => (items.length
    ? html`<${Chart} title=${t("console.overview.chart")} period="hour" series=${outcomeSeries()} points=${outcomePoints(items)} />`
    : html`<p class="quiet">${t("console.statistics.empty_text")}</p>`)}<//></section>`}
    <div class="columns even">${can("activities.read") && html`<${Failures} />`}<div class="stack"><${Attention} summary=${data} /><${PeopleNow} /></div></div>
  <//>`;
}
