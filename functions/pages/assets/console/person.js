// One person: profile, memberships and roles, sessions and locks, keys, history.

const isLocked = (user) => user.locked_until && new Date(user.locked_until) > Date.now();

function Person({ route: { id, query } }) {
  const thing = useThing(`/users/${segment(id)}`);
  const isOwn = id === session.me.id;
  const { one } = thing;
  const badge = (user) => html`<${Status} value=${user.status} />${isLocked(user) && html`<${Badge} kind="bad">${t("console.locked")}<//>`}
    ${user.kind === "service" && html`<${Badge}>${t("console.service")}<//>`}`;
  return html`<${Detail} view="people" id=${id} query=${query} thing=${thing} title=${nameOf} badge=${badge}
    actions=${(user) => user.may_change && html`<${PersonActions} user=${user} thing=${thing} />`} tabs=${[
    ["profile", () => html`<${PersonProfile} thing=${thing} />`],
    ["memberships", (user) => html`<${Memberships} user=${user} reload=${thing.reload} />`],
    one?.kind === "person" && (isOwn || can("sessions.manage", "users.manage")) && ["sessions", () => html`<${Locks} thing=${thing} />${(isOwn || can("sessions.manage")) && html`<${SessionList} userId=${id} />`}`],
    (isOwn || can("keys.manage")) && ["keys", (user) => html`<${Keys} user=${user} />`],
    (isOwn || can("activities.read")) && ["history", (user) => html`<${PersonHistory} user=${user} query=${query} />`],
  ]} />`;
}

// What may be done depends on how the account stands.
function PersonActions({ user, thing }) {
  const name = nameOf(user);
  const act = (what, run, more) => html`<${Act} what=${what} name=${name} run=${run} ...${more} />`;
  if (user.erased_at || !mayMove(user)) return null;
  if (user.status === "deleted") {
    return html`${act("restore", () => thing.post("/restore"))}${session.isSuper && act("erase", () => thing.post("/erase"), { typed: user.username })}`;
  }
  return html`${user.status === "pending" && act("invite_again", () => post("/invitation")(user))}
    ${["suspended", "inactive"].includes(user.status) && act("activate", () => thing.patch({ status: "active" }))}
    ${user.status === "active" && act("suspend", () => thing.patch({ status: "suspended" }))}
    ${act("delete_user", async () => { await thing.remove(); thing.reload(); })}`;
}

function PersonProfile({ thing }) {
  const { one: user } = thing;
  const isPerson = user.kind === "person";
  const fields = ["first_name?", "last_name?", "username", user.status === "pending" && isPerson && "email", ...(isPerson ? ["phone_number?", "language?"] : []), "bio?"];
  return html`<${Profile} thing=${thing} fields=${fields} may=${user.may_change && user.status !== "deleted"} facts=${["id",
    ["email", user.email && html`${user.email} <${Badge} kind=${user.email_verified ? "good" : "warn"}>${t(user.email_verified ? "console.verified" : "console.not_verified")}<//>`],
    "created_at", "updated_at", "last_login_at", "failed_login_attempts", "locked_until", "external_id", "erase_at", "erased_at",
    user.email_delivery && ["email_delivery", words(word("console.delivery.", user.email_delivery.status), user.email_delivery.reason)],
    user.must_change_password && ["password", t("console.must_change")]]} />`;
}

function Locks({ thing }) {
  const { one: user } = thing;
  if (!can("users.manage")) return null;
  return html`<${Card} title=${t("console.locks")} lead=${t("console.locks.text")}><${Facts} of=${user} items=${["failed_login_attempts", "locked_until"]} />
    ${user.may_change && (isLocked(user) || user.failed_login_attempts > 0) && html`<div><${Act} what="unlock" run=${() => thing.post("/unlock")} /></div>`}<//>`;
}

// Done to the person, or by the person.
function PersonHistory({ user, query }) {
  const by = query.get("by") === "user_id" ? "user_id" : "subject_id";
  return html`<div class="row" role="group" aria-label=${t("console.tab.history")}>${["subject_id", "user_id"].map((key) => html`<${Button}
      aria-pressed=${by === key ? "true" : "false"} run=${() => setQuery({ by: key })}>${label(key)}<//>`)}
    <a class="button plain" href=${pathTo("activity", "", { [by]: user.id })}>${t("console.history.open")}</a></div>
    <${History} key=${by} query=${{ [by]: user.id }} />`;
}
