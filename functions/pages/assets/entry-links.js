// The pages that mailed links lead to. A token is used only when a button is pressed.

const verifierKept = "rolecall.verifier";
const signInLink = () => link("/sign-in", t("common.sign_in"));
const go = (href, text) => link(href, text, { class: "button main wide" });

function finished(heading, text, href = "/sign-in", way = t("common.sign_in")) {
  show(heading, p(text), go(href, way));
}

// A form that has something mailed; the answer is the same for every address.
function mailForm(path, submit, sent) {
  return form({
    fields: [emailField()],
    button: submit,
    async send(values) {
      await call("POST", path, values);
      show(t("entry.mailbox.title"), p(sent), p(t("entry.mailbox.spam"), { class: "quiet" }), signInLink());
    },
  }).element;
}

const resendForm = () => mailForm("/auth/verify-email/resend", t("entry.mailbox.resend"), t("entry.mailbox.sent"));
const resetForm = () => mailForm("/auth/password-reset", t("entry.forgot.submit"), t("entry.forgot.sent"));

// What is shown in place of each page once its link is over.
const over = {
  "/verify-email": () => [p(t("entry.verify.over")), resendForm()],
  "/reset-password": () => [p(t("entry.reset.over")), resetForm()],
  "/accept-invitation": () => [p(t("entry.invitation.over"))],
  "/confirm-email-change": () => [p(t("entry.change.over")), link("/account#email", t("entry.change.again"))],
  "/undo-email-change": () => [p(t("entry.undo.over")), resetForm()],
  "/unlock": () => [p(t("entry.unlock.over")), resetForm()],
  "/setup": () => [p(t("entry.setup.over"))],
};

function showOver(failure) {
  if (failure.status !== 400) return false;
  show(t("entry.over.title"), ...over[path](), signInLink());
  return true;
}

// A form that sends the token with what is typed.
function linkForm(route, done, { refused, adds, anonymous, ...spec }) {
  return form({
    button: t("common.confirm"),
    async send(values) {
      await call("POST", route, { token: linkToken, ...adds?.(values), ...values }, { anonymous: anonymous?.(values) });
      await done(values);
    },
    refused: (failure, made) => refused?.(failure, made) || showOver(failure),
    ...spec,
  }).element;
}

// Asks something when the page opens; what is over is shown as such.
function check(heading, ask) {
  const place = el("div");
  show(heading, place);
  return load(place, () => ask().catch((failure) => { if (!showOver(failure)) throw failure; }));
}

const verified = () => {
  local?.removeItem(verifierKept);
  finished(t("entry.verify.done_title"), t("entry.verify.done"));
};

// A field that comes up only when the API asks for it, or says that it is wrong.
const askPassword = ({ field: of }, text) =>
  ({ password: of("password").box.hidden ? text : t("common.problem.wrong_password") });

function verifyEmail() {
  const verifier = local?.getItem(verifierKept);
  show(t("entry.verify.title"), p(t("entry.verify.text")), linkForm("/auth/verify-email", verified, {
    fields: [
      passwordField({ label: t("entry.verify.password"), hidden: Boolean(verifier) }),
      usernameField({ hidden: true }),
    ],
    adds: (values) => (values.password ? {} : { verifier }),
    refused: ({ code }, made) => code === "invalid_credentials" && askPassword(made, t("entry.verify.other_browser")),
    after: button(t("entry.verify.afresh"), verifyAfresh, { class: "plain" }),
  }));
}

// Whoever holds the mailbox signs up anew, whoever it was that signed up before.
function verifyAfresh() {
  show(t("entry.verify.title"), p(t("entry.verify.afresh_text")), linkForm("/auth/verify-email", verified, {
    fields: [usernameField(), newPasswordField()],
    after: button(t("common.back"), verifyEmail, { class: "plain" }),
  }));
}

function setPassword(heading, text) {
  const done = () => finished(t("entry.reset.done_title"), t("entry.reset.done"));
  show(heading, p(text), linkForm("/auth/password-reset/confirm", done, {
    fields: [newPasswordField()],
    button: t("entry.reset.submit"),
  }));
}

const checkReset = () => call("POST", "/auth/password-reset/verify", { token: linkToken });

const resetPassword = () => check(t("entry.reset.title"), async () => {
  await checkReset();
  setPassword(t("entry.reset.title"), t("entry.reset.text"));
});

// Two kinds of token lead here: into an organization, and to an account that has no password yet.
const acceptInvitation = () => check(t("entry.invitation.title"), async () => {
  const offer = await call("POST", "/auth/accept-invitation/verify", { token: linkToken }).catch((failure) => {
    if (failure.status !== 400) throw failure;
  });
  if (offer) return invited(offer.body);
  await checkReset();
  return setPassword(t("entry.invitation.title"), t("entry.invitation.text_account"));
});

function invited(offer) {
  const names = { organization: offer.organization_name, email: offer.email };
  const accept = () => [
    p(t("entry.invitation.text_known", names)),
    go("/sign-in?next=/account%23invitations", t("entry.invitation.sign_in")),
  ];
  const signUp = () => [p(t("entry.invitation.text_new", names)), joinForm(offer)];
  const declined = () => show(t("entry.invitation.declined_title"), p(t("entry.invitation.declined", names)));
  show(t("entry.invitation.join", names), ...(offer.has_account ? accept() : signUp()),
    linkForm("/auth/decline-invitation", declined, { button: t("entry.invitation.decline"), style: "wide" }));
}

function joinForm(offer) {
  const done = () => {
    noteSignedIn();
    location.assign("/account");
  };
  return linkForm("/auth/accept-invitation", done, {
    fields: [usernameField(), firstPasswordField(), ...nameFields()],
    button: t("entry.invitation.submit"),
    refused({ code }) {
      if (code !== "account_exists") return false;
      invited({ ...offer, has_account: true });
      return true;
    },
  });
}

function nobody(failure) {
  if (failure.status !== 401) throw failure;
  return null;
}

// Who is signed in, or nobody.
const whoIsSignedIn = async () =>
  (local?.getItem(signedInKept) ? call("GET", "/me").then(({ body }) => body, nobody) : null);

async function confirmEmailChange() {
  const me = await whoIsSignedIn().catch(() => null);
  const done = () => finished(t("entry.change.done_title"), t("entry.change.done"), "/account", t("entry.to_account"));
  show(t("entry.change.title"), p(t("entry.change.text")), linkForm("/auth/email-change/confirm", done, {
    fields: [passwordField({ hidden: me !== null })],
    anonymous: (values) => "password" in values,
    refused: ({ status }, made) => status === 401 && askPassword(made, t("entry.change.password_needed")),
  }));
}

const undoEmailChange = () => show(t("entry.undo.title"), p(t("entry.undo.text")), linkForm("/auth/email-change/undo",
  () => finished(t("entry.undo.done_title"), t("entry.undo.done")), { button: t("entry.undo.title") }));

const unlock = () => show(t("entry.unlock.title"), p(t("entry.unlock.text")), linkForm("/auth/unlock",
  () => finished(t("entry.unlock.done_title"), t("entry.reset.done")), { button: t("entry.unlock.submit") }));

// The first super admin of a local stack.
function setup() {
  const done = (values) => signInAndGo(values, "/console");
  show(t("entry.setup.title"), p(t("entry.setup.text")), linkForm("/_local/setup", done, {
    fields: [usernameField(), emailField(), firstPasswordField()],
    button: t("entry.sign_up.title"),
    refused: ({ status }) => (status === 404 && t("entry.setup.on_aws")) || (status === 403 && t("entry.setup.exists")),
  }));
}
