// Roles × permissions: the whole catalogue in one request, and only what is looked at in the page.

const isPlatform = () => session.me.organization === "PLATFORM";

// Whether one may change what a role grants; what one may not is shown, and not offered.
function mayChange(role) {
  if (role.code === "super_admin") return false;
  if (session.isSuper || (can("catalog.manage") && isPlatform())) return true;
  return role.organization === session.me.organization && can("roles.manage");
}

const listOf = { module: "modules", permission: "permissions" };
const holds = (role, kind, code) => role[listOf[kind]].includes(code);
const keyOf = (kind, role, code) => `${kind} ${role} ${code}`;

// Changes that wait for a save: each takes one call, and what failed stays.
function useStaged(reload) {
  const [staged, set] = useState(new Map());
  const [state, tell] = useState({ failed: [] });
  const token = useRef({});
  const count = staged.size;
  useEffect(() => {
    if (count) dirty.add(token);
    else dirty.delete(token);
    return () => dirty.delete(token);
  }, [count > 0]);
  const toggle = (kind, role, code) => set((before) => {
    const next = new Map(before);
    const key = keyOf(kind, role.code, code);
    if (!next.delete(key)) next.set(key, { kind, role: role.code, code, isGranted: !holds(role, kind, code) });
    return next;
  });
  async function save() {
    if (state.isBusy) return;
    tell({ isBusy: true, failed: [], done: 0 });
    const saved = new Map();
    const failed = [];
    for (const [key, one] of staged) {
      try {
        const path = `/roles/${segment(one.role)}/${listOf[one.kind]}/${segment(one.code)}`;
        // What is gone already is gone: an answer may have been lost.
        await call(one.isGranted ? "PUT" : "DELETE", path).catch((failure) => { if (one.isGranted || failure.status !== 404) throw failure; });
        saved.set(key, one);
        tell((before) => ({ ...before, done: before.done + 1 }));
      } catch (failure) {
        failed.push({ ...one, failure });
      }
    }
    await reload().catch(() => {});
    // What was changed meanwhile still waits.
    set((now) => new Map([...now].filter(([key, one]) => saved.get(key) !== one)));
    tell({ failed });
    if (!failed.length) toast(t("console.matrix.saved", { n: staged.size }));
  }
  const discard = () => { set(new Map()); tell({ failed: [] }); };
  return { staged, toggle, save, discard, ...state };
}

const changeText = ({ isGranted, kind, role, code }) => t(isGranted ? "console.matrix.gives" : "console.matrix.takes", { role, what: kind === "module" ? t("console.module_what", { code }) : code });

function StagedBar({ staged, save, discard, failed, isBusy, done }) {
  if (!staged.size) return null;
  return html`<div class="bulk" role="region" aria-label=${t("console.matrix.waiting")}>
    <div class="row"><strong role="status">${isBusy ? t("console.bulk.running", { n: done, of: staged.size }) : t("console.matrix.count", { n: staged.size })}</strong>
      <${Button} kind="main" run=${save} aria-busy=${isBusy ? "true" : null}>${t("common.save")}<//><${Button} run=${discard}>${t("console.discard")}<//></div>
    <details><summary>${t("console.matrix.list")}</summary><ul class="lines">${[...staged.values()].slice(0, 100).map((one) => html`<li>${changeText(one)}</li>`)}</ul></details>
    <${Failed} items=${failed.map((one) => [changeText(one), one.failure])} />
  </div>`;
}

const high = 34;
const wide = 36;
const headHigh = 168;

// Rows: modules in their order, and below each its permissions, unless it is folded.
function rowsOf({ modules, permissions }, folded, text, onlyModule) {
  return modules.filter((one) => !onlyModule || one.code === onlyModule).flatMap((module) => {
    const own = permissions.filter((one) => one.module === module.code && matches(text, one.code, one.name, module.code));
    if (text && !own.length) return [];
    return [{ kind: "module", of: module, count: own.length }, ...(folded.has(module.code) ? [] : own.map((of) => ({ kind: "permission", of })))];
  });
}

const range = (from, to) => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

function Matrix({ catalogue, reload, query }) {
  const [folded, fold] = useState(new Set());
  const text = query.get("p") ?? "";
  const roleText = query.get("r") ?? "";
  const rows = useMemo(() => rowsOf(catalogue, folded, text, query.get("module")), [catalogue, folded, text, query.get("module")]);
  const roles = useMemo(() => catalogue.roles.filter((one) => matches(roleText, one.code, one.name))
    .sort((a, b) => a.level - b.level || a.name.localeCompare(b.name)), [catalogue, roleText]);
  const staging = useStaged(reload);
  const flip = (code) => fold((before) => {
    const next = new Set(before);
    if (!next.delete(code)) next.add(code);
    return next;
  });
  const filters = [
    { name: "r", label: label("role"), placeholder: "console.hint.find" }, { name: "p", label: label("permission"), placeholder: "console.hint.find" },
    { name: "module", find: null, options: catalogue.modules.map((one) => [one.code, one.name]) },
  ];
  const isFolded = folded.size > 0;
  return html`<${Filters} filters=${filters} query=${query}>
      <${Button} run=${() => fold(new Set(isFolded ? [] : catalogue.modules.map((one) => one.code)))}>${t(isFolded ? "console.matrix.unfold" : "console.matrix.fold")}<//><//>
    <p class="small quiet" id="matrix-help">${t("console.matrix.help", { roles: number(roles.length), permissions: number(catalogue.permissions.length) })}</p>
    ${rows.length && roles.length ? html`<${Grid} rows=${rows} roles=${roles} folded=${folded} flip=${flip} staging=${staging} />`
    : html`<p class="quiet">${t("console.table.none")}</p>`}
    <${StagedBar} ...${staging} />`;
}

// The part of the matrix that is in sight, with some around it.
function useWindow(rowCount, columnCount, first) {
  const scroller = useRef();
  const [view, set] = useState({ top: 0, left: 0, width: 900, height: 600 });
  const read = () => {
    // What is observed tells of it once more when it goes.
    if (!scroller.current) return;
    const { scrollTop, scrollLeft, clientWidth, clientHeight } = scroller.current;
    set({ top: scrollTop, left: Math.abs(scrollLeft), width: clientWidth, height: clientHeight });
  };
  useEffect(() => {
    read();
    const observer = new ResizeObserver(read);
    observer.observe(scroller.current);
    return () => observer.disconnect();
  }, []);
  const clamp = (value, most) => Math.max(0, Math.min(most, value));
  const [r0, r1] = [clamp(Math.floor(view.top / high) - 4, rowCount), clamp(Math.ceil((view.top + view.height) / high) + 4, rowCount)];
  const [c0, c1] = [clamp(Math.floor(view.left / wide) - 3, columnCount), clamp(Math.ceil((view.left + view.width - first) / wide) + 3, columnCount)];
  return { scroller, read, r0, r1, c0, c1 };
}

function Grid({ rows, roles, folded, flip, staging }) {
  const isNarrow = innerWidth < 640;
  const first = isNarrow ? 144 : 300;
  const { scroller, read, r0, r1, c0, c1 } = useWindow(rows.length, roles.length, first);
  const [, show] = useState(0);
  // Keys come faster than the page is drawn.
  const at = useRef({ r: 0, c: 0 });
  const go = (next) => { at.current = next; show((turn) => turn + 1); };
  const wantsFocus = useRef(false);
  const here = () => ({ r: Math.min(at.current.r, rows.length - 1), c: Math.min(at.current.c, roles.length - 1) });
  const { r, c } = here();

  useEffect(() => {
    if (!wantsFocus.current) return;
    // Not of this drawing: one may be further by now.
    const now = here();
    const cell = scroller.current.querySelector(`[data-r="${now.r}"][data-c="${now.c}"]`);
    if (!cell) return;
    wantsFocus.current = false;
    cell.focus({ preventScroll: true });
  });

  function reveal(row, column) {
    const box = scroller.current;
    const sign = getComputedStyle(box).direction === "rtl" ? -1 : 1;
    const left = Math.abs(box.scrollLeft);
    if (row * high < box.scrollTop) box.scrollTop = row * high;
    else if ((row + 1) * high + headHigh > box.scrollTop + box.clientHeight) box.scrollTop = (row + 1) * high + headHigh - box.clientHeight;
    if (column * wide < left) box.scrollLeft = sign * column * wide;
    else if ((column + 1) * wide + first > left + box.clientWidth) box.scrollLeft = sign * ((column + 1) * wide + first - box.clientWidth);
  }
  function step(dr, dc) {
    const from = here();
    const next = { r: Math.max(0, Math.min(rows.length - 1, from.r + dr)), c: Math.max(0, Math.min(roles.length - 1, from.c + dc)) };
    wantsFocus.current = true;
    go(next);
    reveal(next.r, next.c);
    read();
  }
  const press = () => {
    const [row, role] = [rows[here().r], roles[here().c]];
    if (mayChange(role)) staging.toggle(row.kind, role, row.of.code);
  };
  const side = () => (getComputedStyle(scroller.current).direction === "rtl" ? -1 : 1);
  const onKeyDown = (event) => {
    if (!event.target.matches("[data-r]")) return;
    keys({
      ArrowUp: () => step(-1, 0), ArrowDown: () => step(1, 0), ArrowLeft: () => step(0, -side()), ArrowRight: () => step(0, side()),
      PageUp: () => step(-10, 0), PageDown: () => step(10, 0), Home: () => step(0, -roles.length), End: () => step(0, roles.length),
      "Mod+Home": () => step(-rows.length, -roles.length), "Mod+End": () => step(rows.length, roles.length), " ": press, Enter: press,
    })(event);
  };
  const columns = range(c0, c1);
  const gap = (size) => size > 0 && html`<span class="gap" style=${{ inlineSize: `${size}px` }}></span>`;
  return html`<div class="matrix" ref=${scroller} onScroll=${read} role="grid" aria-label=${t("console.tab.matrix")} aria-describedby="matrix-help"
      aria-rowcount=${rows.length + 1} aria-colcount=${roles.length + 1} onKeyDown=${onKeyDown}>
    <div class="matrix-inner" role="rowgroup" style=${{ inlineSize: `${first + roles.length * wide}px`, blockSize: `${headHigh + rows.length * high}px` }}>
      <div class="matrix-head" role="row" aria-rowindex="1" style=${{ blockSize: `${headHigh}px` }}>
        <span class="corner" role="columnheader" aria-colindex="1" style=${{ inlineSize: `${first}px` }}>${label("permission")}</span>${gap(c0 * wide)}
        ${columns.map((i) => html`<span role="columnheader" aria-colindex=${i + 2} key=${roles[i].code} class=${classes("column", i === c && "at", !roles[i].is_active && "off")}>
          <a href=${pathTo("roles", roles[i].code)} title=${`${roles[i].name} (${roles[i].code})`}>${roles[i].name}</a></span>`)}
      </div>
      <div class="gap" role="presentation" style=${{ blockSize: `${r0 * high}px` }}></div>
      ${range(r0, r1).map((i) => html`<${Row} key=${`${rows[i].kind} ${rows[i].of.code}`} i=${i} row=${rows[i]} roles=${roles} columns=${columns} gap=${gap(c0 * wide)}
        first=${first} at=${i === r ? c : -1} isFolded=${folded.has(rows[i].of.code)} flip=${flip} staging=${staging} go=${go} />`)}
    </div></div>`;
}

function Row({ i, row, roles, columns, gap, first, at, isFolded, flip, staging, go }) {
  const { kind, of } = row;
  const isModule = kind === "module";
  const head = isModule ? html`<${Button} kind="plain" aria-expanded=${isFolded ? "false" : "true"} run=${() => flip(of.code)}>
      <span class="caret" aria-hidden="true"></span><span class="ellipsis">${of.name}</span> <span class="small quiet">${number(row.count)}</span><//>`
    : html`<a href=${pathTo("permissions", of.code)} title=${`${of.code}: ${of.name}`}><span class="ellipsis">${of.name}</span><span class="small quiet ellipsis">${of.code}</span></a>`;
  return html`<div role="row" aria-rowindex=${i + 2} class=${classes("matrix-row", kind, at >= 0 && "at", !of.is_active && "off")} style=${{ blockSize: `${high}px` }}>
    <span role="rowheader" aria-colindex="1" class="row-head" style=${{ inlineSize: `${first}px` }}>${head}</span>${gap}
    ${columns.map((c) => {
    const role = roles[c];
    const change = staging.staged.get(keyOf(kind, role.code, of.code));
    const isOn = change ? change.isGranted : holds(role, kind, of.code);
    const may = mayChange(role);
    const press = () => { go({ r: i, c }); if (may) staging.toggle(kind, role, of.code); };
    return html`<span role="gridcell" aria-colindex=${c + 2} key=${role.code} class="cell">
      <span role="checkbox" aria-checked=${isOn ? "true" : "false"} aria-disabled=${may ? null : "true"} tabindex=${at === c ? 0 : -1} data-r=${i} data-c=${c}
        aria-label=${t("console.matrix.cell", { role: role.name, what: isModule ? t("console.module_what", { code: of.name }) : of.name })}
        class=${classes("mark-box", isOn && "on", change && "staged")} onClick=${press}></span></span>`;
  })}</div>`;
}
