// The one table: rows by keyboard, chosen rows, more on demand. On a narrow screen each row is a card.

// Arrows go from row to row, `x` chooses the row that one is in.
function rowKeys(event) {
  if (event.target.matches("input:not([type=checkbox]), select, textarea")) return;
  const rows = [...event.currentTarget.rows];
  const at = rows.indexOf(event.target.closest("tr"));
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (event.key === "x" && !event.metaKey && !event.ctrlKey) rows[at]?.querySelector("input[type=checkbox]")?.click();
  const target = rows[to];
  if (!target) return;
  event.preventDefault();
  (target.querySelector("[data-main] a, [data-main] button") ?? target.querySelector("a, button, input"))?.focus();
}

// `columns`: names of values, or `[name, cell(row)]`; the first one names the row. `chosen` puts boxes before the rows.
function Table({ name, columns, rows, rowId = (row) => row.id, chosen, isLoading, rowClass }) {
  const shown = columns.filter(Boolean).map((one) => (Array.isArray(one) ? one : [one]));
  const ids = rows.map(rowId);
  const isAll = chosen && ids.length > 0 && ids.every((id) => chosen.ids.has(id));
  const toggle = (id) => chosen.set((before) => {
    const next = new Set(before);
    if (!next.delete(id)) next.add(id);
    return next;
  });
  const box = (checked, change, text) => html`<input type="checkbox" checked=${checked} onChange=${change} aria-label=${text} />`;
  const align = (key) => (typeof rows[0]?.[key] === "number" ? "number" : "");
  return html`<table class="table" role="table" aria-label=${name} aria-busy=${isLoading ? "true" : null}>
    <thead role="rowgroup"><tr role="row">
      ${chosen && html`<th role="columnheader" scope="col" class="choose">
        ${box(isAll, () => chosen.set(isAll ? new Set() : new Set(ids)), t("console.table.choose_all"))}</th>`}
      ${shown.map(([key]) => html`<th role="columnheader" scope="col" class=${align(key)}>
        ${key === "do" ? html`<span class="unseen">${t("console.table.actions")}</span>` : label(key)}</th>`)}
    </tr></thead>
    <tbody role="rowgroup" onKeyDown=${rowKeys}>${rows.map((row, at) => html`
      <tr role="row" key=${ids[at]} data-id=${ids[at]} class=${classes(chosen && chosen.ids.has(ids[at]) && "chosen", rowClass?.(row))}>
        ${chosen && html`<td role="cell" class="choose">
          ${box(chosen.ids.has(ids[at]), () => toggle(ids[at]), t("console.table.choose", { name: nameOf(row) }))}</td>`}
        ${shown.map(([key, cell], i) => html`<td role="cell" class=${align(key)} data-label=${key === "do" ? "" : label(key)}
          data-main=${i ? null : ""}>${cell ? cell(row) : valueOf(key, row[key])}</td>`)}
      </tr>`)}</tbody>
  </table>`;
}

// A thing by its name, which leads to it, and its code.
const linkCell = (view, tab) => (one) => html`<span><a href=${pathTo(view, one.code, { tab })}>${one.name}</a> <span class="small quiet">${one.code}</span></span>`;

// A list with its table, what it says when it is empty, and what comes next.
function List({ list, empty, none, lines = 8, ...table }) {
  return html`<${Loaded} load=${list} lines=${lines}>${() => html`
    ${list.items.length > 0 ? html`<${Table} ...${table} rows=${list.items} isLoading=${list.isLoading} />`
    : !list.next && (empty ?? html`<p class="quiet">${none ?? t("console.table.none")}</p>`)}
    <${More} list=${list} />`}<//>`;
}

function More({ list }) {
  const { more, next, items } = list;
  if (!items) return null;
  const count = items.length;
  if (!next) return count > 0 && html`<p class="small quiet more" role="status">${t("console.table.all", { n: count })}</p>`;
  return html`<div class="row more">
    <button type="button" onClick=${more.read} aria-busy=${more.isLoading ? "true" : null}>${t("console.table.more")}</button>
    <span class="small quiet" role="status">${count ? t("console.table.shown", { n: count }) : t("console.table.searching")}</span>
    ${more.failure && html`<${Problem} failure=${more.failure} retry=${more.read} />`}</div>`;
}

// Which rows are chosen; a change of what is shown chooses none.
function useChosen(key) {
  const [ids, set] = useState(new Set());
  useEffect(() => set(new Set()), [key]);
  return { ids, set };
}

// What can be done with the chosen rows: `[what, run(row)]`.
function BulkBar({ chosen, rows, rowId = (row) => row.id, actions, done }) {
  const [running, run] = useState(null);
  const picked = rows?.filter((row) => chosen.ids.has(rowId(row))) ?? [];
  if (!picked.length && !running) return null;
  async function start([what, act]) {
    const names = picked.slice(0, 8).map(nameOf).join(", ") + (picked.length > 8 ? " …" : "");
    const sure = "console.sure." + what;
    const more = { text: [has(sure) && t(sure), names].filter(Boolean), isBad: has(sure) };
    if (await confirmDialog(doing(what, t("console.bulk.chosen", { n: picked.length }), more))) run({ what, act, rows: picked });
  }
  const over = () => { run(null); chosen.set(new Set()); done?.(); };
  return html`${picked.length > 0 && html`<div class="bulk row" role="region" aria-label=${t("console.bulk.label")}>
      <strong role="status">${t("console.bulk.chosen", { n: picked.length })}</strong>
      ${actions.filter(Boolean).map((one) => html`<${Button} kind=${has("console.sure." + one[0]) ? "danger" : ""} run=${() => start(one)}>${t("console.do." + one[0])}<//>`)}
      <${Button} kind="plain" run=${() => chosen.set(new Set())}>${t("console.bulk.none")}<//></div>`}
    ${running && html`<${BulkRun} ...${running} close=${over} />`}`;
}

const sleep = (seconds) => new Promise((done) => { setTimeout(done, seconds * 1000); });

// Does something to each row, one after the other, and says what failed.
function BulkRun({ what, act, rows, close }) {
  const [state, set] = useState({});
  const stopped = useRef(false);
  const go = async (some) => {
    const failed = [];
    for (const [at, row] of some.entries()) {
      if (stopped.current) break;
      set({ failed, count: at, of: some.length });
      try {
        await act(row).catch(async (failure) => {
          if (!failure.wait || failure.wait > 60) throw failure;
          await sleep(failure.wait);
          return act(row);
        });
      } catch (failure) {
        failed.push({ row, failure });
      }
    }
    set({ failed, count: some.length, of: some.length, isOver: true });
  };
  useEffect(() => {
    go(rows);
    return () => { stopped.current = true; };
  }, []);
  const { failed = [], count = 0, of = rows.length, isOver } = state;
  return html`<${Dialog} title=${t("console.do." + what)} close=${close} size="wide" isFree>
    <progress max=${of} value=${count} aria-label=${t("console.do." + what)}></progress>
    <p role="status">${isOver ? t("console.bulk.over", { n: of - failed.length, failed: failed.length }) : t("console.bulk.running", { n: count, of })}</p>
    <${Failed} items=${failed.map(({ row, failure }) => [nameOf(row), failure])} />
    ${isOver && html`<div class="row end">
      ${failed.length > 0 && html`<${Button} run=${() => go(failed.map((one) => one.row))}>${t("console.bulk.again")}<//>`}
      <${Button} kind="main" run=${close}>${t("console.close")}<//></div>`}
  <//>`;
}

// What failed of many, each with its reason: `[name, failure]`.
const Failed = ({ items }) => items.length > 0 && html`<ul class="lines" data-failed>${items.map(([name, failure]) => html`<li><strong>${name}</strong>
  <span class="wrong"> ${words(problemText(failure), ...(failure.errors ?? []).map((one) => problemText(one)))}</span>
  ${failure.request && html`<span class="small quiet"> ${t("common.request", { id: failure.request })}</span>`}</li>`)}</ul>`;

// A file that comes page by page.
function CsvButton({ path, query, name }) {
  async function run() {
    const parts = [];
    let cursor;
    do {
      const target = path + queryOf({ ...query, limit: 200, cursor });
      let response = await ask("GET", "/api/v1" + target);
      if (response.status === 401) { await renew(new Failure(401, { code: "unauthenticated" })); response = await ask("GET", "/api/v1" + target); }
      if (!response.ok) {
        throw new Failure(response.status, { instance: response.headers.get("X-Request-Id"), ...await response.json().catch(() => ({ code: "unavailable" })) },
          Number(response.headers.get("Retry-After")) || 0);
      }
      parts.push(await response.text());
      cursor = response.headers.get("Rolecall-Next-Cursor");
    } while (cursor && parts.length < 200);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(parts, { type: "text/csv" }));
    link.download = `${name}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    if (!cursor) return true;
    toast(t("console.csv.cut"));
    return false;
  }
  return html`<${Act} what="csv" run=${run} />`;
}
