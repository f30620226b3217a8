// What mailed links do: a new password, another address, an end of a lock.
import assert from "node:assert/strict";
import { another, password, startBrowser, startStack } from "./support.mjs";
import { test, Visitor } from "./visitor.mjs";

const [stack, browser] = await Promise.all([startStack(), startBrowser()]);

/** Whether somebody signs in with this password, as any program does. */
const signsIn = async (email, password) => (await stack.signInFrom("127.0.0.1", { email, password })) === 200;

test("a forgotten password is replaced by the link of a mail", async () => {
  const ada = await stack.person();
  const [device, visitor] = [await Visitor.of(browser, stack), await Visitor.of(browser, stack)];
  await device.goToAccount(ada);
  await visitor.open("/sign-in");
  await visitor.page.getByRole("link", { name: "Forgot your password?" }).click();
  await visitor.heading("Forgot your password?");
  await visitor.fill({ Email: ada.email });
  await visitor.press("Mail me a link");
  await visitor.heading("Look into your mailbox");
  const link = await stack.link(ada.email, /Choose a new password/);
  visitor.expects("422 POST /auth/password-reset/confirm", "400 POST /auth/password-reset/verify");
  await visitor.open(link);
  await visitor.fill({ "New password": "password" });
  await visitor.press("Set the password");
  await visitor.says("This password is too easy to guess.");
  await visitor.fill({ "New password": another });
  await visitor.press("Set the password");
  await visitor.heading("Your password is set");
  await visitor.page.getByRole("link", { name: "Sign in", exact: true }).click();
  await visitor.signIn({ ...ada, password: another });
  await visitor.at("/account");
  assert.equal(await signsIn(ada.email, password), false, "the old one is over");
  device.expects("401 GET /me", "401 POST /auth/token/refresh");
  await device.page.reload();
  await device.at("/sign-in?next=%2Faccount");
  // The link worked once; in the same place there is another one.
  await visitor.open(link);
  await visitor.heading("This link no longer works");
  await visitor.fill({ Email: ada.email });
  await visitor.press("Mail me a link");
  await visitor.heading("Look into your mailbox");
});

test("a link for a password dies after half an hour", async () => {
  const ada = await stack.person();
  await stack.post("/auth/password-reset", { email: ada.email });
  const link = await stack.link(ada.email, /Choose a new password/);
  const visitor = await Visitor.of(browser, stack);
  await visitor.open(link);
  await visitor.heading("Choose a new password");
  await stack.advance(31 * 60);
  visitor.expects("400 POST /auth/password-reset/confirm");
  await visitor.fill({ "New password": another });
  await visitor.press("Set the password");
  await visitor.heading("This link no longer works");
  assert.equal(await signsIn(ada.email, password), true);
});

/** Wishes another address on the account page; the link that is mailed there. */
async function wish(visitor, ada) {
  const address = `new-${ada.email}`;
  await visitor.goToAccount(ada);
  const section = visitor.section("email");
  await visitor.fill({ "New address": address, "Current password": ada.password }, section);
  await visitor.press("Change the address", section);
  await section.getByText(`Waiting for the link in the mail to ${address}.`).waitFor();
  return { address, link: await stack.link(address, /Confirm your new email/) };
}

test("another address is confirmed without a password by whoever is signed in", async () => {
  const [ada, visitor] = [await stack.person(), await Visitor.of(browser, stack)];
  const { address, link } = await wish(visitor, ada);
  await visitor.page.reload();
  await visitor.section("email").getByText("Waiting for the link").waitFor();
  await visitor.open(link);
  assert.equal(await visitor.page.getByLabel("Password", { exact: true }).isVisible(), false);
  await visitor.press("Confirm");
  await visitor.heading("Your address is changed");
  await visitor.page.getByRole("link", { name: "Go to your account" }).click();
  await visitor.section("email").getByText(address).waitFor();
  assert.equal(await signsIn(address, password), true);
  assert.equal(await signsIn(ada.email, password), false);
});

test("another address is confirmed with the password by whoever is signed out", async () => {
  const [ada, visitor] = [await stack.person(), await Visitor.of(browser, stack)];
  const { address, link } = await wish(await Visitor.of(browser, stack), ada);
  visitor.expects("401 POST /auth/email-change/confirm");
  await visitor.open(link);
  await visitor.fill({ Password: another });
  await visitor.press("Confirm");
  await visitor.says("This is not the right password.");
  await visitor.fill({ Password: password });
  await visitor.press("Confirm");
  await visitor.heading("Your address is changed");
  assert.equal(await signsIn(address, password), true);
});

test("another person who is signed in confirms nobody else's address", async () => {
  const [ada, eve, visitor] = [await stack.person(), await stack.person("eve"), await Visitor.of(browser, stack)];
  const { address, link } = await wish(await Visitor.of(browser, stack), ada);
  await visitor.goToAccount(eve);
  await visitor.open(link);
  visitor.expects("401 POST /auth/email-change/confirm");
  await visitor.press("Confirm");
  await visitor.says("Please give the password of the account.");
  await visitor.fill({ Password: password });
  await visitor.press("Confirm");
  await visitor.heading("Your address is changed");
  assert.equal(await signsIn(address, password), true);
});

test("the notice at the old address stops a change before it is made", async () => {
  const [ada, visitor] = [await stack.person(), await Visitor.of(browser, stack)];
  const { link } = await wish(await Visitor.of(browser, stack), ada);
  await visitor.open(await stack.link(ada.email, /Request to change/));
  await visitor.press("Keep your address");
  await visitor.heading("Your account keeps its address");
  visitor.expects("400 POST /auth/email-change/confirm");
  await visitor.open(link);
  await visitor.fill({ Password: password });
  await visitor.press("Confirm");
  await visitor.heading("This link no longer works");
});

test("the notice at the old address takes a change back that was made", async () => {
  const [ada, thief, owner] = [await stack.person(), await Visitor.of(browser, stack), await Visitor.of(browser, stack)];
  const { address, link } = await wish(thief, ada);
  await thief.open(link);
  await thief.press("Confirm");
  await thief.heading("Your address is changed");
  await owner.open(await stack.link(ada.email, /was changed/));
  await owner.press("Keep your address");
  await owner.heading("Your account keeps its address");
  thief.expects("401 GET /me", "401 POST /auth/token/refresh");
  await thief.open("/sign-in");
  await thief.heading("Sign in");
  assert.equal(await signsIn(address, password), false);
  await owner.open(await stack.link(ada.email, /Choose a new password/));
  await owner.fill({ "New password": another });
  await owner.press("Set the password");
  await owner.heading("Your password is set");
  await owner.goToAccount({ ...ada, password: another });
  await owner.section("email").getByText(ada.email, { exact: true }).waitFor();
});

test("an account that strangers lock is open to its device, and to all by the link of a mail", async () => {
  const ada = await stack.person();
  const [device, visitor] = [await Visitor.of(browser, stack), await Visitor.of(browser, stack)];
  await device.goToAccount(ada);
  await device.press("Sign out", device.page.locator("#top"));
  await device.at("/sign-in");
  // Twenty failures from four networks.
  const networks = ["127.0.0.10", "127.0.0.11", "127.0.0.12", "127.0.0.13"];
  const statuses = await Promise.all(networks.map(async (network) => {
    const seen = [];
    for (let failure = 0; failure < 5; failure += 1) seen.push(await stack.signInFrom(network, { ...ada, password: another }));
    return seen;
  }));
  assert.deepEqual(new Set(statuses.flat()), new Set([401]));
  visitor.expects("401 POST /auth/token");
  await visitor.open("/sign-in");
  await visitor.signIn(ada);
  await visitor.says("Email or password is wrong.");
  await device.signIn(ada);
  await device.at("/account");
  await visitor.open(await stack.link(ada.email, /is locked/));
  await visitor.press("Unlock");
  await visitor.heading("Your account is unlocked");
  await visitor.goToAccount(ada);
  visitor.expects("400 POST /auth/unlock");
  await visitor.open(await stack.link(ada.email, /is locked/));
  await visitor.press("Unlock");
  await visitor.heading("This link no longer works");
});

test("a link behind ? works, too, a second one in the same tab takes its place, and a cut one says so", async () => {
  const ada = await stack.person();
  await stack.post("/auth/password-reset", { email: ada.email });
  const link = await stack.link(ada.email, /Choose a new password/);
  const visitor = await Visitor.of(browser, stack);
  visitor.expects("400 POST /auth/password-reset/verify");
  await visitor.open(link.replace("#", "?"));
  await visitor.heading("Choose a new password");
  assert.equal(visitor.page.url(), `${stack.url}/reset-password`);
  await visitor.page.evaluate(() => { location.hash = "token=another-one"; });
  await visitor.heading("This link no longer works");
  await visitor.open("/reset-password");
  await visitor.heading("This link is incomplete");
});
