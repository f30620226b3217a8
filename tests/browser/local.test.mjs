// The pages under /_local, and the links of the mails that are shown there.
import assert from "node:assert/strict";
import { look, measure, views, wcag } from "./look.mjs";
import { another, linkOf, password, startBrowser, startStack } from "./support.mjs";
import { test, Visitor } from "./visitor.mjs";

const [stack, browser] = await Promise.all([startStack(), startBrowser()]);
// As long as an address may be in one piece, which has to fit on a phone.
const long = `${"a".repeat(64)}@${"b".repeat(63)}.example`;

// One mail of each kind that a person gets.
const ada = await stack.person();
await stack.post("/auth/password-reset", { email: ada.email });
await stack.post("/auth/email-change", { new_email: `new-${ada.email}`, current_password: password }, await stack.token(ada));
await stack.post("/users", { username: "grace", email: long }, await stack.adminToken());
const code = await stack.organization("Harbour & Sons", await stack.adminToken());
await stack.post(`/organizations/${code}/invitations`, { email: stack.newName("fay").email }, await stack.adminToken());
await stack.mail(long, /invited/);

const some = views.filter(({ name }) => ["light", "dark-narrow", "zoom"].includes(name));

const openHtmlViews = async (page) => {
  for (const summary of await page.getByText("HTML", { exact: true }).all()) await summary.click();
};

test("the stack's page and the mailbox pass axe and fit", async () => {
  const visitor = await Visitor.of(browser, stack);
  const { page } = visitor;
  await visitor.open("/_local/");
  await visitor.heading("Rolecall on this machine");
  const wrongs = await look(page, "local-stack", some);
  await page.getByRole("link", { name: "Mailbox", exact: true }).click();
  await visitor.heading("Mailbox");
  await openHtmlViews(page);
  assert.deepEqual([...wrongs, ...await look(page, "local-mailbox", views)], []);
});

test("a stack that nobody called yet passes axe and fits", async () => {
  const empty = await startStack();
  const visitor = await Visitor.of(browser, empty);
  const wrongs = [];
  for (const [title, path] of [["local-stack-empty", "/_local/"], ["local-mailbox-empty", "/_local/mail"]]) {
    await visitor.open(path);
    wrongs.push(...await look(visitor.page, title, some.slice(0, 2)));
  }
  assert.deepEqual(wrongs, []);
});

test("each mail passes axe and fits in the mailbox's frame on a phone", async () => {
  // A mail has no landmarks: it is no page.
  const wrongs = [];
  for (const colorScheme of ["light", "dark"]) {
    const visitor = await Visitor.of(browser, stack, { viewport: { width: 254, height: 520 }, colorScheme });
    for (const { subject, html } of await stack.mails()) {
      await visitor.page.setContent(html);
      wrongs.push(...(await measure(visitor.page, wcag)).map((wrong) => `${subject}, ${colorScheme}: ${wrong}`));
    }
  }
  assert.deepEqual(wrongs, []);
});

/** Presses the button of a mail in its HTML view; its answer is the page that opens. */
async function follow(visitor, subject) {
  await visitor.open("/_local/mail");
  const { page, context } = visitor;
  const mail = page.getByRole("article").filter({ has: page.getByRole("heading", { name: subject, exact: true }) }).first();
  const link = await mail.getByRole("link", { name: "Open the link of this mail" }).getAttribute("href");
  await mail.getByText("HTML", { exact: true }).click();
  const [opened] = await Promise.all([context.waitForEvent("page"), mail.frameLocator("iframe").locator(".button a").click()]);
  visitor.page = opened;
  await visitor.settled();
  return link;
}

test("the button of a mail leads to a page that works, and so does the link above it", async () => {
  const visitor = await Visitor.of(browser, stack);
  const link = await follow(visitor, "Choose a new password for Rolecall");
  assert.equal(link, linkOf(await stack.mail(ada.email, /Choose a new password/)));
  assert.equal(visitor.page.url(), `${stack.url}/reset-password`);
  await visitor.fill({ "New password": another });
  await visitor.press("Set the password");
  await visitor.heading("Your password is set");
  await stack.token({ ...ada, password: another });
});

test("the button of an invitation to an account leads to a page that works", async () => {
  const visitor = await Visitor.of(browser, stack);
  // It is no invitation into an organization; which of the two comes first is not said.
  visitor.allows("400 POST /auth/accept-invitation/verify");
  await follow(visitor, (await stack.mail(long, /invited/)).subject);
  await visitor.heading(/Join Harbour|You are invited/);
});
