// A server that fails, is slow, or forgets the session: what was typed stays.
import assert from "node:assert/strict";
import { another, password, startBrowser, startStack } from "./support.mjs";
import { test, Visitor } from "./visitor.mjs";

const [stack, browser] = await Promise.all([startStack(), startBrowser()]);
const token = "**/api/v1/auth/token";
const problem = (status, code, headers = {}) => ({
  status, headers, contentType: "application/problem+json",
  body: JSON.stringify({ status, code, title: code, instance: "01a22d84-5c4d-7e1e-b61d-e9f2c61269fd" }),
});

/** At the sign-in page, with everything typed. */
async function typed(ada) {
  const visitor = await Visitor.of(browser, stack);
  await visitor.page.clock.install();
  await visitor.open("/sign-in");
  await visitor.fill({ Email: ada.email, Password: ada.password });
  return visitor;
}

async function keeps({ page }, { email, password }) {
  const values = [await page.getByLabel("Email", { exact: true }).inputValue(), await page.getByLabel("Password", { exact: true }).inputValue()];
  assert.deepEqual(values, [email, password], "what was typed stays");
}

for (const [status, code, words] of [[503, "unavailable", "We cannot answer right now."], [429, "too_many_requests", "That was too many attempts."]]) {
  test(`a ${status} with Retry-After counts down, keeps what was typed, and lets one try again`, async () => {
    const ada = await stack.person();
    const visitor = await typed(ada);
    const { page } = visitor;
    visitor.expects(`${status} POST /auth/token`);
    await page.route(token, (route) => route.fulfill(problem(status, code, { "Retry-After": "70" })));
    await visitor.press("Sign in");
    await visitor.says(words);
    await visitor.says("Request 01a22d84-5c4d-7e1e-b61d-e9f2c61269fd");
    await visitor.says(/You can try again in 01:(10|09)\./);
    for (const name of ["Sign in", "Try again"]) assert.ok(await page.getByRole("button", { name, exact: true }).isDisabled(), name);
    await page.keyboard.press("Enter");
    await page.clock.runFor(30_000);
    await visitor.says(/You can try again in 00:(40|39)\./);
    await page.clock.runFor(41_000);
    await visitor.says("You can try again now.");
    await keeps(visitor, ada);
    assert.equal(visitor.count("POST /auth/token"), 1, "nobody asks during the wait");
    await page.unroute(token);
    await visitor.press("Try again");
    await visitor.at("/account");
  });
}

for (const [name, answer, refused, words] of [
  ["a broken connection", (route) => route.abort("connectionreset"), "failed POST /auth/token", "No connection. Is your device online?"],
  ["a gateway's own page", (route) => route.fulfill({ status: 502, contentType: "text/html", body: "<h1>Bad gateway</h1>" }),
    "502 POST /auth/token", "We cannot answer right now."],
  ["an answer that is cut off", (route) => route.fulfill({ status: 200, contentType: "application/json", body: '{"user":' }),
    null, "No connection. Is your device online?"],
  ["a bug", (route) => route.fulfill(problem(500, "internal_error")), "500 POST /auth/token", "Something went wrong on our side."],
]) {
  test(`${name} is said in words, and one tries again`, async () => {
    const ada = await stack.person();
    const visitor = await typed(ada);
    if (refused) visitor.expects(refused);
    await visitor.page.route(token, answer);
    await visitor.press("Sign in");
    await visitor.says(words);
    await keeps(visitor, ada);
    await visitor.page.unroute(token);
    await visitor.press("Try again");
    await visitor.at("/account");
  });
}

test("a form that waits three seconds is busy, and is sent once", async () => {
  const ada = await stack.person();
  const visitor = await typed(ada);
  const { page } = visitor;
  let answer;
  const slow = new Promise((done) => { answer = done; });
  await page.route(token, (route) => slow.then(() => route.fallback()));
  await visitor.press("Sign in");
  const submit = page.locator("button.main");
  await page.waitForFunction(() => document.querySelector("button.main").getAttribute("aria-busy") === "true");
  await page.clock.runFor(3000);
  await submit.click();
  await page.getByLabel("Password", { exact: true }).press("Enter");
  await keeps(visitor, ada);
  assert.equal(await submit.getAttribute("aria-busy"), "true");
  answer();
  await visitor.at("/account");
  assert.equal(visitor.count("POST /auth/token"), 1);
});

test("every page works while the appearance is slow, or cannot be had", async () => {
  const visitor = await Visitor.of(browser, stack);
  visitor.expects("503 GET /appearance", "failed GET /appearance");
  for (const answer of [(route) => route.fulfill(problem(503, "unavailable")), (route) => route.abort("connectionreset"), () => {}]) {
    await visitor.page.unrouteAll();
    await visitor.page.route("**/api/v1/appearance", answer);
    await visitor.open("/sign-in");
    await visitor.heading("Sign in");
  }
  // No answer comes at all: it goes on after a second.
  await visitor.signIn(await stack.person());
  await visitor.at("/account");
  await visitor.section("sessions").getByText("This device").waitFor();
});

test("a part of the account that cannot be had is asked for again on its own", async () => {
  const visitor = await Visitor.of(browser, stack);
  const { page } = visitor;
  const lists = { invitations: "/me/invitations*", sessions: "/user-sessions*", activity: "/activities*" };
  for (const path of Object.values(lists)) await page.route(`**/api/v1${path}`, (route) => route.fulfill(problem(503, "unavailable")));
  // What was done to one and what one did.
  visitor.expects("503 GET /me/invitations", "503 GET /user-sessions", "503 GET /activities", "503 GET /activities");
  await visitor.goToAccount(await stack.person());
  await page.unrouteAll();
  for (const id of Object.keys(lists)) {
    await visitor.section(id).getByText("We cannot answer right now.").waitFor();
    await visitor.press("Try again", visitor.section(id));
  }
  await visitor.section("sessions").getByText("This device").waitFor();
  await visitor.section("activity").getByText("Account created").waitFor();
  await visitor.section("invitations").getByText("No invitations.").waitFor();
  // The whole page, too.
  await page.route("**/api/v1/me", (route) => route.fulfill(problem(503, "unavailable")));
  visitor.expects("503 GET /me");
  await page.reload();
  await visitor.says("We cannot answer right now.");
  await page.unrouteAll();
  await visitor.press("Try again");
  await visitor.section("sessions").getByText("This device").waitFor();
});

test("a link that cannot be looked at is asked about again", async () => {
  const ada = await stack.person();
  await stack.post("/auth/password-reset", { email: ada.email });
  const link = await stack.link(ada.email, /Choose a new password/);
  const visitor = await Visitor.of(browser, stack);
  visitor.expects("503 POST /auth/password-reset/verify", "503 POST /auth/password-reset/confirm");
  await visitor.page.route("**/api/v1/auth/password-reset/verify", (route) => route.fulfill(problem(503, "unavailable")), { times: 1 });
  await visitor.open(link);
  await visitor.says("We cannot answer right now.");
  await visitor.press("Try again");
  await visitor.page.route("**/api/v1/auth/password-reset/confirm", (route) => route.fulfill(problem(503, "unavailable")), { times: 1 });
  await visitor.fill({ "New password": another });
  await visitor.press("Set the password");
  await visitor.says("We cannot answer right now.");
  await visitor.press("Try again");
  await visitor.heading("Your password is set");
});

test("a session that ends in the middle is signed in again on top of the page, and nothing is lost", async () => {
  const [ada, eve] = [await stack.person(), await stack.person("eve")];
  const visitor = await Visitor.of(browser, stack);
  const { page } = visitor;
  await visitor.goToAccount(ada);
  await page.evaluate(() => { window.isSamePage = true; });
  const bio = visitor.section("profile").getByLabel("About you (optional)");
  await bio.fill("Precious words.");
  await stack.call("DELETE", "/user-sessions?scope=others", undefined, await stack.token(ada));
  // Signing in touches the account: what is saved is tried once more, on its newer version.
  visitor.expects("401 PATCH /me", "401 POST /auth/token/refresh", "401 POST /auth/token", "412 PATCH /me");
  await visitor.press("Save", visitor.section("profile"));
  const dialog = page.getByRole("dialog", { name: "Sign in again" });
  assert.equal(await dialog.getByLabel("Email").inputValue(), ada.email);
  await visitor.fill({ Password: another }, dialog);
  await visitor.press("Sign in", dialog);
  await dialog.getByText("Email or password is wrong.").waitFor();
  await visitor.fill({ Password: password }, dialog);
  await visitor.press("Sign in", dialog);
  await visitor.section("profile").getByText("Saved.").waitFor();
  assert.equal(await bio.inputValue(), "Precious words.");
  assert.equal((await stack.get("/me", await stack.token(ada))).bio, "Precious words.");
  assert.equal(await page.evaluate(() => window.isSamePage), true, "the page stayed");
  // Another person's sign-in takes the page with it: what was typed was not theirs.
  await bio.fill("Not for Eve.");
  await stack.call("DELETE", "/user-sessions?scope=others", undefined, await stack.token(ada));
  visitor.expects("401 PATCH /me", "401 POST /auth/token/refresh");
  await visitor.press("Save", visitor.section("profile"));
  await visitor.fill({ Email: eve.email, Password: password }, dialog);
  await visitor.press("Sign in", dialog);
  await visitor.section("email").getByText(eve.email).waitFor();
  assert.equal((await stack.get("/me", await stack.token(eve))).bio, null);
});
