// The one filter bar: what is chosen stands in the address, and under the bar as chips that can be taken away.

// `filters` are names of fields; those behind `"|"` are shown when one asks for more.
function Filters({ filters, query, children }) {
  const known = filters.filter(Boolean);
  const bar = known.indexOf("|");
  const shown = known.filter((one) => one !== "|").map(fieldOf);
  const lead = bar < 0 ? shown : shown.slice(0, bar);
  const rest = bar < 0 ? [] : shown.slice(bar);
  const [isOpen, open] = useState(rest.some((one) => query.has(one.name)));
  const chosen = shown.flatMap((one) => query.getAll(one.name).map((value) => ({ one, value })));
  const clear = () => setQuery(Object.fromEntries(shown.map((one) => [one.name, ""])), {});
  const draw = (one) => html`<${Filter} key=${one.name} one=${one} query=${query} />`;
  return html`<div class="filters" role="search" aria-label=${t("console.filters.label")}>
    <div class="filter-row">${lead.map(draw)}
      ${rest.length > 0 && html`<${Button} run=${() => open(!isOpen)} aria-expanded=${isOpen ? "true" : "false"}>${t("console.filters.more")}<//>`}${children}</div>
    ${isOpen && html`<div class="filter-row">${rest.map(draw)}</div>`}
    ${chosen.length > 0 && html`<ul class="chips">${chosen.map(({ one, value }) => html`<${Chip} key=${one.name + value} one=${one} value=${value} query=${query} />`)}
      <li><${Button} kind="plain small" run=${clear}>${t("console.filters.clear")}<//></li></ul>`}
  </div>`;
}

// What of the address a list is asked for.
const wantedOf = (query, filters) => Object.fromEntries(filters.filter((one) => one && one !== "|").map(fieldOf).map(({ name }) => [name, query.getAll(name)]));

function Chip({ one, value, query }) {
  const [text, set] = useState(value);
  useEffect(() => {
    let isOver = false;
    const option = one.options?.find(([key]) => key === value);
    set(option ? option[1] : one.type === "datetime" ? dateTime.format(new Date(value)) : value);
    if (one.labelOf) Promise.resolve(one.labelOf(value)).then((made) => { if (!isOver) set(made ?? value); }).catch(() => {});
    return () => { isOver = true; };
  }, [value]);
  const take = () => setQuery({ [one.name]: query.getAll(one.name).filter((other) => other !== value) }, {});
  return html`<li class="chip"><span><span class="quiet">${one.label}:</span> ${text}</span>
    <${Cross} name=${t("console.picker.remove", { name: `${one.label}: ${text}` })} run=${take} /></li>`;
}

function Filter({ one, query }) {
  const id = useId();
  const value = query.get(one.name) ?? "";
  const put = (next, options = {}) => setQuery({ [one.name]: next }, options);
  const head = html`<label for=${id}>${one.label}</label>`;
  if (one.isMany) {
    const values = query.getAll(one.name);
    const toggle = (key) => put(values.includes(key) ? values.filter((other) => other !== key) : [...values, key]);
    return html`<details class="menu"><summary>${one.label}${values.length > 0 && ` (${values.length})`}</summary>
      <fieldset><legend class="unseen">${one.label}</legend>${one.options.map(([key, text]) => html`<label class="check">
        <input type="checkbox" checked=${values.includes(key)} onChange=${() => toggle(key)} /><span>${text}</span></label>`)}</fieldset></details>`;
  }
  let control;
  if (one.options) {
    control = html`<select id=${id} onChange=${(event) => put(event.target.value)}><option value="" selected=${!value}>${t(one.any ?? "console.filters.any")}</option>
      ${one.options.map(([key, text]) => html`<option value=${key} selected=${key === value}>${text}</option>`)}</select>`;
  } else if (one.find) {
    control = html`<${Picker} id=${id} label=${one.label} value=${value} find=${one.find} labelOf=${one.labelOf} isFree=${one.isFree}
      placeholder=${one.placeholder && t(one.placeholder)} onPick=${(next) => put(next)} />`;
  } else if (one.type === "datetime") {
    control = html`<input id=${id} type="datetime-local" value=${toField(value)} onChange=${(event) => put(fromField(event.target.value))} />`;
  } else control = html`<${TypedFilter} id=${id} one=${one} value=${value} put=${put} />`;
  return html`<div class=${classes("filter", one.isWide && !one.find && "grows")}>${head}${control}</div>`;
}

// Text is looked for when one pauses.
function TypedFilter({ id, one, value, put }) {
  const [text, type] = useState(value);
  const settled = useDebounced(text, 300);
  const last = useRef(value);
  useEffect(() => { if (value !== last.current) { last.current = value; type(value); } }, [value]);
  useEffect(() => {
    const wanted = settled.trim();
    if (wanted === last.current) return;
    last.current = wanted;
    put(wanted, { replace: true });
  }, [settled]);
  return html`<${SearchBox} id=${id} value=${text} put=${type} placeholder=${t(one.placeholder ?? "console.hint.exact")} />`;
}

const SearchBox = ({ put, ...rest }) => html`<input type="search" maxlength="254" spellcheck=${false} autocapitalize="none" ...${rest} onInput=${(event) => put(event.target.value)} />`;

// Something to find in what is here already.
const FindBox = ({ text, value, put }) => html`<div class="filters" role="search"><div class="filter-row"><div class="filter grows">
  <label for="find">${text}</label><${SearchBox} id="find" value=${value} put=${put} /></div></div></div>`;
