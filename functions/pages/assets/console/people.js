// People: who there is, found by filters in the address; and inviting more.

const readsPeople = () => can("users.read", "users.manage");
const peopleFilters = () => ["q", "status", "|", session.isSuper && "organization", "role", "inactive_since", "email", "username", "employee_id"];

const personCell = (tab) => (user) => html`<span class="person"><${Avatar} user=${user} /><span>
  <a href=${pathTo("people", user.user_id ?? user.id, { tab })}>${nameOf(user)}</a>
  <span class="small quiet">${words(user.username, user.kind === "service" && t("console.service"))}</span></span></span>`;

const peopleColumns = [
  ["person", personCell()], "email", "status",
  ["organizations", ({ memberships }) => memberships.map(({ organization }) => html`<a class="tag" href=${pathTo("organizations", organization)}>${organization}</a> `)],
  "last_login_at",
];

// What can be done with an account; a tag makes it certain that it is as one saw it.
const userPath = (user, below = "") => `/users/${user.id}${below}`;
const setStatus = (status) => (user) => call("PATCH", userPath(user), { status });
const post = (below) => (user) => call("POST", userPath(user, below));
const endSessionsOf = (user) => call("DELETE", "/user-sessions" + queryOf({ scope: "all", user_id: user.id }));

// An account is its owner's: an organization has the membership, invitations, and accounts of programs.
const mayMove = ({ status, kind }) => session.isSuper || status === "pending" || kind === "service";

const peopleActions = (status) => (status === "deleted" ? [session.isSuper && ["restore", post("/restore")]] : [
  ...(session.isSuper ? [["suspend", setStatus("suspended")], ["activate", setStatus("active")]] : []), ["unlock", post("/unlock")],
  (!status || status === "pending") && ["invite_again", post("/invitation")], can("sessions.manage") && ["sign_out_everywhere", endSessionsOf],
  mayMove({ status }) && ["delete_user", (user) => call("DELETE", userPath(user))],
]);

const NotFound = () => html`<${Empty} title=${t("console.people.not_found")}>${t("console.people.not_found_text")}<//>`;

function People({ route: { query } }) {
  const filters = useMemo(peopleFilters, []);
  const wanted = wantedOf(query, filters);
  const list = useList("/users", wanted);
  const chosen = useChosen(JSON.stringify(wanted));
  const [dialog, open] = useState(null);
  const may = can("users.manage");
  const close = () => open(null);
  return html`<${Page} title=${label("people")} actions=${html`<${CsvButton} path="/users.csv" query=${wanted} name="people" />
      ${may && html`<${Button} run=${() => open("service")}>${t("console.service.new")}<//><${Button} kind="main" run=${() => open("invite")}>${t("console.invite")}<//>`}`}>
    <${Filters} filters=${filters} query=${query} />
    <${List} list=${list} name=${label("people")} columns=${peopleColumns} chosen=${may && chosen} empty=${html`<${NotFound} />`} />
    ${may && html`<${BulkBar} chosen=${chosen} rows=${list.items} actions=${peopleActions(query.get("status"))} done=${list.reload} />`}
    ${dialog === "invite" && html`<${Invite} close=${close} done=${list.reload} initial=${query.get("organization")} />`}
    ${dialog === "service" && html`<${NewService} close=${close} />`}<//>`;
}

// Who has a role.
function Holders({ role }) {
  const list = useList("/users", { role });
  return html`<${List} list=${list} name=${t("console.tab.holders")} columns=${peopleColumns} none=${t("console.role.holders_none")} />`;
}

// Addresses in a text as it is pasted, each once, and what is none.
function addressesIn(text) {
  const isGood = (one) => /^[^@]+@[^@]+\.[^@]+$/.test(one);
  const some = text.split(/[\n,;]+/).map((one) => one.trim()).filter(Boolean).flatMap((part) => {
    const words = part.split(/[\s<>\x22()]+/).filter((one) => one.includes("@"));
    return words.length ? words.map((one) => one.replace(/^'+|['.]+$/g, "")) : [part];
  });
  return { good: [...new Set(some.filter(isGood))], bad: some.filter((one) => !isGood(one)) };
}

// Invites in calls of fifty; what failed has its problem beside its address.
async function inviteAll({ organization, addresses, roles }, keyFor) {
  const failed = [];
  for (let at = 0; at < addresses.length; at += 50) {
    const some = addresses.slice(at, at + 50);
    const body = { invitations: some.map((email) => ({ email, roles })) };
    const { body: { results } } = await call("POST", `/organizations/${segment(organization)}/invitations`, body, { key: keyFor(body) });
    results.forEach((one, i) => { if (!one.id) failed.push([some[i], one]); });
  }
  return failed;
}

// Fields for where somebody comes, and with which roles.
const placeFields = (isFixed, where, go) => [
  !isFixed && session.isSuper && { name: "organization", onPick: go },
  where && can("roles.assign") && { name: "roles?", isMany: true, isWide: true, find: (q) => findRolesOf(where, q) },
];

function Invite({ close, done, organization, initial }) {
  const [where, go] = useState(organization || (session.isSuper ? initial ?? "" : session.me.organization));
  const [result, setResult] = useState(null);
  const values = useMemo(() => ({ organization: where }), []);
  const keyFor = useIdempotent();
  async function save({ addresses, roles = [] }) {
    const { good } = addressesIn(addresses ?? "");
    if (!good.length) throw new Failure(422, { errors: [{ field: "addresses", code: "invalid_email" }] });
    const failed = await inviteAll({ organization: where, addresses: good, roles }, keyFor);
    done?.();
    if (failed.length) return setResult({ n: good.length - failed.length, failed });
    close();
    return t("console.done");
  }
  if (result) {
    return html`<${Dialog} title=${t("console.invite")} close=${close} isFree><p role="status">${t("console.bulk.over", { n: result.n, failed: result.failed.length })}</p>
      <${Failed} items=${result.failed} />
      <div class="row end"><${Button} run=${() => copy(result.failed.map(([address]) => address).join("\n"))}>${t("console.copy")}<//>
        <${Button} kind="main" run=${close}>${t("console.close")}<//></div><//>`;
  }
  return html`<${FormDialog} isNew title=${t("console.invite")} text=${t("console.invite.text")} close=${close} kind="" values=${values} button=${t("console.invite.submit")} send=${save}
      fields=${[...placeFields(organization, where, go), { name: "addresses", type: "textarea" }]}>
    ${({ addresses = "" }) => {
    const { good, bad } = addressesIn(addresses);
    return html`<p class="small quiet" role="status">${t("console.invite.count", { n: good.length })}
      ${bad.length > 0 && html` <span class="wrong">${t("console.invite.bad", { list: bad.slice(0, 5).join(", ") })}</span>`}</p>`;
  }}<//>`;
}

// A program's own account: it has keys and no password.
function NewService({ close }) {
  const [where, go] = useState(session.me.organization);
  const values = useMemo(() => ({ organization: where }), []);
  async function save(body, { key }) {
    const { body: made } = await call("POST", "/users", { kind: "service", organization: where, ...body }, { key });
    close();
    navigate(pathTo("people", made.id, { tab: "keys" }));
  }
  return html`<${FormDialog} isNew title=${t("console.service.new")} text=${t("console.service.text")} close=${close} kind="" values=${values}
    fields=${["name", ...placeFields(false, where, go)]} button=${t("console.create")} send=${save} />`;
}
