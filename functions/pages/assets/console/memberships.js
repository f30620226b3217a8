// Where a person belongs, and with which roles.

const memberPath = (organization, userId) => `/organizations/${segment(organization)}/members/${segment(userId)}`;
const membershipStatuses = () => optionsOf("console.status.", accountStatuses.slice(0, 4));

function Memberships({ user, reload }) {
  const [isAdding, add] = useState(false);
  const mine = user.memberships.filter(({ organization }) => canIn(organization, "users.read", "users.manage"));
  async function save({ organization }) {
    await call("PUT", memberPath(organization, user.id), { status: "active" });
    add(false);
    reload();
    return t("console.done");
  }
  return html`${session.isSuper && html`<div class="row end"><${Button} run=${() => add(true)}>${t("console.member.add")}<//></div>`}
    ${mine.length === 0 && html`<${Empty} title=${t("console.member.nowhere")}>${t("console.member.nowhere_text")}<//>`}
    ${mine.map(({ organization }) => html`<${Membership} key=${organization} organization=${organization} userId=${user.id} name=${nameOf(user)} changed=${reload} />`)}
    ${isAdding && html`<${FormDialog} isNew title=${t("console.member.add")} size="" kind="" fields=${["organization"]} button=${t("console.create")} send=${save} close=${() => add(false)} />`}`;
}

const findMembers = (organization) => async (q, signal) =>
  (await get(`/organizations/${segment(organization)}/members` + queryOf({ q, limit: 20 }), { signal })).items.map(userItem);

const memberFields = (organization) => [
  { name: "status", options: membershipStatuses }, "employee_id?", "department?", "job_title?",
  { name: "manager?", find: findMembers(organization), labelOf: userLabel }, "metadata?",
];

function Membership({ organization, userId, name, changed }) {
  const thing = useThing(memberPath(organization, userId));
  const [isEditing, edit] = useState(false);
  const { one: member } = thing;
  async function save(body, options) {
    await call("PUT", thing.path, body, options);
    edit(false);
    thing.reload();
    return t("console.saved");
  }
  const remove = async () => { await thing.remove(); changed(); };
  return html`<${Card} title=${html`<a href=${pathTo("organizations", organization)}>${organization}</a>`}
      actions=${canIn(organization, "users.manage") && member && html`<${Button} run=${() => edit(true)}>${t("console.edit")}<//>
        <${Act} what="remove" name=${`${name}, ${organization}`} run=${remove} />`}>
    <${Loaded} load=${thing} lines=${3}>${() => html`
      <${Facts} of=${member} items=${["status", "employee_id", "department", "job_title",
    member.manager && ["manager", html`<a href=${pathTo("people", member.manager)}><${NameOf} id=${member.manager} /></a>`],
    Object.keys(member.metadata).length > 0 && "metadata"]} />
      <${MemberRoles} organization=${organization} userId=${userId} version=${thing.etag} changed=${() => { thing.reload(); changed?.(); }} />`}<//>
    ${isEditing && html`<${FormDialog} whole title=${organization} close=${() => edit(false)} fields=${memberFields(organization)} values=${member} etag=${thing.etag} again=${thing.again} send=${save} />`}<//>`;
}

// The name of somebody of whom only the id is known.
const NameOf = ({ id }) => useLoad(() => userLabel(id), [id]).data ?? id.slice(0, 8);

// Whether a role has begun and is not over.
function span({ starts_at: from, expires_at: to }) {
  const say = (kind, key, at) => html`<${Badge} kind=${kind}>${t("console.assign." + key)} <${When} at=${at} /><//>`;
  if (to && new Date(to) <= Date.now()) return say("bad", "over", to);
  if (from && new Date(from) > Date.now()) return say("warn", "from", from);
  return to && say("warn", "until", to);
}

function MemberRoles({ organization, userId, version, changed }) {
  const path = `${memberPath(organization, userId)}/roles`;
  const mayRead = canIn(organization, "users.read", "roles.assign");
  const load = useLoad(async () => (mayRead ? call("GET", path + "?limit=200") : { body: { items: [] } }), [path, version]);
  const [editing, edit] = useState(null);
  const mayAssign = canIn(organization, "roles.assign");
  const etag = load.data?.etag;
  // Done or refused: what is there now has another tag.
  const change = (method, role, body) => call(method, `${path}/${segment(role)}`, body, { etag }).finally(() => { load.reload(); changed(); });
  const put = (role, body) => change("PUT", role, body).then(() => {});
  const take = (role) => change("DELETE", role).then(() => {});
  async function save({ role = editing.role, is_primary: isPrimary, ...times }) {
    await put(role, { ...times, ...(isPrimary ? { is_primary: true } : {}) });
    edit(null);
    return t("console.done");
  }
  const fields = editing && [
    !editing.role && { name: "role", isWide: true, find: (q) => findRolesOf(organization, q) }, "starts_at?", "expires_at?",
    !editing.is_primary && { name: "is_primary", type: "checkbox", isWide: true },
  ];
  if (!mayRead) return null;
  return html`<div class="stack tight"><div class="row apart"><h3>${label("roles")}</h3>${mayAssign && html`<${Button} run=${() => edit({})}>${t("console.assign")}<//>`}</div>
    <${Loaded} load=${load} lines=${2}>${({ body: { items } }) => (items.length ? html`<ul class="lines">${items.map((one) => html`<li class="row apart" key=${one.role}>
        <span class="row">${mayReadCatalogue() ? html`<a href=${pathTo("roles", one.role)}>${one.role}</a>` : one.role}
          ${one.is_primary && html`<${Badge} kind="good">${t("console.assign.primary")}<//>`}${span(one)}</span>
        ${mayAssign && html`<span class="row">
          ${!one.is_primary && html`<${Act} isSmall what="make_primary" name=${one.role} run=${() => put(one.role, { ...one, role: undefined, is_primary: true })} />`}
          <${Button} kind="plain small" run=${() => edit(one)} aria-label=${`${t("console.assign.times")}: ${one.role}`}>${t("console.assign.times")}<//>
          <${Act} isSmall what="unassign" name=${one.role} run=${() => take(one.role)} /></span>`}</li>`)}</ul>`
    : html`<p class="quiet">${t("console.assign.none")}</p>`)}<//>
    ${editing && html`<${FormDialog} whole title=${editing.role ?? t("console.assign")} fields=${fields} values=${editing} button=${t("common.save")} send=${save} close=${() => edit(null)} />`}</div>`;
}
