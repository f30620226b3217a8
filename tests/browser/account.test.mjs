// The account page: profile, language, devices, organizations, signing out, and the end.
import assert from "node:assert/strict";
import { admin, another, password, startBrowser, startStack } from "./support.mjs";
import { test, Visitor } from "./visitor.mjs";

const [stack, browser] = await Promise.all([startStack(), startBrowser()]);
const me = async (person) => stack.get("/me", await stack.token(person));
const top = (visitor) => visitor.page.locator("#top");

async function atAccount(person, options) {
  const visitor = await Visitor.of(browser, stack, options);
  await visitor.goToAccount(person);
  return visitor;
}

test("whoever is not signed in is sent to the sign-in page and back", async () => {
  const [ada, visitor] = [await stack.person(), await Visitor.of(browser, stack)];
  visitor.expects("401 GET /me", "401 POST /auth/token/refresh");
  await visitor.open("/account#sessions");
  await visitor.at("/sign-in?next=%2Faccount%23sessions");
  await visitor.signIn(ada);
  await visitor.at("/account#sessions");
  await visitor.section("sessions").getByText("This device").waitFor();
  await visitor.open("/");
  await visitor.at("/account");
});

test("after signing in one gets to a page of this origin alone", async () => {
  const [ada, visitor] = [await stack.person(), await Visitor.of(browser, stack)];
  await visitor.open(`/sign-in?next=${encodeURIComponent("//evil.example")}`);
  await visitor.signIn(ada);
  await visitor.at("/account");
  for (const next of ["//evil.example", "/\\evil.example", "https://evil.example/", "/\t/evil.example", "javascript:alert(1)"]) {
    await visitor.open(`/sign-in?next=${encodeURIComponent(next)}`);
    const way = visitor.page.getByRole("link", { name: /^Go on as/ });
    assert.equal(await way.getAttribute("href"), "/account", next);
  }
});

test("the profile is changed, and what somebody else changed meanwhile is not written over", async () => {
  const ada = await stack.person();
  const visitor = await atAccount(ada);
  const profile = visitor.section("profile");
  await visitor.fill({ "First name (optional)": "Ada", "About you (optional)": "Counts.\nAnd writes." }, profile);
  await visitor.press("Save", profile);
  await profile.getByText("Saved.").waitFor();
  const { first_name: name, bio } = await me(ada);
  assert.deepEqual([name, bio], ["Ada", "Counts.\nAnd writes."]);
  await stack.call("PATCH", "/me", { last_name: "Elsewhere" }, await stack.token(ada));
  visitor.expects("412 PATCH /me", "422 PATCH /me");
  await visitor.fill({ "First name (optional)": "Grace" }, profile);
  await visitor.press("Save", profile);
  await profile.getByText("This was changed elsewhere in the meantime.").waitFor();
  assert.equal(await profile.getByLabel("First name (optional)").inputValue(), "Grace", "what was typed stays");
  await visitor.press("Load the newer one");
  await visitor.page.waitForFunction(() => document.querySelector("[name=last_name]")?.value === "Elsewhere");
  await visitor.fill({ "Phone number (optional)": "12" }, profile);
  await visitor.press("Save", profile);
  await profile.getByText("Begin with + and the country code: +41 44 668 18 00.").waitFor();
});

test("the language is chosen below every page and for the account, and what was typed goes along", async () => {
  const ada = await stack.person();
  const visitor = await Visitor.of(browser, stack);
  await visitor.open("/sign-up");
  await visitor.fill({ Email: "typed@example.com", Password: password });
  await visitor.page.getByLabel("Language").selectOption("de");
  await visitor.heading("Konto anlegen");
  assert.equal(await visitor.page.getByLabel("E-Mail").inputValue(), "typed@example.com");
  assert.equal(await visitor.page.getByLabel("Passwort", { exact: true }).inputValue(), "", "a password is kept nowhere");
  await visitor.open(`/unlock#token=${"a".repeat(43)}`);
  await visitor.page.getByLabel("Sprache").selectOption("en");
  await visitor.heading("Unlock your account");
  await visitor.goToAccount(ada);
  await visitor.section("profile").getByLabel("Language").selectOption("de");
  await visitor.press("Save", visitor.section("profile"));
  await visitor.heading("Ihr Konto");
  assert.equal((await me(ada)).language, "de");
  assert.equal(await visitor.page.locator("html").getAttribute("lang"), "de");
  // Whatever the browser prefers, the choice stays.
  await visitor.open("/forgot-password");
  await visitor.heading("Passwort vergessen?");
});

test("signing out ends the session and empties the browser", async () => {
  const visitor = await atAccount(await stack.person());
  await visitor.press("Sign out", top(visitor));
  await visitor.at("/sign-in");
  await visitor.heading("Sign in");
  const cookies = (await visitor.context.cookies()).map(({ name }) => name);
  assert.ok(cookies.every((name) => name.startsWith("rolecall-device")), cookies.join(", "));
  visitor.expects("401 GET /me", "401 POST /auth/token/refresh");
  await visitor.open("/account");
  await visitor.at("/sign-in?next=%2Faccount");
});

test("whoever is signed in already goes on, or signs in as somebody else", async () => {
  const [ada, eve] = [await stack.person("ada", { first_name: "Ada" }), await stack.person("eve")];
  const visitor = await atAccount(ada);
  await visitor.open("/sign-in?next=/account%23email");
  await visitor.heading("You are signed in");
  await visitor.page.getByRole("link", { name: "Go on as Ada" }).click();
  await visitor.at("/account#email");
  await visitor.open("/sign-in");
  await visitor.press("Use another account");
  await visitor.signIn(eve);
  await visitor.at("/account");
  await visitor.section("email").getByText(eve.email).waitFor();
});

test("another device is signed out, and then all others", async () => {
  const ada = await stack.person();
  const [visitor, other] = [await atAccount(ada), await atAccount(ada)];
  await visitor.page.reload();
  const rows = visitor.section("sessions").getByRole("listitem");
  await rows.filter({ hasText: "This device" }).getByText("Chrome").waitFor();
  await visitor.press("Sign out", rows.filter({ hasNotText: "This device" }));
  await visitor.page.waitForFunction(() => document.querySelectorAll("#sessions li").length === 1);
  other.expects("401 GET /me", "401 POST /auth/token/refresh");
  await other.page.reload();
  await other.at("/sign-in?next=%2Faccount");
  const third = await atAccount(ada);
  await stack.token(ada);
  await visitor.page.reload();
  await visitor.press("Sign out everywhere else");
  await visitor.page.waitForFunction(() => document.querySelectorAll("#sessions li").length === 1);
  third.expects("401 GET /me", "401 POST /auth/token/refresh");
  await third.page.reload();
  await third.at("/sign-in?next=%2Faccount");
});

test("one switches to another organization, and stays there", async () => {
  const [ada, token] = [await stack.person(), await stack.adminToken()];
  const { id } = await me(ada);
  const codes = [await stack.organization("Harbour", token), await stack.organization("Quay", token)];
  for (const code of codes) await stack.call("PUT", `/organizations/${code}/members/${id}`, {}, token);
  const visitor = await atAccount(ada);
  const rows = visitor.section("organizations").getByRole("listitem");
  assert.equal(await rows.count(), 2);
  const goal = rows.filter({ has: visitor.page.getByRole("button", { name: "Switch" }) }).first();
  const name = await goal.locator("strong").textContent();
  await visitor.press("Switch", goal);
  const active = rows.filter({ hasText: name }).getByText("Active", { exact: true });
  await active.waitFor();
  await visitor.open("/account");
  await active.waitFor();
});

test("a new password signs out the others and not oneself", async () => {
  const ada = await stack.person();
  const [visitor, other] = [await atAccount(ada), await atAccount(ada)];
  const section = visitor.section("password");
  visitor.expects("422 POST /auth/password-change", "422 POST /auth/password-change");
  await visitor.fill({ "Current password": "harvest-window-saddle-37", "New password": another }, section);
  await visitor.press("Change the password", section);
  await section.getByText("This is not the right password.").waitFor();
  await visitor.fill({ "Current password": password, "New password": password }, section);
  await visitor.press("Change the password", section);
  await section.getByText("This is your password already.").waitFor();
  await visitor.fill({ "New password": another }, section);
  await visitor.press("Change the password", section);
  await section.getByText("Changed. Other devices are signed out.").waitFor();
  assert.equal(await section.getByLabel("New password").inputValue(), "");
  await visitor.page.reload();
  await visitor.section("sessions").getByText("This device").waitFor();
  await stack.token({ ...ada, password: another });
  other.expects("401 GET /me", "401 POST /auth/token/refresh");
  await other.page.reload();
  await other.at("/sign-in?next=%2Faccount");
});

test("one deletes one's account with its password and name", async () => {
  const ada = await stack.person();
  const visitor = await atAccount(ada);
  const section = visitor.section("delete");
  await visitor.fill({ "Current password": another, [`Type “${ada.username}” to confirm`]: "nobody" }, section);
  await visitor.press("Delete my account", section);
  await section.getByText("This is not your username.").waitFor();
  assert.equal(visitor.count("DELETE /me"), 0);
  await visitor.fill({ [`Type “${ada.username}” to confirm`]: ada.username }, section);
  visitor.expects("422 DELETE /me", "401 POST /auth/token");
  await visitor.press("Delete my account", section);
  await section.getByText("This is not the right password.").waitFor();
  await visitor.fill({ "Current password": password }, section);
  await visitor.press("Delete my account", section);
  await visitor.heading("Your account is deleted");
  await visitor.page.locator("main").getByRole("link", { name: "Sign in" }).click();
  await visitor.signIn(ada);
  await visitor.says("Email or password is wrong.");
});

test("the last super admin stays, and is offered the console", async () => {
  const visitor = await atAccount(admin);
  await visitor.page.locator("#top").getByRole("link", { name: "Console" }).waitFor();
  visitor.expects("409 DELETE /me");
  const section = visitor.section("delete");
  await visitor.fill({ "Current password": admin.password, "Type “admin” to confirm": "admin" }, section);
  await visitor.press("Delete my account", section);
  await section.getByText("You are the last super admin.").waitFor();
  const ada = await atAccount(await stack.person());
  await ada.page.waitForLoadState("networkidle");
  assert.equal(await ada.page.locator("#top").getByRole("link", { name: "Console" }).count(), 0);
});
