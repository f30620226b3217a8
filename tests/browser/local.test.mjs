// The pages under /_local: links of mails work, and each page fits, passes axe and loads whole.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { admin, post, startBrowser, startStack, until, watch } from "./support.mjs";

const axe = readFileSync("node_modules/axe-core/axe.min.js", "utf8");
const password = "violet-anchor-mosaic-91";
const another = "lantern-copper-meadow-58";
// As long as an address may be in one piece, which has to fit on a phone.
const long = `${"a".repeat(64)}@${"b".repeat(63)}.example`;
const purposes = ["verify-email", "reset-password", "accept-invitation", "confirm-email-change", "email-change-undo", "unlock"];
let url, browser;

before(async () => {
  [url, browser] = await Promise.all([startStack({ ROLECALL_REGISTRATION: "verified" }), startBrowser()]);
});

const signIn = (person) => post(`${url}/api/v1/auth/token`, person);
const mails = async () => (await fetch(`${url}/_local/mail.json`)).json();

/** Presses the button of a mail in its HTML view, as soon as it is there, and the button of the page that it leads to. */
async function follow(subject, button, { done, ...fields }) {
  await until(subject, async () => (await mails()).find((mail) => mail.subject === subject));
  const mailbox = await browser.newPage();
  const wrongs = watch(mailbox);
  await mailbox.goto(`${url}/_local/mail`);
  const mail = mailbox.getByRole("article").filter({ has: mailbox.getByRole("heading", { name: subject, exact: true }) });
  await mail.getByText("HTML", { exact: true }).click();
  const [page] = await Promise.all([mailbox.waitForEvent("popup"), mail.frameLocator("iframe").locator(".button a").click()]);
  wrongs.push(...await submit(page, button, { says: done, ...fields }));
  assert.deepEqual(wrongs, []);
  return page;
}

/** Fills in and sends the form of a page, and waits for what it says then; its answer is what went wrong. */
async function submit(page, button, { says, newPassword, ownPassword }) {
  const wrongs = watch(page);
  if (ownPassword) await page.getByLabel("Your password").fill(ownPassword);
  if (newPassword) await page.getByLabel("New password").fill(newPassword);
  await page.getByRole("button", { name: button }).click();
  await page.getByRole("status").filter({ hasText: says }).waitFor({ timeout: 10_000 });
  return wrongs;
}

test("the button of a mail confirms an address with the password of the sign-up, and again changes nothing", async () => {
  const ada = { email: "ada@example.com", password };
  await post(`${url}/api/v1/auth/register`, { username: "ada", ...ada });
  const page = await follow("Confirm your email address for Rolecall", "Confirm the address", { done: "Done: the account is active.", ownPassword: password });
  await signIn(ada);
  assert.deepEqual(await submit(page, "Confirm the address", { says: "Done", ownPassword: password }), []);
  const wrongs = await submit(page, "Confirm the address", { says: "password", ownPassword: another });
  assert.equal(wrongs.length, 1, wrongs.join("\n"));
});

test("the button of a mail sets a new password", async () => {
  const ada = { email: "ada@example.com", password: another };
  await post(`${url}/api/v1/auth/password-reset`, { email: ada.email });
  await follow("Choose a new password for Rolecall", "Set the password", { done: "Done: sign in", newPassword: ada.password });
  await signIn(ada);
});

test("the button of a mail accepts an invitation", async () => {
  const { access } = await signIn(admin);
  await post(`${url}/api/v1/users`, { username: "grace", email: long }, access);
  await follow("You are invited", "Set the password", { done: "Done: the account is active.", newPassword: password });
  await signIn({ email: long, password });
});

/** What axe has against a page, and whether it scrolls sideways. */
async function measure(page, options) {
  const [wide, room] = await page.evaluate(() => [document.scrollingElement.scrollWidth, innerWidth]);
  const wrongs = wide > room ? [`${wide} px wide, in ${room}`] : [];
  await page.evaluate(axe);
  // No script runs in the frame of a mail, and so not axe: mails are looked at on their own.
  const { violations } = await page.evaluate((options) => window.axe.run(document, { iframes: false, ...options }), options);
  const places = (nodes) => nodes.map(({ target }) => target).join(", ");
  return [...wrongs, ...violations.map(({ id, help, nodes }) => `${id}: ${help}: ${places(nodes)}`)];
}

/** Opens a page as one person sees it; its answer is what is wrong with it. */
async function look(context, address, prepare = async () => {}) {
  const page = await context.newPage();
  const wrongs = watch(page);
  await page.goto(address);
  await prepare(page);
  wrongs.push(...await measure(page));
  await page.close();
  return wrongs.map((wrong) => `${address}: ${wrong}`);
}

const openHtmlViews = async (page) => {
  for (const summary of await page.getByText("HTML", { exact: true }).all()) await summary.click();
};

for (const width of [375, 1280]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`each page, ${width} px, ${colorScheme}`, async () => {
      const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
      const wrongs = [
        ...await look(context, `${url}/_local/`),
        ...await look(context, `${url}/_local/mail`, openHtmlViews),
      ];
      for (const purpose of purposes) wrongs.push(...await look(context, `${url}/_local/${purpose}?token=${"a".repeat(43)}`));
      await context.close();
      assert.deepEqual(wrongs, []);
    });
  }
}

test("a stack that nobody called yet, on a phone", async () => {
  const empty = await startStack({});
  const context = await browser.newContext({ viewport: { width: 375, height: 800 } });
  assert.deepEqual([...await look(context, `${empty}/_local/`), ...await look(context, `${empty}/_local/mail`)], []);
});

test("each mail, in the mailbox's frame on a phone", async () => {
  // A mail has no landmarks: it is no page.
  const rules = { region: { enabled: false }, "landmark-one-main": { enabled: false } };
  for (const colorScheme of ["light", "dark"]) {
    const page = await browser.newPage({ viewport: { width: 309, height: 520 }, colorScheme });
    for (const { subject, html } of await mails()) {
      await page.setContent(html);
      assert.deepEqual(await measure(page, { rules }), [], `${subject}, ${colorScheme}`);
    }
  }
});
