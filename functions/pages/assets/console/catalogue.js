// Modules and permissions, which roles are made of.

const pieceFields = { modules: ["name", "order?", "icon?", "description?"], permissions: ["name", "action", "description?"] };

function Catalogue({ route: { query } }) {
  const load = useCatalogue();
  const kind = query.get("tab") === "permissions" ? "permissions" : "modules";
  const [isNew, make] = useState(false);
  const title = t("console.new." + kind);
  const items = [["modules", pathTo("catalogue")], ["permissions", pathTo("catalogue", "", { tab: "permissions" })]];
  async function save(body, { key }) {
    await call("POST", `/${kind}`, body, { key });
    make(false);
    load.put(await loadCatalogue());
    return t("console.done");
  }
  const values = useMemo(() => ({ module: query.get("module"), action: "read" }), [query.get("module")]);
  const fields = kind === "modules" ? ["code", ...pieceFields.modules] : ["module", { name: "code", hint: t("console.permission.code_hint") }, ...pieceFields.permissions];
  return html`<${Page} title=${label("catalogue")} lead=${t("console.catalogue.text")} tabs=${html`<${Tabs} name=${label("catalogue")} items=${items} current=${kind} />`}
      actions=${mayShare() && html`<${Button} kind="main" run=${() => make(true)}>${title}<//>`}>
    <${Loaded} load=${load} lines=${10}>${(catalogue) => html`<${kind === "modules" ? ModuleList : PermissionList} ...${catalogue} query=${query} />`}<//>
    ${isNew && html`<${FormDialog} isNew title=${title} close=${() => make(false)} fields=${fields} values=${values} button=${t("console.create")} send=${save} />`}<//>`;
}

function ModuleList({ modules, permissions, roles }) {
  const rows = modules.map((one) => ({
    ...one, permission_count: permissions.filter(({ module }) => module === one.code).length, role_count: roles.filter((role) => role.modules.includes(one.code)).length,
  }));
  const count = (one) => html`<a href=${pathTo("catalogue", "", { tab: "permissions", module: one.code })}>${number(one.permission_count)}</a>`;
  return html`<${Table} name=${label("modules")} rows=${rows} rowId=${(one) => one.code} columns=${[["module", linkCell("modules")], ["permission_count", count], "role_count", "order", "is_active"]} />`;
}

const actionCell = (one) => word("console.action.", one.action);
const moduleCell = (one) => html`<a href=${pathTo("modules", one.module)}>${one.module}</a>`;

function PermissionList({ modules, permissions, roles, query }) {
  const counts = useMemo(() => {
    const made = new Map();
    for (const role of roles) for (const code of role.permissions) made.set(code, (made.get(code) ?? 0) + 1);
    return made;
  }, [roles]);
  const rows = permissions.filter(found(query, "module", "action")).map((one) => ({ ...one, role_count: counts.get(one.code) ?? 0 }));
  return html`<${Local} query=${query} name=${label("permissions")} rows=${rows}
    filters=${[{ name: "q", placeholder: "console.hint.find" }, { name: "module", find: null, options: modules.map((one) => [one.code, one.name]) }, "action"]}
    columns=${[["permission", linkCell("permissions")], ["module", moduleCell], ["action", actionCell], "role_count", "is_active"]} />`;
}

// One module or one permission.
function Piece({ kind, id, query }) {
  const list = kind + "s";
  const thing = useThing(`/${list}/${segment(id)}`);
  const catalogue = useCatalogue();
  const up = kind === "permission" ? "permissions" : "";
  const remove = async () => { await thing.remove(); navigate(pathTo("catalogue", "", { tab: up }), { replace: true }); };
  const may = mayShare() && (thing.one?.module ?? id) !== "RBAC";
  const holders = ({ roles: all }) => {
    const roles = all.filter((role) => holds(role, kind, id));
    return roles.length ? html`<p>${roles.slice(0, 40).map((role) => html`<a class="tag" href=${pathTo("roles", role.code)}>${role.name}</a> `)}${roles.length > 40 && `+ ${number(roles.length - 40)}`}</p>`
      : html`<p class="quiet">${t("console.catalogue.unused")}</p>`;
  };
  const facts = (one) => (kind === "module" ? [["permissions", html`<a href=${pathTo("catalogue", "", { tab: "permissions", module: id })}>${t("console.see")}</a>`]]
    : [["module", moduleCell(one)], ["why", html`<a href=${pathTo("why", "", { permission: id })}>${t("console.see")}</a>`]]);
  const history = session.isSuper ? { organization: "PLATFORM" } : {};
  return html`<${Detail} view="catalogue" id=${id} query=${query} thing=${thing}
    actions=${(one) => may && html`<${Switch} thing=${thing} /><${Act} what="delete" name=${one.name} run=${remove} />`} tabs=${[
    ["profile", (one) => html`<${Profile} thing=${thing} fields=${pieceFields[list]} may=${may} facts=${[...facts(one), "created_at", "updated_at"]}>
      <h3>${label("roles")}</h3><${Loaded} load=${catalogue} lines=${2}>${holders}<//><//>`],
    can("activities.read") && ["history", () => html`<${History} query=${history} only=${({ details }) => [details.code, details[kind]].includes(id)} />`],
  ]} />`;
}

const Module = ({ route: at }) => html`<${Piece} kind="module" ...${at} />`;
const Permission = ({ route: at }) => html`<${Piece} kind="permission" ...${at} />`;
