// The one form: fields with their errors, an explicit save, and what to do when somebody else was faster.

const toInput = ({ type, isMany }, value) => {
  if (type === "checkbox") return Boolean(value);
  if (type === "datetime") return toField(value);
  if (type === "json") return value && Object.keys(value).length ? JSON.stringify(value, null, 2) : "";
  if (isMany) return value ?? [];
  return value ?? "";
};

// What a field means; an empty one is `null`.
function fromInput({ type, label: name, isMany }, typed) {
  if (type === "checkbox" || isMany) return typed;
  if (typed === "" || typed === null) return type === "json" ? {} : null;
  if (type === "number") return Number(typed);
  if (type === "datetime") return fromField(typed);
  if (type === "json") {
    try {
      return JSON.parse(typed);
    } catch {
      throw new Failure(422, { code: "invalid_json", detail: name });
    }
  }
  return typeof typed === "string" && type !== "password" ? typed.trim() : typed;
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function Control({ spec, id, value, set, describedBy, isWrong }) {
  const { type = "text", options, render: own, find, labelOf, isMany, isFree, onPick, name, optional, label: text, hint, isWide, kind, any, placeholder, ...rest } = spec;
  const pick = (next) => { set(next); onPick?.(next); };
  const common = {
    id, name, ...rest, "aria-describedby": describedBy, "aria-invalid": isWrong ? "true" : null, placeholder: placeholder && (has(placeholder) ? t(placeholder) : placeholder),
    "aria-required": optional ? null : "true", onInput: (event) => set(event.target.value),
  };
  if (own) return own({ id, value, set, describedBy });
  if (find && isMany) return html`<${PickMany} id=${id} label=${text} describedBy=${describedBy} isWrong=${isWrong} isRequired=${!optional} values=${value} set=${set} find=${find} />`;
  if (find) return html`<${Picker} id=${id} label=${text} describedBy=${describedBy} isWrong=${isWrong} isRequired=${!optional} value=${value} find=${find} labelOf=${labelOf} isFree=${isFree} onPick=${pick} />`;
  if (options) {
    return html`<select ...${common}>${options.map(([key, one]) => html`<option value=${key} selected=${key === String(value)}>${one}</option>`)}</select>`;
  }
  if (type === "checkbox") return html`<input ...${common} type="checkbox" aria-required=${null} checked=${value} onInput=${null} onChange=${(event) => set(event.target.checked)} />`;
  if (type === "textarea" || type === "json") return html`<textarea ...${common} class=${type === "json" ? "mono" : ""} value=${value}></textarea>`;
  return html`<input ...${common} spellcheck=${false} type=${type === "datetime" ? "datetime-local" : type} value=${value} />`;
}

function Field({ spec, value, set, error }) {
  const id = useId();
  const { label: text, hint, optional, type } = spec;
  const describedBy = classes(hint && `${id}h`, error && `${id}w`) || null;
  const control = html`<${Control} spec=${spec} id=${id} value=${value} set=${set} describedBy=${describedBy} isWrong=${error} />`;
  const mayMiss = optional && type !== "checkbox" && html` <span class="quiet small">${t("common.optional")}</span>`;
  return html`<div class=${`field ${type === "checkbox" ? "check" : ""} ${spec.isWide ? "whole" : ""}`} data-field=${spec.name}>
    ${type === "checkbox" ? html`<label for=${id}>${control}<span>${text}</span></label>`
    : html`<label for=${id}>${text}${mayMiss}</label>${control}`}
    ${hint && html`<p id=${`${id}h`} class="small quiet">${hint}</p>`}
    ${error && html`<p id=${`${id}w`} class="small wrong">${error}</p>`}
  </div>`;
}

const show = (value) => {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "boolean") return t(value ? "console.yes" : "console.no");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
};

const conflictHeads = (...some) => some.map((one) => t("console.conflict." + one));

// Somebody else was faster: what was there, what is there now, and what was typed.
function Conflict({ rows, take, keep }) {
  return html`<div class="note bad" role="alert">
    <p><strong>${t("console.conflict.title")}</strong></p>
    <${PlainTable} heads=${conflictHeads("field", "before", "now", "yours")} rows=${rows.map(([name, ...values]) => [name, ...values.map(show)])} />
    <div class="row"><${Button} run=${take}>${t("console.conflict.take")}<//><${Button} run=${keep}>${t("console.conflict.keep")}<//></div></div>`;
}

const errorsOf = (failure, fields) => Object.fromEntries((failure.errors ?? []).flatMap((one) => {
  const field = fields.find(({ name }) => one.field === name || one.field?.startsWith(`${name}.`) || one.field?.startsWith(`${name}[`));
  return field ? [[field.name, problemText(one)]] : [];
}));

const fieldOfCode = { username_taken: "username", email_taken: "email", code_taken: "code", employee_id_taken: "employee_id" };

// `send(body, {etag, key})` gets what changed of `values`, or all of it when there are none (`isNew`). `again()` brings
// `{body, etag}` anew after a 412.
function Form({ fields: specs, values = {}, etag, isNew, button, send: save, again, cancel, kind = "pair", children, whole, danger }) {
  const fields = specs.filter(Boolean).map(fieldOf);
  const inputs = fields.filter((one) => one.name);
  const [base, setBase] = useState({ values, etag });
  const [typed, setTyped] = useState({});
  const [state, set] = useState({ errors: {} });
  const form = useRef();
  const keyFor = useIdempotent();
  const changed = inputs.filter((one) => one.name in typed && !same(typed[one.name], toInput(one, base.values[one.name])));
  const isDirty = changed.length > 0;
  // What came anew is taken up as soon as nothing typed is in its way.
  const version = JSON.stringify([etag, values]);
  const seen = useRef(version);
  useEffect(() => {
    if (isDirty || seen.current === version) return;
    seen.current = version;
    setBase({ values, etag });
  }, [version, isDirty]);
  useEffect(() => {
    if (isDirty) dirty.add(form);
    else dirty.delete(form);
    return () => dirty.delete(form);
  }, [isDirty]);
  const valueOf = (one) => typed[one.name] ?? toInput(one, base.values[one.name]);

  function fail(failure) {
    const errors = errorsOf(failure, inputs);
    const byCode = inputs.find((one) => one.name === fieldOfCode[failure.code]);
    if (byCode) errors[byCode.name] = problemText(failure);
    const isOfFields = Object.keys(errors).length > 0;
    set({ errors, failure: isOfFields ? null : failure, request: isOfFields && requestOf(failure) });
    requestAnimationFrame(() => form.current?.querySelector("[aria-invalid=true], [role=alert]")?.focus?.());
  }

  async function stale(failure) {
    if (!again) return fail(failure);
    const newer = await again();
    const of = (one, from) => from.values?.[one.name] ?? null;
    const moved = inputs.filter((one) => !same(of(one, base), newer.body[one.name] ?? null));
    const next = { values: newer.body, etag: newer.etag };
    // Only something that is not in this form changed.
    if (!moved.length) { setBase(next); return submit(next); }
    const rows = moved.map((one) => [one.label, of(one, base), newer.body[one.name], fromInput(one, valueOf(one))]);
    return set({ errors: {}, conflict: { rows, next } });
  }
  const take = (next) => { setBase(next); setTyped({}); set({ errors: {} }); };
  const keep = (next) => { setBase(next); submit(next); };

  async function submit(from = base) {
    if (state.isBusy) return;
    const missing = inputs.filter((one) => !one.optional && one.type !== "checkbox" && !String(valueOf(one)).trim());
    if (missing.length) {
      fail(new Failure(422, { errors: missing.map(({ name }) => ({ field: name, code: "required" })) }));
      return;
    }
    set({ errors: {}, isBusy: true });
    let body;
    try {
      const sent = isNew || whole ? inputs : changed;
      body = Object.fromEntries(sent.map((one) => [one.name, fromInput(one, valueOf(one))])
        .filter(([, value]) => !isNew || (value !== null && !(Array.isArray(value) && !value.length))));
      // What was saved is no longer typed: leaving asks nothing.
      dirty.delete(form);
      const done = await save(body, { etag: from.etag, key: isNew ? keyFor(body) : undefined });
      setTyped({});
      set({ errors: {} });
      if (done) toast(done);
    } catch (failure) {
      if (isDirty) dirty.add(form);
      if (failure.code === "stale") await stale(failure).catch(fail);
      else fail(failure);
    }
  }

  const onSubmit = (event) => { event.preventDefault(); event.stopPropagation(); submit(); };
  return html`<form ref=${form} noValidate onSubmit=${onSubmit} onKeyDown=${keys({ "Mod+s": () => { submit(); }})}>
    ${state.failure && html`<${Problem} failure=${state.failure} retry=${state.failure.isPassing ? () => submit() : null} />`}
    ${state.conflict && html`<${Conflict} rows=${state.conflict.rows}
      take=${() => take(state.conflict.next)} keep=${() => keep(state.conflict.next)} />`}
    <div class=${`fields ${kind}`}>${fields.map((one) => (one.name
    ? html`<${Field} key=${one.name} spec=${one} value=${valueOf(one)} error=${state.errors[one.name]}
        set=${(value) => setTyped((before) => ({ ...before, [one.name]: value }))} />`
    : html`<h3 class="whole">${one.heading}</h3>`))}</div>
    ${typeof children === "function" ? children(Object.fromEntries(inputs.map((one) => [one.name, valueOf(one)]))) : children}
    ${state.request && html`<p class="small quiet">${state.request}</p>`}
    <div class="row end">
      ${isDirty && !isNew && html`<span class="small quiet">${t("console.unsaved")}</span>
        <${Button} run=${() => { setTyped({}); set({ errors: {} }); }}>${t("console.discard")}<//>`}
      ${cancel && html`<${Button} run=${cancel}>${t("common.cancel")}<//>`}
      <button class=${danger ? "danger" : "main"} aria-busy=${state.isBusy ? "true" : null}
        disabled=${!isNew && !isDirty && !whole}>${button ?? t("common.save")}</button>
    </div>
  </form>`;
}

// What one may see but not change.
const ReadOnly = ({ fields, values }) => html`<${Facts} of=${values} items=${fields.filter(Boolean).map((one) => fieldOf(one).name).filter(Boolean)} />`;

// A dialog that makes something, or changes it.
const FormDialog = ({ title, close, text, children, size = "wide", ...form }) => html`<${Dialog} title=${title} close=${close} size=${size}>
  ${text && html`<p class="quiet">${text}</p>`}<${Form} ...${form} cancel=${close}>${children}<//><//>`;
