// The log, with all its filters in the address, and a mode that follows what happens.

const logOrganization = () => session.isSuper && { name: "organization", kind: "log_organization" };
// Super admins see everything, unless they ask for less, or there is more than can be read at once.
const scopeOf = (query) => query.get("organization") ?? (session.readsAll ? "*" : undefined);

const activityFilters = () => ["category", "severity", "success", "hours", "|", ...(readsPeople() ? ["user_id", "subject_id"] : []),
  { name: "activity_type", placeholder: "authn_login_fail" }, "tag", "since", "until", logOrganization()];

// Calls of the API are shown when one asks for them: they are most of a log, and the least of its news.
function askedOf(query, filters) {
  const wanted = { ...wantedOf(query, filters), organization: scopeOf(query) };
  if (!["category", "activity_type", "calls"].some((name) => query.has(name))) wanted.category = news;
  return wanted;
}

const isOwnPolling = (one) => one.user_id === session.me.id && one.details.route === "GET /api/v1/activities";

// What is newer than all that is known, from up to five pages; `isCut` where that does not reach.
async function newer(wanted, known) {
  const fresh = [];
  let cursor;
  for (let turn = 0; turn < 5; turn += 1) {
    const made = await get("/activities" + queryOf({ ...wanted, limit: 100, cursor }));
    for (const one of made.items) {
      if (known.has(one.id)) return { fresh };
      fresh.push(one);
    }
    cursor = made.next_cursor;
    if (!cursor || !known.size) return { fresh };
  }
  return { fresh, isCut: true };
}

// Asks again every five seconds while the page is looked at, and less often when that fails.
function useFollow(isOn, list, wanted) {
  const [state, set] = useState({});
  const current = useRef(list);
  current.current = list;
  useEffect(() => {
    if (!isOn) return undefined;
    let timer;
    let wait = 5;
    let isOver = false;
    let isAsking = false;
    async function poll() {
      if (isAsking) return;
      if (!document.hidden && current.current.items) {
        isAsking = true;
        try {
          const known = new Set(current.current.items.map((one) => one.id));
          const { fresh: made, isCut } = await newer(wanted, known);
          if (isOver) return;
          wait = 5;
          const fresh = made.filter((one) => !isOwnPolling(one)).map((one) => ({ ...one, isFresh: true }));
          if (isCut) current.current.reload();
          else if (fresh.length) current.current.put((before) => [...fresh, ...before]);
          set({});
        } catch (failure) {
          // Whoever does not want to sign in again is not asked every few seconds.
          if (failure.code === "unauthenticated") isOver = true;
          wait = Math.min(60, Math.max(wait * 2, failure.wait || 0));
          set({ failure });
        } finally {
          isAsking = false;
        }
      }
      if (!isOver) timer = setTimeout(poll, wait * 1000);
    }
    const wake = () => { if (!document.hidden) { clearTimeout(timer); poll(); } };
    document.addEventListener("visibilitychange", wake);
    timer = setTimeout(poll, wait * 1000);
    return () => { isOver = true; clearTimeout(timer); document.removeEventListener("visibilitychange", wake); };
  }, [isOn, JSON.stringify(wanted)]);
  return state;
}

const LogTabs = ({ current }) => html`<${Tabs} name=${label("activity")} current=${current} items=${[["log", pathTo("activity")], ["stream", pathTo("stream")]]} />`;

function Activity({ route: { id, query } }) {
  const filters = useMemo(activityFilters, []);
  const wanted = askedOf(query, filters);
  const list = useList("/activities", wanted);
  const isFollowing = query.has("follow");
  const follow = useFollow(isFollowing, list, wanted);
  const open = (one) => setQuery({ open: one.id }, {});
  const opened = query.get("open") || id;
  const close = () => (id ? navigate(pathTo("activity")) : setQuery({ open: "" }, {}));
  const toggle = (name) => html`<${Button} aria-pressed=${query.has(name) ? "true" : "false"} run=${() => setQuery({ [name]: query.has(name) ? "" : "1" }, {})}>
    ${name === "follow" && html`<span class=${isFollowing ? "live" : "live off"} aria-hidden="true"></span>`}${t("console.activity." + name)}<//>`;
  return html`<${Page} title=${label("activity")} tabs=${html`<${LogTabs} current="log" />`} actions=${html`<${CsvButton} path="/activities.csv" query=${wanted} name="activities" />`}>
    <${Filters} filters=${filters} query=${query}><span class="row">${!query.has("category") && toggle("calls")}${toggle("follow")}</span><//>
    ${isFollowing && html`<p class="small quiet" role="status">${follow.failure ? words(problemText(follow.failure), requestOf(follow.failure), t("console.activity.follow_failed")) : t("console.activity.following")}</p>`}
    <${List} list=${list} name=${label("activity")} columns=${activityColumns(open, session.isSuper)} rowClass=${(one) => one.isFresh && "fresh"}
      empty=${html`<${Empty} title=${t("console.activity.empty")}>${t("console.activity.empty_text")}<//>`} />
    ${opened && html`<${Record} of=${list.items?.find((one) => one.id === opened) ?? { id: opened, organization: scopeOf(query) }} close=${close} />`}
  <//>`;
}

// The stream: events of one kind folded together, for people.

function Entry({ one, put }) {
  const toggle = (name) => async () => {
    const path = `/activity-streams/${one.id}` + queryOf({ organization: session.isSuper ? one.organization : "" });
    const { etag } = await call("GET", path);
    put((await call("PATCH", path, { [name]: !one[name] }, { etag })).body);
  };
  const may = can("organizations.manage");
  return html`<li class=${`entry ${one.is_pinned ? "pinned" : ""}`} data-id=${one.id}>
    <span class=${one.success ? "dot" : "dot bad"} aria-hidden="true"></span>
    <div class="grows"><p><a href=${pathTo("activity", one.activity_id)}>${one.display_title}</a>
        ${one.group_count > 1 && html` <${Badge}>× ${number(one.group_count)}<//>`}
        ${one.is_pinned && html` <${Badge} kind="warn">${t("console.stream.pinned")}<//>`}
        ${one.is_public && html` <${Badge} kind="good">${t("console.stream.public")}<//>`}</p>
      <p class="small quiet">${one.display_subtitle && `${one.display_subtitle} · `}${word("console.category.", one.category)} · <${When} at=${one.updated_at} /></p></div>
    ${may && html`<span class="row"><${Act} isSmall what=${one.is_public ? "unshare" : "share"} name=${one.display_title} run=${toggle("is_public")} />
      <${Act} isSmall what=${one.is_pinned ? "unpin" : "pin"} name=${one.display_title} run=${toggle("is_pinned")} /></span>`}</li>`;
}

function Stream({ route: { query } }) {
  const list = useList("/activity-streams", { organization: scopeOf(query) });
  const put = (made) => list.put((items) => items.map((one) => (one.id === made.id ? made : one)).sort((a, b) => b.is_pinned - a.is_pinned));
  return html`<${Page} title=${t("console.tab.stream")} lead=${t("console.stream.text")} tabs=${html`<${LogTabs} current="stream" />`}>
    ${session.isSuper && html`<${Filters} filters=${[logOrganization()]} query=${query} />`}
    <${Loaded} load=${list}>${() => (list.items.length ? html`<ul class="card entries">${list.items.map((one) => html`<${Entry} key=${one.id} one=${one} put=${put} />`)}</ul>`
    : html`<${Empty} title=${t("console.activity.empty")}>${t("console.stream.empty_text")}<//>`)}<//>
    <${More} list=${list} /><//>`;
}
