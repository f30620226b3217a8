// Roles: the list, one role with what it grants and who has it.

const mayMakeRoles = () => can("roles.manage") || mayShare();
const mayShare = () => session.isSuper || (can("catalog.manage") && isPlatform());
const byPower = (one, other) => one.level - other.level || one.name.localeCompare(other.name);

function Roles({ route: { query } }) {
  const load = useCatalogue();
  const tab = query.get("tab") === "list" ? "list" : "matrix";
  const reload = async () => load.put(await loadCatalogue());
  const items = [["matrix", pathTo("roles")], ["list", pathTo("roles", "", { tab: "list" })]];
  return html`<${Page} title=${label("roles")} tabs=${html`<${Tabs} name=${label("roles")} items=${items} current=${tab} />`}
      actions=${mayMakeRoles() && html`<${Button} kind="main" run=${() => setQuery({ new: "shared" })}>${t("console.role.new")}<//>`}>
    <${Loaded} load=${load} lines=${14}>${(catalogue) => (tab === "matrix" ? html`<${Matrix} catalogue=${catalogue} reload=${reload} query=${query} />`
    : html`<${RoleList} roles=${catalogue.roles} query=${query} />`)}<//>
    ${query.has("new") && mayMakeRoles() && html`<${NewRole} organization=${query.get("new")} />`}<//>`;
}

// What is in the catalogue already, filtered here.
const Local = ({ filters, query, name, rows, columns }) => html`<${Filters} filters=${filters} query=${query} />
  <${Table} name=${name} columns=${columns} rows=${rows} rowId=${(one) => one.code} /><p class="small quiet" role="status">${t("console.table.all", { n: rows.length })}</p>`;

const found = (query, ...names) => (one) => matches(query.get("q") ?? "", one.code, one.name)
  && names.every((name) => !query.get(name) || String(one[name]) === query.get(name));

function RoleList({ roles, query }) {
  const rows = roles.filter(found(query, "level")).sort(byPower)
    .map((one) => ({ ...one, permission_count: one.permissions.length, module_count: one.modules.length }));
  const kind = (one) => html`${one.is_system && html`<${Badge}>${t("console.role.system")}<//> `}${one.organization && html`<${Badge} kind="good">${one.organization}<//>`}`;
  return html`<${Local} filters=${[{ name: "q", placeholder: "console.hint.find" }, "level"]} query=${query} name=${label("roles")} rows=${rows}
    columns=${[["role", linkCell("roles")], "level", ["kind", kind], "permission_count", "module_count", "is_active"]} />`;
}

const roleFields = ["name", "level", "description?"];
const leveled = ({ level, ...body }) => ({ ...body, ...(level ? { level: Number(level) } : {}) });

function NewRole({ organization }) {
  const fixed = mayShare() ? "" : session.me.organization;
  const values = useMemo(() => ({ level: 4, organization: organization === "shared" ? fixed : organization }), []);
  async function save({ code, organization: whose = fixed, ...rest }, { key }) {
    const body = { ...leveled(rest), code: whose ? `${whose}:${code}` : code, ...(whose ? { organization: whose } : {}) };
    const { body: made } = await call("POST", "/roles", body, { key });
    navigate(pathTo("roles", made.code, { tab: "grants" }));
    return t("console.done");
  }
  return html`<${FormDialog} isNew title=${t("console.role.new")} close=${() => setQuery({ new: "" })} values=${values} button=${t("console.create")} send=${save}
    fields=${["code", ...roleFields, mayShare() && { name: "organization?", hint: t("console.role.organization_hint") }]} />`;
}

function Role({ route: { id, query } }) {
  const thing = useThing(`/roles/${segment(id)}`);
  const catalogue = useCatalogue();
  const { one: role } = thing;
  const may = role && mayChange(role);
  const remove = async () => { await thing.remove(); navigate(pathTo("roles", "", { tab: "list" }), { replace: true }); };
  // A grant changes the tag of the role as well.
  const reload = async () => {
    const [whole, newer] = await Promise.all([loadCatalogue(), thing.again()]);
    catalogue.put(whole);
    thing.put(newer);
  };
  const badge = (one) => html`${one.is_system && html`<${Badge}>${t("console.role.system")}<//>`}${one.organization && html`<${Badge} kind="good">${one.organization}<//>`}`;
  const save = (body, options) => thing.save(leveled(body), options);
  return html`<${Detail} view="roles" id=${id} query=${query} thing=${thing} badge=${badge}
    actions=${(one) => may && html`<${Switch} thing=${thing} />${!one.is_system && html`<${Act} what="delete" name=${one.name} run=${remove} />`}`} tabs=${[
    ["profile", (one) => html`<${Profile} thing=${{ ...thing, save }} fields=${roleFields} may=${may} facts=${[["organization", one.organization ?? t("console.role.shared")], "created_at", "updated_at"]} />`],
    ["grants", () => html`<${Loaded} load=${catalogue}>${(whole) => html`<${Grants} catalogue=${whole} code=${id} reload=${reload} />`}<//>`],
    readsPeople() && ["holders", () => html`<${Holders} role=${id} />`],
    can("activities.read") && ["history", (one) => html`<${History} query=${session.isSuper ? { organization: one.organization ?? "PLATFORM" } : {}}
      only=${({ details }) => [details.code, details.role].includes(id)} />`],
  ]} />`;
}

// Turns a thing of the catalogue off, or on again.
const Switch = ({ thing }) => (thing.one.is_active ? html`<${Act} what="deactivate" name=${thing.one.name} run=${() => thing.patch({ is_active: false })} />`
  : html`<${Act} what="activate" run=${() => thing.patch({ is_active: true })} />`);

// Another organization's own role is not in one's catalogue.
async function grantsOf(code) {
  const [permissions, modules] = await Promise.all(["permissions", "modules"].map((kind) => all(`/roles/${segment(code)}/${kind}`)));
  const codes = ({ items }) => items.map((one) => one.code);
  return { code, organization: code.split(":")[0], permissions: codes(permissions), modules: codes(modules) };
}

// What one role grants: every permission with a box, grouped by module, saved together.
function Grants({ catalogue, code, reload }) {
  const load = useLoad(async () => catalogue.roles.find((one) => one.code === code) ?? grantsOf(code), [code, catalogue]);
  const [text, type] = useState("");
  const staging = useStaged(reload);
  const role = load.data;
  if (!role) return html`<${Loaded} load=${load} />`;
  const may = mayChange(role);
  const box = (kind, of) => {
    const change = staging.staged.get(keyOf(kind, code, of.code));
    return html`<label class=${classes("check grant", change && "staged")}><input type="checkbox" disabled=${!may} checked=${change ? change.isGranted : holds(role, kind, of.code)}
      onChange=${() => staging.toggle(kind, role, of.code)} /><span>${kind === "module" ? t("console.role.whole_module") : of.name} <code class="small">${of.code}</code></span></label>`;
  };
  const groups = catalogue.modules.map((module) => [module, catalogue.permissions.filter((one) => one.module === module.code && matches(text, one.code, one.name, module.name))]);
  return html`<${FindBox} text=${t("console.hint.find")} value=${text} put=${type} />
    ${!may && html`<p class="small quiet">${t("console.role.read_only")}</p>`}
    <div class="grants">${groups.map(([module, permissions]) => (!text || permissions.length > 0) && html`<fieldset class="card" key=${module.code}><legend>${module.name}
      <span class="small quiet"> ${permissions.filter((one) => holds(role, "permission", one.code)).length}/${permissions.length}</span></legend>
      ${box("module", module)}${permissions.map((one) => box("permission", one))}</fieldset>`)}</div>
    <${StagedBar} ...${staging} />`;
}
