// Invitations: into an organization, and to an account.
import assert from "node:assert/strict";
import { password, startBrowser, startStack } from "./support.mjs";
import { test, Visitor } from "./visitor.mjs";

const [stack, browser] = await Promise.all([startStack(), startBrowser()]);

/** Invites these addresses into a new organization; its code and what it is called. */
async function invite(...emails) {
  const token = await stack.adminToken();
  const name = "Harbour & Sons";
  const code = await stack.organization(name, token);
  const { results } = await stack.post(`/organizations/${code}/invitations`, { invitations: emails.map((email) => ({ email })) }, token);
  assert.ok(results.every(({ id }) => id), JSON.stringify(results));
  return { code, name };
}

test("a newcomer accepts an invitation into an organization, and is signed in there", async () => {
  const fay = stack.newName("fay");
  const { code, name } = await invite(fay.email);
  const link = await stack.link(fay.email, /invited/);
  const visitor = await Visitor.of(browser, stack);
  await visitor.open(link);
  await visitor.heading(`Join ${name}`);
  await visitor.says(`${fay.email} is invited. Make your account:`);
  await visitor.fill({ Username: fay.username, Password: password });
  await visitor.press("Accept");
  await visitor.at("/account");
  const row = visitor.section("organizations").getByRole("listitem");
  await row.getByText("Active", { exact: true }).waitFor();
  assert.match(await row.textContent(), new RegExp(`${name}|${code}`));
  // It was used.
  const late = await Visitor.of(browser, stack);
  late.expects("400 POST /auth/accept-invitation/verify", "400 POST /auth/password-reset/verify");
  await late.open(link);
  await late.heading("This link no longer works");
});

test("whoever has an account signs in and accepts there", async () => {
  const ada = await stack.person();
  const { code, name } = await invite(ada.email);
  const visitor = await Visitor.of(browser, stack);
  await visitor.open(await stack.link(ada.email, /invited/));
  await visitor.heading(`Join ${name}`);
  await visitor.says(`${ada.email} is invited, and has an account already.`);
  await visitor.page.getByRole("link", { name: "Sign in and accept" }).click();
  await visitor.signIn(ada);
  await visitor.at("/account#invitations");
  const invitations = visitor.section("invitations");
  await invitations.getByText(new RegExp(`${name}|${code}`)).waitFor();
  await invitations.getByText(/From admin/).waitFor();
  await visitor.press("Accept", invitations);
  await invitations.getByText("No invitations.").waitFor();
  const { memberships } = await stack.get("/me", await stack.token(ada));
  assert.deepEqual(memberships.map(({ organization }) => organization), [code]);
});

test("an account that comes to be while the invitation is open is seen when it is accepted", async () => {
  const eve = stack.newName("eve");
  const { name } = await invite(eve.email);
  const visitor = await Visitor.of(browser, stack);
  await visitor.open(await stack.link(eve.email, /invited/));
  await visitor.heading(`Join ${name}`);
  const { verifier } = await stack.post("/auth/register", eve);
  const token = (await stack.link(eve.email, /Confirm your email/)).split("#token=")[1];
  await stack.post("/auth/verify-email", { token, verifier });
  visitor.expects("409 POST /auth/accept-invitation");
  await visitor.fill({ Username: stack.newName().username, Password: password });
  await visitor.press("Accept");
  await visitor.says(`${eve.email} is invited, and has an account already.`);
});

test("an invitation is declined, by its link and on the account page", async () => {
  const [gus, ada] = [stack.newName("gus"), await stack.person()];
  const { name } = await invite(gus.email, ada.email);
  const visitor = await Visitor.of(browser, stack);
  await visitor.open(await stack.link(gus.email, /invited/));
  await visitor.press("Decline");
  await visitor.heading("Declined");
  await visitor.says(`You did not join ${name}.`);
  const known = await Visitor.of(browser, stack);
  await known.goToAccount(ada);
  await known.press("Decline", known.section("invitations"));
  await known.section("invitations").getByText("No invitations.").waitFor();
  await known.section("organizations").getByText("You belong to no organization.").waitFor();
});

test("whom an administrator gave an account chooses its password", async () => {
  const grace = stack.newName("grace");
  await stack.post("/users", { username: grace.username, email: grace.email }, await stack.adminToken());
  const visitor = await Visitor.of(browser, stack);
  // It is no invitation into an organization.
  visitor.expects("400 POST /auth/accept-invitation/verify");
  await visitor.open(await stack.link(grace.email, /invited/));
  await visitor.heading("You are invited");
  await visitor.fill({ "New password": password });
  await visitor.press("Set the password");
  await visitor.heading("Your password is set");
  await visitor.goToAccount(grace);
});
