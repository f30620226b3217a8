// Signing in, signing up, a forgotten password; and which page this is.

// Mails of an older version lead to the second one.
const path = location.pathname.replace(/(.)\/$/, "$1").replace("/email-change-undo", "/undo-email-change");

// Where to go after signing in: a path of this origin alone.
function nextPath() {
  const wished = new URLSearchParams(location.search).get("next") ?? "";
  const url = /^\/(?![/\\])/.test(wished) && new URL(wished, location.origin);
  // Whole: a path that begins with two slashes would be another host.
  return url.origin === location.origin ? url.href : "/account";
}

async function signInAndGo({ email, password }, where) {
  await signIn({ email, password });
  location.assign(where);
}

function refusedSignIn({ code, accountStatus }) {
  if (code === "invalid_credentials") return t("entry.sign_in.wrong");
  return accountStatus === "suspended" && t("entry.sign_in.suspended");
}

function signInForm() {
  const made = form({
    fields: [emailField({ autocomplete: "username" }), passwordField()],
    button: t("common.sign_in"),
    send: (values) => signInAndGo(values, nextPath()),
    refused: refusedSignIn,
  });
  const signUp = appearance.registration !== "invite" && link("/sign-up", t("entry.sign_up.title"));
  show(t("common.sign_in"), made.element,
    el("div", { class: "row apart" }, link("/forgot-password", t("entry.forgot.title")), signUp));
}

async function signInPage() {
  const me = await whoIsSignedIn().catch(() => undefined);
  if (me === null) forgetSignedIn();
  if (!me) return signInForm();
  const other = action(t("entry.sign_in.other"), () => signOut().then(signInForm), "wide");
  const name = me.first_name ?? me.username;
  return show(t("entry.sign_in.already"), p(me.email), go(nextPath(), t("entry.sign_in.go_on", { name })), other);
}

function signUpPage() {
  const title = t("entry.sign_up.title");
  if (appearance.registration === "invite") return finished(title, t("common.problem.registration_closed"));
  const made = form({
    fields: [emailField(), usernameField(), firstPasswordField()],
    button: title,
    async send(values) {
      const { status, body } = await call("POST", "/auth/register", values);
      if (status === 201) return signInAndGo(values, "/account");
      local?.setItem(verifierKept, body.verifier);
      return lookIntoMailbox(values.email);
    },
  });
  return show(title, made.element, el("p", null, t("entry.sign_up.have"), " ", signInLink()));
}

function lookIntoMailbox(email) {
  const again = action(t("entry.mailbox.resend"), async () => {
    await call("POST", "/auth/verify-email/resend", { email });
    return t("entry.mailbox.resent");
  });
  const spam = p(t("entry.mailbox.spam"), { class: "quiet" });
  show(t("entry.mailbox.title"), p(t("entry.mailbox.link", { email })), spam, again, signInLink());
}

const forgotPage = () => show(t("entry.forgot.title"), p(t("entry.forgot.text")), resetForm(), signInLink());

// The token stands behind `#`, in old mails behind `?`. It leaves the address before anything else happens.
function takeToken() {
  const of = (text) => new URLSearchParams(text).get("token");
  linkToken = of(location.hash.slice(1)) ?? of(location.search) ?? takeKept("rolecall.token");
  history.replaceState(null, "", path);
}

const linkPages = {
  "/verify-email": verifyEmail,
  "/reset-password": resetPassword,
  "/accept-invitation": acceptInvitation,
  "/confirm-email-change": confirmEmailChange,
  "/undo-email-change": undoEmailChange,
  "/unlock": unlock,
  "/setup": setup,
};
const plainPages = { "/sign-in": signInPage, "/sign-up": signUpPage, "/forgot-password": forgotPage };

async function start() {
  const page = linkPages[path];
  if (page) takeToken();
  await dress();
  if (page && !linkToken) show(t("entry.incomplete.title"), p(t("entry.incomplete.text")), signInLink());
  else if (page ?? plainPages[path]) (page ?? plainPages[path])();
  else finished(t("entry.missing.title"), t("entry.missing.text"), "/", t("common.home"));
}

// Another mailed link in the same tab loads nothing anew.
if (linkPages[path]) addEventListener("hashchange", start);
start();
