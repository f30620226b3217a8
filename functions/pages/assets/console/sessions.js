// Sessions, one's own or a person's; and API keys.

const deviceOf = (one) => words(one.browser, one.os) || word("console.device.", one.device_type);

function SessionList({ userId }) {
  const query = { user_id: userId === session.me.id ? undefined : userId };
  const scope = query.user_id ? "all" : "others";
  const list = useList("/user-sessions", query);
  const end = (rest) => async () => { await call("DELETE", "/user-sessions" + rest); list.reload(); };
  const columns = [
    ["device", (one) => html`<span>${deviceOf(one)} ${one.current && html`<${Badge} kind="good">${t("console.session.here")}<//>`}</span>`],
    "ip_address", "created_at", "last_activity",
    ["status", (one) => html`<${Badge} kind=${one.is_active ? "good" : ""}>${t(one.is_active ? "console.session.alive" : "console.session.over")}<//>`],
    ["do", (one) => one.is_active && !one.current && html`<${Act} isSmall what="end" name=${deviceOf(one)} run=${end(`/${one.session_id}${queryOf(query)}`)} />`],
  ];
  const isAny = list.items?.some((one) => one.is_active && !one.current);
  return html`<${Card} title=${label("sessions")} actions=${isAny && html`<${Act} what=${query.user_id ? "sign_out_everywhere" : "end_others"} run=${end(queryOf({ scope, ...query }))} />`}>
    <${List} list=${list} name=${label("sessions")} columns=${columns} rowId=${(one) => one.session_id} lines=${4} /><//>`;
}

function Sessions({ route: { query } }) {
  const userId = query.get("user_id") ?? session.me.id;
  const isOwn = userId === session.me.id;
  return html`<${Page} title=${label("sessions")} lead=${t("console.sessions.text")}>
    ${can("sessions.manage") && readsPeople() && html`<${Filters} query=${query} filters=${[{ name: "user_id", label: t("console.session.whose"), placeholder: "console.self" }]}>
      ${!isOwn && html`<a class="button" href=${pathTo("people", userId, { tab: "sessions" })}>${label("person")}</a>`}<//>`}
    <${SessionList} key=${userId} userId=${userId} /><//>`;
}

// Keys of a program, or of one's own.
function Keys({ user }) {
  const isOwn = user.id === session.me.id;
  const path = `/users/${isOwn ? "me" : user.id}/api-keys`;
  const list = useList(path);
  const [dialog, open] = useState(null);
  const close = () => open(null);
  const keyFor = useIdempotent();
  const rotate = async (one) => {
    const body = { overlap_seconds: 86400 };
    await issue(`/${one.id}/rotate`, body, keyFor([one.id, body]));
    keyFor.forget([one.id, body]);
    return false;
  };
  const mayMake = isOwn || (user.kind === "service" && can("keys.manage"));
  const issue = async (below, body, key) => {
    const { body: issued } = await call("POST", path + below, body, { key });
    list.reload();
    open(issued);
    return false;
  };
  const save = ({ networks, ...body }, { key }) => issue("", { ...body, ...(networks ? { networks: networks.split(/[\s,]+/) } : {}) }, key).then(() => "");
  const columns = [
    "name", "scopes", ["networks", ({ networks }) => networks.join(", ") || "–"], "last_used_at", "expires_at",
    ["do", (one) => html`<div class="row">
      ${mayMake && html`<${Act} isSmall what="rotate" name=${one.name} run=${() => rotate(one)} />`}
      <${Act} isSmall what="end_key" name=${one.name} run=${async () => { await call("DELETE", `${path}/${one.id}`); list.reload(); }} /></div>`],
  ];
  const find = async (q) => (mayReadCatalogue() ? findPermissions(q) : findMine(q));
  return html`<${Card} title=${t("console.tab.keys")} lead=${t("console.key.text")} actions=${mayMake && html`<${Button} run=${() => open("new")}>${t("console.key.new")}<//>`}>
    <${List} list=${list} name=${t("console.tab.keys")} columns=${columns} lines=${3} none=${t(mayMake ? "console.key.none" : "console.key.none_person")} />
    ${dialog === "new" && html`<${FormDialog} isNew title=${t("console.key.new")} close=${close} button=${t("console.create")} send=${save}
      fields=${["name", { name: "expires_in_days?", type: "number" }, { name: "scopes", isMany: true, isWide: true, find }, { name: "networks?", isWide: true, placeholder: "10.0.0.0/8, 2001:db8::/32" }]} />`}
    ${dialog?.key && html`<${Dialog} title=${t("console.key.issued")} close=${close} size="wide" isFree><p class="note">${t("console.key.once")}</p>
      <pre class="secret-key" tabindex="0">${dialog.key}</pre><div class="row end"><${Button} run=${() => copy(dialog.key)}>${t("console.copy")}<//>
        <${Button} kind="main" run=${close}>${t("console.key.kept")}<//></div><//>`}<//>`;
}
