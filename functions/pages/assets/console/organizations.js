// Organizations: who belongs, who is invited, own roles, history.

const organizationFields = [
  "name", "description?", "contact_email?", "contact_phone?", "website?", "address?", "postal_code?", "city?", "state?", "country?", "settings?",
];

function Organizations() {
  const list = useList("/organizations", { limit: 200 });
  const [isNew, make] = useState(false);
  const [text, type] = useState("");
  const shown = { ...list, items: list.items?.filter((one) => matches(text, one.code, one.name, one.city)) };
  const button = session.isSuper && html`<${Button} kind="main" run=${() => make(true)}>${t("console.organization.new")}<//>`;
  async function save(body, { key }) {
    const { body: made } = await call("POST", "/organizations", body, { key });
    make(false);
    navigate(pathTo("organizations", made.code));
  }
  return html`<${Page} title=${label("organizations")} actions=${button}>
    ${list.items?.length > 8 && html`<${FindBox} text=${label("q")} value=${text} put=${type} />`}
    <${List} list=${shown} name=${label("organizations")} rowId=${(one) => one.code}
      columns=${[["organization", linkCell("organizations")], "is_active", "member_count", ["place", (one) => words(one.city, one.country) || "–"], "created_at"]}
      empty=${html`<${Empty} title=${t("console.organization.empty")} action=${button}>${t("console.organization.empty_text")}<//>`} />
    ${isNew && html`<${FormDialog} isNew title=${t("console.organization.new")} close=${() => make(false)} fields=${["code", ...organizationFields]} button=${t("console.create")} send=${save} />`}<//>`;
}

function Organization({ route: { id, query } }) {
  const thing = useThing(`/organizations/${segment(id)}`);
  const leave = async () => { await thing.remove(); navigate(pathTo("organizations"), { replace: true }); };
  const actions = (one) => session.isSuper && id !== "PLATFORM" && html`
    ${one.is_active ? html`<${Act} what="stop_organization" name=${one.name} run=${() => thing.patch({ is_active: false })} />`
    : html`<${Act} what="activate" run=${() => thing.patch({ is_active: true })} />`}
    <${Act} what="delete" name=${one.name} typed=${one.code} run=${leave}
      text=${[one.member_count > 0 && t("console.organization.in_use", { n: one.member_count }), t("console.organization.delete_text")].filter(Boolean)} />`;
  return html`<${Detail} view="organizations" id=${id} query=${query} thing=${thing} actions=${actions} tabs=${[
    ["profile", (one) => html`<${Profile} thing=${thing} fields=${organizationFields} may=${canIn(id, "organizations.manage")}
      facts=${[["members", html`<a href=${pathTo("organizations", id, { tab: "members" })}>${number(one.member_count)}</a>`], "id", "created_at", "updated_at"]} />`],
    canIn(id, "users.read", "users.manage") && ["members", () => html`<${Members} code=${id} query=${query} />`],
    canIn(id, "users.manage") && ["invitations", () => html`<${Invitations} code=${id} />`],
    canIn(id, "roles.manage", "roles.assign", "access.check") && ["roles", () => html`<${OwnRoles} code=${id} />`],
    canIn(id, "activities.read") && ["history", () => html`<${History} query=${session.isSuper ? { organization: id } : {}} />`],
  ]} />`;
}

const InviteButton = ({ code, done }) => {
  const [isOpen, open] = useState(false);
  return html`<${Button} kind="main" run=${() => open(true)}>${t("console.invite")}<//>
    ${isOpen && html`<${Invite} organization=${code} close=${() => open(false)} done=${done} />`}`;
};

function Members({ code, query }) {
  const path = `/organizations/${segment(code)}/members`;
  const filters = ["q", { name: "status", options: membershipStatuses }, "|", "department", { name: "role", find: inCatalogue((q) => findRolesOf(code, q)) }];
  const wanted = wantedOf(query, filters);
  const list = useList(path, wanted);
  const chosen = useChosen(JSON.stringify(wanted));
  const may = canIn(code, "users.manage");
  // What a membership leaves out is cleared: the rest goes with it as it is.
  const put = (status) => async (row) => {
    const { body: { department, employee_id, job_title, manager, metadata }, etag } = await call("GET", `${path}/${row.user_id}`);
    return call("PUT", `${path}/${row.user_id}`, { department, employee_id, job_title, manager, metadata, status }, { etag });
  };
  const actions = [["suspend_member", put("suspended")], ["activate", put("active")], ["remove", (row) => call("DELETE", `${path}/${row.user_id}`)]];
  const rowId = (one) => one.user_id;
  return html`<${Filters} filters=${filters} query=${query}><${CsvButton} path=${`${path}.csv`} query=${wanted} name=${`members-${code}`} />
      ${may && html`<${InviteButton} code=${code} done=${list.reload} />`}<//>
    <${List} list=${list} name=${label("members")} columns=${[["person", personCell("memberships")], "email", "status", "department", "job_title", "employee_id"]} rowId=${rowId}
      chosen=${may && chosen} empty=${html`<${NotFound} />`} />
    ${may && html`<${BulkBar} chosen=${chosen} rows=${list.items} rowId=${rowId} actions=${actions} done=${list.reload} />`}`;
}

function Invitations({ code }) {
  const path = `/organizations/${segment(code)}/invitations`;
  const list = useList(path);
  const chosen = useChosen(path);
  const resend = (one) => call("POST", `${path}/${one.id}/resend`);
  const cancel = (one) => call("DELETE", `${path}/${one.id}`);
  const then = (run, one) => async () => { await run(one); list.reload(); };
  const columns = [
    "email", "roles", ["invited_by", (one) => html`<a href=${pathTo("people", one.invited_by)}>${one.invited_by_username ?? one.invited_by.slice(0, 8)}</a>`], "expires_at",
    ["do", (one) => html`<div class="row"><${Act} isSmall what="invite_again" name=${one.email} run=${then(resend, one)} />
      <${Act} isSmall what="withdraw" name=${one.email} run=${then(cancel, one)} /></div>`],
  ];
  return html`<div class="row end"><${InviteButton} code=${code} done=${list.reload} /></div>
    <${List} list=${list} name=${label("invitations")} columns=${columns} chosen=${chosen} lines=${4}
      empty=${html`<${Empty} title=${t("console.invitation.empty")}>${t("console.invitation.empty_text")}<//>`} />
    <${BulkBar} chosen=${chosen} rows=${list.items} actions=${[["invite_again", resend], ["withdraw", cancel]]} done=${list.reload} />`;
}

function OwnRoles({ code }) {
  const load = useLoad(async () => (await all("/roles", { organization: code })).items.filter((one) => one.organization === code), [code]);
  return html`${canIn(code, "roles.manage") && html`<div class="row end"><a class="button" href=${pathTo("roles", "", { tab: "list", new: code })}>${t("console.role.new")}</a></div>`}
    <${Loaded} load=${load} lines=${3}>${(roles) => (roles.length ? html`<${Table} name=${t("console.tab.roles")} rows=${roles} rowId=${(one) => one.code}
        columns=${[["role", linkCell("roles")], "level", "is_active"]} />`
    : html`<${Empty} title=${t("console.organization.no_roles")}>${t("console.organization.no_roles_text")}<//>`)}<//>`;
}
