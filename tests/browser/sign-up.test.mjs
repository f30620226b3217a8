// Signing up, in each mode, and the link that comes by mail.
import assert from "node:assert/strict";
import { another, password, startBrowser, startStack } from "./support.mjs";
import { test, Visitor } from "./visitor.mjs";

const [verified, open, invite, browser] = await Promise.all([
  startStack({ ROLECALL_REGISTRATION: "verified" }), startStack({ ROLECALL_REGISTRATION: "open" }),
  startStack({ ROLECALL_REGISTRATION: "invite" }), startBrowser(),
]);
const confirm = /Confirm your email/;

/** Signs somebody new up; the link that they get. */
async function signUp(visitor, one = verified.newName()) {
  const before = (await verified.mails(one.email)).length;
  await visitor.open("/sign-up");
  await visitor.fill({ Email: one.email, Username: one.username, Password: one.password });
  await visitor.press("Create an account");
  await visitor.heading("Look into your mailbox");
  await visitor.says(`We mailed a link to ${one.email}.`);
  return { ...one, link: await verified.link(one.email, confirm, before) };
}

async function isIn(visitor, { email, password }) {
  await visitor.goToAccount({ email, password });
  assert.equal(await visitor.section("profile").getByLabel("Username").inputValue(), email.split("@")[0]);
}

test("the link needs no password in the browser that signed up", async () => {
  const visitor = await Visitor.of(browser, verified);
  const ada = await signUp(visitor);
  await visitor.open(ada.link);
  assert.equal(visitor.page.url(), `${verified.url}/verify-email`, "the token is out of the address");
  await visitor.heading("Confirm your address");
  assert.equal(await visitor.page.locator("input:visible").count(), 0, "nothing is asked for");
  assert.equal(visitor.count("POST /auth/verify-email"), 0, "opening a link changes nothing");
  await visitor.press("Confirm");
  await visitor.heading("Your account is ready");
  const kept = await visitor.page.evaluate(() => ({ ...localStorage }));
  assert.deepEqual(kept, {}, "what was kept for the link is forgotten");
  await visitor.page.getByRole("link", { name: "Sign in", exact: true }).click();
  await visitor.signIn(ada);
  await visitor.at("/account");
  // Once more, and all is as it was.
  await visitor.open(ada.link);
  visitor.expects("401 POST /auth/verify-email");
  await visitor.fill({ "Password that you signed up with": another });
  await visitor.press("Confirm");
  await visitor.says("This is not the right password.");
  await visitor.fill({ "Password that you signed up with": password });
  await visitor.press("Confirm");
  await visitor.heading("Your account is ready");
});

test("the link asks for the password in another browser", async () => {
  const ada = await signUp(await Visitor.of(browser, verified));
  const elsewhere = await Visitor.of(browser, verified);
  await elsewhere.open(ada.link);
  await elsewhere.press("Confirm");
  await elsewhere.says("Please fill this in.");
  elsewhere.expects("401 POST /auth/verify-email");
  await elsewhere.fill({ "Password that you signed up with": another });
  await elsewhere.press("Confirm");
  await elsewhere.says("This is not the right password.");
  await elsewhere.fill({ "Password that you signed up with": password });
  await elsewhere.press("Confirm");
  await elsewhere.heading("Your account is ready");
  await isIn(elsewhere, ada);
});

test("a browser that signed up for another address is asked for the password", async () => {
  const visitor = await Visitor.of(browser, verified);
  const first = await signUp(visitor);
  await signUp(visitor);
  visitor.expects("401 POST /auth/verify-email");
  await visitor.open(first.link);
  await visitor.press("Confirm");
  await visitor.says("Please give the password that you signed up with.");
  await visitor.fill({ "Password that you signed up with": password });
  await visitor.press("Confirm");
  await visitor.heading("Your account is ready");
});

test("whoever did not sign up chooses name and password afresh", async () => {
  const ada = await signUp(await Visitor.of(browser, verified));
  const taken = await verified.person();
  const owner = await Visitor.of(browser, verified);
  await owner.open(ada.link);
  await owner.press("I did not sign up, or do not know the password");
  await owner.fill({ Username: taken.username, "New password": another });
  owner.expects("409 POST /auth/verify-email");
  await owner.press("Confirm");
  await owner.says("This username is taken.");
  const own = verified.newName("owner");
  await owner.fill({ Username: own.username });
  await owner.press("Confirm");
  await owner.heading("Your account is ready");
  owner.expects("401 POST /auth/token");
  await owner.open("/sign-in");
  await owner.signIn(ada);
  await owner.says("Email or password is wrong.");
  await owner.fill({ Password: another });
  await owner.press("Sign in");
  await owner.at("/account");
  await owner.settled();
  assert.equal(await owner.section("profile").getByLabel("Username").inputValue(), own.username);
});

test("a link that is over offers another mail in place, and that one works", async () => {
  const ada = await signUp(await Visitor.of(browser, verified));
  await verified.advance(25 * 3600);
  const visitor = await Visitor.of(browser, verified);
  visitor.expects("400 POST /auth/verify-email");
  await visitor.open(ada.link);
  await visitor.fill({ "Password that you signed up with": password });
  await visitor.press("Confirm");
  await visitor.heading("This link no longer works");
  // The first sign-up is over with its link: signed up again, the mail is asked for again.
  const again = await signUp(visitor, { ...ada });
  await visitor.press("Send the mail again");
  await visitor.says("Sent again.");
  await visitor.open(again.link);
  await visitor.press("Confirm");
  await visitor.heading("Your account is ready");
});

test("what is wrong is said at its field, in words, and what was typed stays", async () => {
  const taken = await verified.person();
  const visitor = await Visitor.of(browser, verified);
  visitor.expects("422 POST /auth/register", "422 POST /auth/register", "409 POST /auth/register");
  await visitor.open("/sign-up");
  await visitor.fill({ Email: "x", Username: "a!", Password: "short" });
  await visitor.press("Create an account");
  for (const text of ["An address looks like name@example.com.", "This is too short."]) await visitor.says(text);
  assert.equal(await visitor.page.evaluate(() => document.activeElement.name), "email", "the first wrong field has the focus");
  const { email } = verified.newName();
  await visitor.fill({ Email: email, Username: taken.username, Password: "12345678" });
  await visitor.press("Create an account");
  await visitor.says("This password is too easy to guess.");
  await visitor.fill({ Password: password });
  await visitor.press("Create an account");
  await visitor.says("This username is taken.");
  assert.equal(await visitor.page.getByLabel("Email", { exact: true }).inputValue(), email);
});

test("in mode open one is signed in at once", async () => {
  const visitor = await Visitor.of(browser, open);
  const ada = open.newName();
  await visitor.open("/sign-up");
  await visitor.fill({ Email: ada.email, Username: ada.username, Password: password });
  await visitor.press("Create an account");
  await visitor.at("/account");
  await visitor.section("activity").getByText("Account created").waitFor();
  const other = await Visitor.of(browser, open);
  other.expects("409 POST /auth/register");
  await other.open("/sign-up");
  await other.fill({ Email: ada.email, Username: open.newName().username, Password: password });
  await other.press("Create an account");
  await other.says("This address has an account already.");
});

test("in mode invite the pages say so", async () => {
  const visitor = await Visitor.of(browser, invite);
  await visitor.open("/sign-in");
  assert.equal(await visitor.page.getByRole("link", { name: "Create an account" }).count(), 0, "nobody is sent to a page in vain");
  await visitor.open("/sign-up");
  await visitor.says("You can sign up by invitation only.");
  assert.equal(await visitor.page.locator("main input").count(), 0);
});
