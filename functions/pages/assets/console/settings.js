// For super admins: how the product shows itself, what it runs with, and its signing keys.

function Settings({ route: { query } }) {
  const views = { appearance: Appearance, settings: SettingsTable, signing_keys: SigningKeys };
  const tab = views[query.get("tab")] ? query.get("tab") : "appearance";
  return html`<${Page} title=${label("settings")} tabs=${html`<${Tabs} name=${label("settings")} current=${tab} items=${Object.keys(views).map((key) => [key, pathTo("settings", "", { tab: key })])} />`}>
    <${views[tab]} /><//>`;
}

// Contrast after WCAG 2.2.
function luminance(hex) {
  const parts = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255).map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
  return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
}
const contrast = (one, other) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);

function Contrast({ colour }) {
  if (!/^#[0-9a-f]{6}$/i.test(colour)) return null;
  const own = luminance(colour);
  const line = (other, text) => html`<${Badge} kind=${contrast(own, other) >= 4.5 ? "good" : "bad"}>${number(contrast(own, other))} : 1<//> ${text} `;
  return html`<p class="small" role="status">${line(1, t("console.appearance.on_white"))}${line(0, t("console.appearance.on_black"))}</p>`;
}

const mostLogo = 40 * 1024;

// A PNG as Base64; what is too big or none is refused at once.
const readLogo = (file) => new Promise((done, failed) => {
  if (file.type !== "image/png") return failed(new Failure(422, { code: "not_a_png" }));
  if (file.size > mostLogo) return failed(new Failure(422, { code: "logo_too_big" }));
  const reader = new FileReader();
  reader.onload = () => done(reader.result.split(",")[1]);
  reader.onerror = () => failed(new Failure(422, { code: "not_a_png" }));
  return reader.readAsDataURL(file);
});

// `undefined` leaves the logo as it is, `null` takes it away.
function LogoField({ id, value, set, describedBy, current }) {
  const [failure, fail] = useState(null);
  const shown = value ? `data:image/png;base64,${value}` : value === "none" ? null : current;
  const choose = (event) => {
    const [file] = event.target.files;
    if (file) readLogo(file).then((made) => { fail(null); set(made); }, fail);
  };
  return html`<div class="row">${value !== "none" && shown && html`<img class="logo-shown" src=${shown} alt=${label("logo")} />`}
    <input id=${id} type="file" accept="image/png" aria-describedby=${describedBy} onChange=${choose} />
    ${(current || value) && value !== "none" && html`<${Button} run=${() => set("none")}>${t("console.appearance.logo_none")}<//>`}
    ${failure && html`<p class="wrong small" role="alert">${problemText(failure)}</p>`}</div>`;
}

const linkNames = ["home", "terms", "privacy", "support"];
const loadAppearance = async () => {
  const { body, etag } = await call("GET", "/appearance");
  const links = Object.fromEntries(linkNames.map((name) => [`links.${name}`, body.links[name]]));
  return { etag, body: { ...body, ...links, logo: "" } };
};

function Appearance() {
  const load = useLoad(loadAppearance, []);
  const isColour = (value) => /^#[0-9a-f]{6}$/i.test(value);
  const accent = ({ id, value, set, describedBy }) => html`<div class="stack tight"><div class="row nowrap">
    <input type="color" aria-label=${t("console.appearance.pick")} value=${isColour(value) ? value : "#2b70ea"} onInput=${(event) => set(event.target.value)} />
    <input id=${id} value=${value} placeholder="#2b70ea" maxlength="7" spellcheck=${false} aria-describedby=${describedBy} onInput=${(event) => set(event.target.value)} />
    <span class="swatch-button" style=${{ background: isColour(value) ? value : "" }}>${t("console.appearance.sample")}</span></div><${Contrast} colour=${value} /></div>`;
  const fields = ({ languages, logo_url: current }) => [
    "product_name?", { name: "default_language?", options: languages.map((code) => [code, languageName(code)]) },
    { name: "accent_color?", isWide: true, render: accent }, { name: "logo?", isWide: true, render: (field) => html`<${LogoField} ...${field} current=${current} />` },
    { heading: t("console.appearance.links") }, ...linkNames.map((name) => ({ name: `links.${name}?`, type: "url", placeholder: "https://" })),
  ];
  // The whole is sent: what is left out would be as the settings say.
  async function save(values, options) {
    const { logo, ...rest } = values;
    const body = { links: {} };
    for (const [name, value] of Object.entries(rest)) {
      if (name.startsWith("links.")) body.links[name.slice(6)] = value;
      else body[name] = value;
    }
    if (logo) body.logo = logo === "none" ? null : logo;
    await call("PUT", "/appearance", body, options);
    const newer = await loadAppearance();
    load.put(newer);
    product.set(newer.body.product_name);
    dress(newer.body);
    return t("console.saved");
  }
  return html`<${Card} title=${t("console.tab.appearance")} lead=${t("console.appearance.text")}><${Loaded} load=${load}>${({ body, etag }) => html`
    <${Form} whole fields=${fields(body)} values=${body} etag=${etag} again=${loadAppearance} send=${save} />`}<//><//>`;
}

const listAt = (path) => async () => { const body = await get(path); return body.items ?? body; };

function SettingsTable() {
  const load = useLoad(listAt("/settings"), []);
  const [text, type] = useState("");
  const value = (one) => html`<span>${String(one.value ?? "–")} ${one.value !== one.default && html`<${Badge} kind="warn">${t("console.settings.changed")}<//>`}</span>`;
  return html`<p class="quiet">${t("console.settings.text")}</p><${Loaded} load=${load}>${(items) => html`
    <${FindBox} text=${label("q")} value=${text} put=${type} />
    <${Table} name=${t("console.tab.settings")} rows=${items.filter((one) => matches(text, one.name))} rowId=${(one) => one.name}
      columns=${[["name", (one) => html`<code>${one.name}</code>`], ["value", value], ["default", (one) => String(one.default ?? "–")]]} />`}<//>`;
}

function SigningKeys() {
  const load = useLoad(listAt("/signing-keys"), []);
  const [rotating, rotate] = useState(null);
  const [kept, setKept] = useState([]);
  async function save({ drop, current_password }) {
    const { body } = await call("POST", "/signing-keys/rotate", { current_password, ...(drop ? { drop: rotating.kid } : {}) });
    rotate(null);
    load.reload();
    setKept(body.kept);
    return t("console.done");
  }
  const state = (one) => html`<${Badge} kind=${one.state === "current" ? "good" : ""}>${word("console.key_state.", one.state)}<//>`;
  const todo = rotating?.kid ? "console.signing_keys.drop" : "console.signing_keys.rotate";
  const drop = (one) => html`<${Button} kind="plain small bad-text" run=${() => rotate(one)} aria-label=${`${t("console.signing_keys.drop")}: ${one.kid}`}>${t("console.signing_keys.drop")}<//>`;
  return html`<${Card} title=${t("console.tab.signing_keys")} lead=${t("console.signing_keys.text")} actions=${html`<${Button} run=${() => rotate({})}>${t("console.signing_keys.rotate")}<//>`}>
    ${kept.length > 0 && html`<p class="note bad" role="alert">${t("console.signing_keys.kept", { list: kept.join(", ") })}</p>`}
    <${Loaded} load=${load} lines=${4}>${(items) => html`<${Table} name=${t("console.tab.signing_keys")} rows=${items} rowId=${(one) => one.kid}
      columns=${["kid", "alg", ["status", state], "published_at", "signs_from", "gone_at", ["do", drop]]} />`}<//>
    ${rotating && html`<${FormDialog} whole title=${t(todo)} text=${t(rotating.kid ? "console.signing_keys.drop_text" : "console.signing_keys.rotate_text")} danger=${Boolean(rotating.kid)} size="" kind="" close=${() => rotate(null)} values=${{ drop: Boolean(rotating.kid) }}
      fields=${[rotating.kid && { name: "drop", type: "checkbox", isWide: true }, "current_password"]} button=${t(todo)} send=${save} />`}<//>`;
}
