// The API's own document, to read and to try with one's session.

const methods = ["get", "post", "put", "patch", "delete"];
const documentStore = { promise: null };

function loadDocument() {
  documentStore.promise ??= send("GET", "/openapi.json").then(({ body }) => body).catch((failure) => { documentStore.promise = null; throw failure; });
  return documentStore.promise;
}

const deref = (doc, one) => (one?.$ref ? deref(doc, one.$ref.split("/").slice(1).reduce((at, key) => at?.[key.replaceAll("~1", "/")], doc)) : one);

const operationsOf = (doc) => Object.entries(doc.paths).flatMap(([path, item]) => methods.filter((method) => item[method])
  .map((method) => ({ ...item[method], id: item[method].operationId, method: method.toUpperCase(), path })));

// The little Markdown that descriptions have: code, strong words, paragraphs.
const Prose = ({ text = "" }) => text.split(/\n\n+/).map((part) => html`<p class="prose">${part.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((one) => {
  if (one.startsWith("`")) return html`<code>${one.slice(1, -1)}</code>`;
  return one.startsWith("**") ? html`<strong>${one.slice(2, -2)}</strong>` : one;
})}</p>`);

function typeOf(doc, schema) {
  const of = deref(doc, schema) ?? {};
  const options = of.oneOf ?? of.anyOf;
  if (options) return options.map((one) => typeOf(doc, one)).filter((one) => one !== "null").join(" | ");
  if (of.enum) return of.enum.map((one) => JSON.stringify(one)).join(" | ");
  const type = [of.type].flat().filter((one) => one && one !== "null").join(" | ") || "any";
  if (type === "array") return `${typeOf(doc, of.items)}[]`;
  return of.format ? `${type} (${of.format})` : type;
}

// A value that fits a schema: its example, or the least that it asks for.
function exampleOf(doc, schema, depth = 0) {
  const of = deref(doc, schema) ?? {};
  if (of.example !== undefined) return of.example;
  if (of.examples?.[0] !== undefined) return of.examples[0];
  const option = (of.oneOf ?? of.anyOf)?.find((one) => deref(doc, one)?.type !== "null");
  if (option) return exampleOf(doc, option, depth);
  if (of.enum) return of.enum[0];
  const type = [of.type].flat()[0];
  if (type === "array") return [];
  if (type === "object" && depth < 3) {
    return Object.fromEntries(Object.entries(of.properties ?? {}).filter(([name]) => of.required?.includes(name)).map(([name, one]) => [name, exampleOf(doc, one, depth + 1)]));
  }
  return { integer: of.minimum ?? 0, number: 0, boolean: false, string: "", object: {} }[type] ?? null;
}

function Schema({ doc, schema, depth = 0 }) {
  const of = deref(doc, schema) ?? {};
  const inner = of.type === "array" || [of.type].flat().includes("array") ? deref(doc, of.items) : of;
  if (!inner?.properties) return html`<p class="small"><code>${typeOf(doc, schema)}</code></p>`;
  const row = ([name, one]) => {
    const at = deref(doc, one) ?? {};
    const nested = depth < 2 && (deref(doc, at.items)?.properties || at.properties);
    return [html`<code>${name}</code>${inner.required?.includes(name) && html`<span class="wrong" title=${t("console.api.required")}> *</span>`}`, html`<code class="small">${typeOf(doc, one)}</code>`,
      html`${one.description ?? at.description}${nested && html`<details><summary>${t("console.api.fields")}</summary><${Schema} doc=${doc} schema=${one} depth=${depth + 1} /></details>`}`];
  };
  return html`<${PlainTable} heads=${[t("console.api.field"), label("activity_type"), label("description")]} rows=${Object.entries(inner.properties).map(row)} />`;
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

function curlOf({ method, url, body, isOpen, headers }) {
  const parts = [`curl -X ${method} ${quoted(location.origin + url)}`];
  if (!isOpen) parts.push("-H \"Authorization: Bearer $TOKEN\"");
  for (const [name, value] of headers) parts.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (body) parts.push("-H 'Content-Type: application/json'", `--data-raw ${quoted(body)}`);
  return parts.join(" \\\n  ");
}

const optionKeys = { "If-Match": "etag", "If-None-Match": "known", "Idempotency-Key": "key" };

// The form of an operation, its answer, and the same call for a shell.
function Try({ doc, operation }) {
  const { method, path, parameters = [], requestBody, security } = operation;
  const shown = parameters.map((one) => deref(doc, one)).filter((one) => !["X-Request-Id", "X-Current-Page"].includes(one.name));
  const content = deref(doc, requestBody)?.content?.["application/json"];
  const first = content && JSON.stringify(content.example ?? exampleOf(doc, content.schema), null, 2);
  const [values, set] = useState(shown.some((one) => one.name === "Idempotency-Key") ? { "Idempotency-Key": crypto.randomUUID() } : {});
  const [body, write] = useState(first ?? "");
  const [state, tell] = useState({});
  const isOpen = !security?.length;
  const of = (place) => shown.filter((one) => one.in === place);
  const query = queryOf(Object.fromEntries(of("query").map(({ name, schema }) => [name, schema?.type === "array" && values[name] ? values[name].split(",").map((one) => one.trim()) : values[name]])));
  const url = of("path").reduce((made, { name }) => made.replace(`{${name}}`, values[name] ? encodeURIComponent(values[name]) : `{${name}}`), path) + query;
  const headers = of("header").filter(({ name }) => values[name]).map(({ name }) => [name, values[name]]);
  const missing = of("path").filter(({ name }) => !values[name]);
  async function run(event) {
    event.preventDefault();
    if (state.isBusy) return;
    if (missing.length) { tell({ missing }); return; }
    let sent;
    try {
      sent = content && body ? JSON.parse(body) : undefined;
    } catch {
      tell({ failure: new Failure(422, { code: "invalid_json" }) });
      return;
    }
    tell({ isBusy: true });
    const options = { anonymous: isOpen, ...Object.fromEntries(headers.map(([name, value]) => [optionKeys[name], value])) };
    const began = performance.now();
    try {
      let response = await ask(method, url, sent, options);
      if (response.status === 401 && !isOpen) { await refresh().catch(() => {}); response = await ask(method, url, sent, options); }
      const text = await response.text();
      let pretty = text;
      try { pretty = JSON.stringify(JSON.parse(text), null, 2); } catch { /* It is no JSON, and shown as it is. */ }
      const told = ["ETag", "X-Request-Id", "Retry-After", "Rolecall-Next-Cursor"].map((name) => [name, response.headers.get(name)]).filter(([, value]) => value);
      tell({ answer: { status: response.status, told, ms: performance.now() - began, text: pretty.slice(0, 200_000) } });
    } catch {
      tell({ failure: new Failure(0, { code: "no_network" }) });
    }
  }
  const curl = curlOf({ method, url, body: content && body, isOpen, headers });
  return html`<form onSubmit=${run} noValidate>
    ${shown.length > 0 && html`<div class="fields pair">${shown.map((one) => {
    const id = `p-${one.in}-${one.name}`;
    const schema = deref(doc, one.schema) ?? {};
    const put = (event) => set({ ...values, [one.name]: event.target.value });
    return html`<div class="field" key=${id}><label for=${id}>${one.name}${one.required && html`<span class="wrong"> *</span>`} <span class="small quiet">${one.in}</span></label>
      ${schema.enum ? html`<select id=${id} onChange=${put}><option value=""></option>${schema.enum.map((value) => html`<option>${value}</option>`)}</select>`
    : html`<input id=${id} value=${values[one.name] ?? ""} onInput=${put} spellcheck=${false} aria-describedby=${`${id}h`} aria-invalid=${state.missing?.includes(one) ? "true" : null} />`}
      <p id=${`${id}h`} class="small quiet">${one.description?.replaceAll("`", "")}</p></div>`;
  })}</div>`}
    ${content && html`<div class="field"><label for="try-body">${t("console.api.body")}</label>
      <textarea id="try-body" class="mono" rows=${Math.min(16, body.split("\n").length + 1)} spellcheck=${false} value=${body} onInput=${(event) => write(event.target.value)}></textarea></div>`}
    ${state.missing && html`<p class="wrong" role="alert">${t("console.api.missing", { list: state.missing.map((one) => one.name).join(", ") })}</p>`}
    <div class="row"><button class="main" aria-busy=${state.isBusy ? "true" : null}>${t("console.api.send")}</button>
      <span class="small quiet">${t(isOpen ? "console.api.anonymous" : "console.api.as", { name: nameOf(session.me) })}</span></div>
    ${state.failure && html`<${Problem} failure=${state.failure} />`}
    ${state.answer && html`<section class="stack tight" aria-label=${t("console.api.answer")}><p role="status"><${Badge} kind=${state.answer.status < 400 ? "good" : "bad"}>${state.answer.status}<//>
      <span class="small quiet"> ${number(state.answer.ms)} ms ${state.answer.told.map(([name, value]) => html`· ${name}: <code>${value}</code> `)}</span></p>
      ${state.answer.text && html`<pre tabindex="0" class="answer">${state.answer.text}</pre>`}</section>`}
    <div class="stack tight"><div class="row apart"><h3>curl</h3><${Button} kind="plain small" run=${() => copy(curl)}>${t("console.copy")}<//></div>
      <pre tabindex="0">${curl}</pre></div>
  </form>`;
}

function Operation({ doc, operation }) {
  const { method, path, summary, description, responses } = operation;
  const content = deref(doc, operation.requestBody)?.content?.["application/json"];
  const good = Object.entries(responses).map(([status, one]) => [status, deref(doc, one)]);
  return html`<article class="stack" key=${operation.id}>
    <${Card} title=${summary}><p class="route"><span class=${`method ${method}`}>${method}</span> <code>${path}</code></p><${Prose} text=${description} /><//>
    <${Card} title=${t("console.api.try")}><${Try} doc=${doc} operation=${operation} key=${operation.id} /><//>
    ${content && html`<${Card} title=${t("console.api.request")}><${Schema} doc=${doc} schema=${content.schema} /><//>`}
    <${Card} title=${t("console.api.answers")}>${good.map(([status, one]) => {
    const schema = Object.values(one?.content ?? {})[0]?.schema;
    return html`<details open=${status < 300}><summary><${Badge} kind=${status < 400 ? "good" : ""}>${status}<//> ${one?.description}</summary>${schema && html`<${Schema} doc=${doc} schema=${schema} />`}</details>`;
  })}<//></article>`;
}

function Reference({ route: { id, query } }) {
  const load = useLoad(loadDocument, []);
  const text = (query.get("q") ?? "").toLowerCase();
  return html`<${Page} title=${label("api")} lead=${t("console.api.text")} actions=${html`<a class="button" href="/openapi.json" target="_blank">openapi.json</a>`}>
    <${Loaded} load=${load} lines=${12}>${(doc) => {
  const operations = operationsOf(doc);
  const shown = operations.filter((one) => `${one.method} ${one.path} ${one.summary}`.toLowerCase().includes(text));
  const chosen = operations.find((one) => one.id === id);
  const tags = [...new Set(operations.map((one) => one.tags?.[0] ?? ""))];
  return html`<div class="reference"><nav class="card operations" aria-label=${t("console.api.operations")}>
      <${FindBox} text=${label("q")} value=${query.get("q") ?? ""} put=${(q) => setQuery({ q })} />
      ${tags.map((tag) => {
    const own = shown.filter((one) => (one.tags?.[0] ?? "") === tag);
    return own.length > 0 && html`<details open=${Boolean(text) || own.some((one) => one.id === id)} key=${tag}><summary>${tag.replaceAll("_", " ")} <span class="small quiet">${own.length}</span></summary>
      <ul>${own.map((one) => html`<li><a href=${pathTo("api", one.id, { q: query.get("q") })} aria-current=${one.id === id ? "page" : null}><span class=${`method ${one.method}`}>${one.method}</span> ${one.summary}</a></li>`)}</ul></details>`;
  })}</nav>
      <div class="grows">${chosen ? html`<${Operation} doc=${doc} operation=${chosen} />` : html`<${Card} title=${doc.info.title}><${Prose} text=${doc.info.description} /><//>`}</div></div>`;
}}<//><//>`;
}
