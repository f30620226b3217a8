// The account: what one says of oneself, what one signs in with, and the frame of all sections.

let me = null;
let etag = null;
let sections = null;

function take(answer) {
  me = answer.body;
  etag = answer.etag;
}

function section(id, heading, ...content) {
  const h2 = el("h2", { id: `${id}-title` }, heading);
  sections.append(el("section", { class: "card stack", id, "aria-labelledby": h2.id }, h2, ...content));
}

// Tells a password manager whose password it is.
const owner = () => el("input", { autocomplete: "username", value: me?.email, hidden: true });

const currentPassword = () => passwordField({ name: "current_password", label: t("account.current_password") });

// Signing in again, on top of the page: what is typed there stays.

let asking = null;

function askSignIn(failure) {
  const ask = (done, cancelled) => signInDialog(done, () => cancelled(failure));
  asking ??= new Promise(ask).finally(() => { asking = null; });
  return asking;
}

function signInDialog(done, cancelled) {
  const made = form({
    fields: [emailField({ autocomplete: "username", value: me.email }), passwordField()],
    button: t("common.sign_in"),
    style: "main",
    beside: button(t("common.cancel"), () => dialog.close()),
    async send({ email: address, password: typed }) {
      const user = await signIn({ email: address, password: typed });
      // What is typed on the page is another person's: it must not reach this account.
      if (user.id !== me.id) return location.reload();
      done();
      return dialog.close();
    },
  });
  const close = () => {
    dialog.remove();
    cancelled();
  };
  const heading = el("h2", { id: "again" }, t("account.again.title"));
  const dialog = el("dialog", { class: "card", "aria-labelledby": "again", close },
    el("div", { class: "stack" }, heading, p(t("account.again.text")), made.element));
  document.body.append(dialog);
  dialog.showModal();
}

// Profile, email, password, and the end.

const profileFields = () => [
  ...nameFields(me),
  usernameField({ value: me.username }),
  { name: "phone_number", label: t("account.phone"), type: "tel", autocomplete: "tel", ...optional(me.phone_number) },
  { name: "bio", label: t("account.bio"), type: "textarea", maxlength: "500", ...optional(me.bio) },
  {
    name: "language", label: t("common.language"),
    options: (props) => languageSelect(props, me.language ?? language),
  },
];

// Sends what is not as it was.
async function saveProfile(values) {
  const before = { ...me, language: me.language ?? language };
  const changed = Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== before[name]));
  const save = async () => take(await call("PATCH", "/me", changed, { etag }));
  await save().catch(async (failure) => {
    if (failure.code !== "stale") throw failure;
    const newer = await call("GET", "/me");
    // Another password or the end of a session changes the account's tag, and nothing of this.
    if (Object.keys(values).some((name) => newer.body[name] !== me[name])) throw failure;
    take(newer);
    await save();
  });
  if (changed.language && changed.language !== language) speak(changed.language);
  return t("account.saved");
}

function profile() {
  const made = form({
    fields: profileFields(),
    layout: "stack pair",
    button: t("common.save"),
    style: "main",
    send: saveProfile,
    refused(failure) {
      if (failure.code !== "stale") return false;
      tell(made.said, failure, problemText(failure));
      made.said.firstChild.append(button(t("account.load_newer"), () => location.reload()));
      return true;
    },
  });
  section("profile", t("account.profile.title"), made.element);
}

// A section with one form, which is empty again when it has done its work.
function formSection(id, heading, fields, text, submit, send, style = "main") {
  const made = form({
    fields,
    before: owner(),
    layout: "stack pair",
    button: submit,
    style,
    async send(values) {
      const done = await send(values);
      for (const { input } of made.fields) input.value = "";
      return done;
    },
  });
  section(id, heading, p(text, { class: "quiet" }), made.element);
}

function email() {
  const waiting = (address) => t("account.email.pending", { email: address });
  const fields = [emailField({ name: "new_email", label: t("account.email.new") }), currentPassword()];
  formSection("email", t("common.email"), fields, words(me.email, me.pending_email && waiting(me.pending_email)),
    t("account.email.submit"), async (values) => {
      await call("POST", "/auth/email-change", values);
      return waiting(values.new_email);
    });
}

function password(after) {
  formSection("password", t("common.password"), [currentPassword(), newPasswordField()], t("account.password.text"),
    t("account.password.submit"), async (values) => {
      await call("POST", "/auth/password-change", values);
      after?.();
      return t("account.password.done");
    });
}

function deletion() {
  const fields = [
    currentPassword(),
    { name: "confirm", label: t("account.delete.confirm", { username: me.username }), autocomplete: "off" },
  ];
  formSection("delete", t("account.delete.title"), fields, t("account.delete.text"), t("account.delete.submit"),
    async ({ confirm, ...values }) => {
      if (confirm.trim() !== me.username) throw new Failure(422, { errors: [{ field: "confirm", code: "not_same" }] });
      await call("DELETE", "/me", values);
      forgetSignedIn();
      root.className = "";
      frame([]);
      show(t("account.delete.done_title"), link("/sign-in", t("common.sign_in")));
    }, "danger");
}

// The page.

// The console is offered to whoever may do anything there: its rights are those of this module.
async function offerConsole() {
  const { body } = await call("GET", "/me/permissions?limit=200");
  const may = body.next_cursor || body.items.some((one) => one.module === "RBAC");
  if (may) frame([link("/console", t("account.console")), signOutButton()]);
}

const signOutButton = () => action(t("account.sign_out"), async () => {
  await signOut();
  location.replace("/sign-in");
});

function draw(...build) {
  sections = el("div", { class: "stack" });
  for (const one of build) one();
  const entry = ({ id, firstChild }) => el("li", null, link(`#${id}`, firstChild.textContent));
  const contents = el("nav", null, el("ul", null, [...sections.children].map(entry)));
  main.replaceChildren(el("div", { class: "stack" }, el("h1", null, t("account.title")),
    el("div", { class: "sections" }, contents, sections)));
  frame([signOutButton()]);
  document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

function passwordFirst() {
  draw(() => password(() => location.reload()));
  sections.prepend(p(t("account.password.first"), { class: "note", role: "status" }));
}

async function openAccount() {
  hooks.passwordChange = passwordFirst;
  hooks.signedOut = () => new Promise(() => {
    location.replace("/sign-in?next=" + encodeURIComponent("/account" + location.hash));
  });
  take(await call("GET", "/me"));
  hooks.signedOut = askSignIn;
  draw(profile, email, password, organizations, invitations, sessions, activity, deletion);
  offerConsole().catch(() => {});
}

watchTabs(() => me, () => location.reload());

// Going back to a page that was left shows what is so now.
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());

async function start() {
  root.className = "account";
  await dress();
  const place = el("div");
  show(t("account.title"), place);
  load(place, openAccount);
}

start();
