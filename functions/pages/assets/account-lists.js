// Organizations, invitations, sessions and activity of one's own.

const dateTime = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });

// How long ago within a week, the date before that.
function when(datetime) {
  const date = new Date(datetime);
  const minutes = Math.min(0, Math.round((date - Date.now()) / 60_000));
  const [unit, size] = [["day", 1440], ["hour", 60]].find(([, long]) => -minutes >= long) ?? ["minute", 1];
  const title = dateTime.format(date);
  const text = minutes < -10_080 ? title : relative.format(Math.ceil(minutes / size), unit);
  return el("time", { datetime, title }, text);
}

const quiet = (...text) => el("p", { class: "small quiet" }, ...text);
const words = (...some) => some.filter(Boolean).join(" · ");
const badge = (text, kind = "") => el("span", { class: `badge ${kind}` }, text);

// A row: a name with badges, what stands below it, and what can be done.
function row(name, badges, below, ...actions) {
  return el("li", { class: "row apart" },
    el("div", null, el("div", { class: "row" }, el("strong", null, name), badges), below),
    el("div", { class: "row" }, actions));
}

const list = (rows, none) => (rows.length ? el("ul", { class: "list" }, rows) : p(none, { class: "quiet" }));

// Every page of a list, as long as that is no log.
async function all(path) {
  const items = [];
  for (let query = "?limit=200"; query && items.length < 2000;) {
    const { body } = await call("GET", path + query);
    items.push(...body.items);
    query = body.next_cursor && `?limit=200&cursor=${body.next_cursor}`;
  }
  return items;
}

// A section that shows what a call brings.
function listSection(id, heading, bring, draw) {
  const place = el("div", { class: "stack" });
  section(id, heading, place);
  const again = () => load(place, async () => draw(await bring(), again));
  return again();
}

function organizations() {
  const rows = me.memberships.map(({ organization, organization_name: name, status }) => {
    const isHere = organization === me.organization;
    const isActive = status === "active";
    const badges = [
      isHere && badge(t("account.organizations.active"), "good"),
      !isActive && badge(t("account.organizations.not_active")),
    ];
    const change = async () => {
      await call("POST", "/auth/switch-organization", { organization });
      noteSignedIn();
      location.reload();
    };
    const go = isActive && !isHere && action(t("account.organizations.switch"), change);
    return row(name ?? organization, badges, null, go);
  });
  section("organizations", t("account.organizations.title"), list(rows, t("account.organizations.none")));
}

function invitation(one, again) {
  const answer = (what) => async () => {
    await call("POST", `/me/invitations/${one.id}/${what}`);
    return what === "accept" ? location.reload() : again();
  };
  const by = one.invited_by_username;
  const time = dateTime.format(new Date(one.expires_at));
  return row(one.organization_name ?? one.organization, [],
    quiet(words(by && t("account.invitations.by", { name: by }), t("account.invitations.until", { time }))),
    action(t("account.invitations.accept"), answer("accept"), "main"),
    action(t("account.invitations.decline"), answer("decline")));
}

const invitations = () => listSection("invitations", t("account.invitations.title"), () => all("/me/invitations"),
  (items, again) => list(items.map((one) => invitation(one, again)), t("account.invitations.none")));

const sessions = () => listSection("sessions", t("account.sessions.title"), () => all("/user-sessions"), (items, again) => {
  const alive = items.filter((one) => one.is_active).sort((a, b) => b.current - a.current);
  const end = (what) => () => call("DELETE", `/user-sessions${what}`).then(again);
  const rows = alive.map((one) => row(words(one.browser, one.os) || t("account.sessions.unknown"),
    one.current && badge(t("account.sessions.here"), "good"),
    quiet(one.ip_address, one.ip_address && " · ", when(one.last_activity)),
    !one.current && action(t("account.sessions.end"), end(`/${one.session_id}`))));
  return [list(rows), alive.length > 1 && action(t("account.sessions.end_others"), end("?scope=others"))];
});

function event(one) {
  const text = t("account.activity." + one.activity_type);
  const by = one.user_id !== me.id && one.username && t("account.activities.by", { name: one.username });
  const what = text.endsWith(one.activity_type) ? one.description : text;
  return row(what, [], quiet(words(one.ip_address, by)), quiet(when(one.created_at)));
}

// What was done to the account, by its owner or by others; that a session goes on is no news.
function activity() {
  const newest = async () => (await call("GET", `/activities?subject_id=${me.id}&limit=20`)).body.items;
  return listSection("activity", t("account.activities.title"), newest, (items) => {
    const news = items.filter((one) => !/^(session_renewed|organization_switched)$/.test(one.activity_type));
    return list(news.map(event), t("account.activities.none"));
  });
}
