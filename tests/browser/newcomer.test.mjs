// The way of somebody who starts a stack for the first time.
import assert from "node:assert/strict";
import { password, startBrowser, startStack, until } from "./support.mjs";
import { test, Visitor } from "./visitor.mjs";

const browser = await startBrowser();
const fresh = () => startStack({ ROLECALL_ADMIN_EMAIL: undefined, ROLECALL_ADMIN_PASSWORD: undefined });
const linkIn = (stack) => /http\S+\/setup#token=\S+/.exec(stack.said())?.[0];

test("the link of the start text makes the first super admin, once", async () => {
  const stack = await fresh();
  const link = await until("a link in the start text", () => linkIn(stack));
  assert.ok(link.startsWith(`${stack.url}/setup#token=`), link);
  const visitor = await Visitor.of(browser, stack);
  await visitor.open(link);
  await visitor.heading("Welcome");
  assert.equal(visitor.page.url(), `${stack.url}/setup`, "the token is out of the address");
  visitor.expects("422 POST /_local/setup");
  await visitor.fill({ Username: "chief", Email: "chief@example.com", Password: "password" });
  await visitor.press("Create an account");
  await visitor.says("This password is too easy to guess.");
  await visitor.fill({ Password: password });
  await visitor.press("Create an account");
  await visitor.page.waitForURL(`${stack.url}/console`);
  await visitor.heading("Overview");
  await visitor.open("/account");
  await visitor.page.locator("#top").getByRole("link", { name: "Console" }).waitFor();
  await visitor.section("email").getByText("chief@example.com").waitFor();
  const { memberships } = await stack.get("/me", await stack.token({ email: "chief@example.com", password }));
  assert.deepEqual(memberships.map(({ organization, roles }) => [organization, roles]), [["PLATFORM", ["super_admin"]]]);

  const late = await Visitor.of(browser, stack);
  late.expects("400 POST /_local/setup");
  await late.open(link);
  await late.fill({ Username: "second", Email: "second@example.com", Password: password });
  await late.press("Create an account");
  await late.heading("This link no longer works");
  await late.says("Start the stack again: it prints another one.");
});

test("a link that was not printed makes nobody, and a stack with a super admin prints none", async () => {
  const [stack, known] = await Promise.all([fresh(), startStack()]);
  const visitor = await Visitor.of(browser, stack);
  visitor.expects("400 POST /_local/setup");
  await visitor.open(`/setup#token=${"a".repeat(43)}`);
  await visitor.fill({ Username: "mallory", Email: "mallory@example.com", Password: password });
  await visitor.press("Create an account");
  await visitor.heading("This link no longer works");
  assert.equal(await stack.signInFrom("127.0.0.1", { email: "mallory@example.com", password }), 401);
  await until("the whole start text", () => known.said().includes("curl"));
  assert.equal(linkIn(known), undefined);
});

test("from nothing to somebody with a role in the log, in less than two minutes", async () => {
  const stack = await fresh();
  const began = performance.now();
  const visitor = await Visitor.of(browser, stack);
  const { page } = visitor;
  await visitor.open(await until("a link in the start text", () => linkIn(stack)));
  await visitor.fill({ Username: "chief", Email: "chief@example.com", Password: password });
  await visitor.press("Create an account");
  await visitor.heading("Overview");
  // What the console offers first is what comes next.
  await page.getByRole("link", { name: "Make an organization" }).click();
  await visitor.press("New organization");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Code", { exact: true }).fill("ACME");
  await dialog.getByLabel("Name", { exact: true }).fill("Acme");
  await visitor.press("Create", dialog);
  await visitor.heading("Acme");
  await page.getByRole("link", { name: "People", exact: true }).click();
  await visitor.press("Invite");
  await dialog.getByRole("combobox", { name: "Organization" }).fill("acme");
  await page.getByRole("option", { name: /Acme/ }).click();
  await dialog.getByLabel("Email addresses").fill("ada@example.com");
  await visitor.press("Send invitations", dialog);
  await dialog.waitFor({ state: "detached" });

  const ada = await Visitor.of(browser, stack);
  await ada.open(await stack.link("ada@example.com", /invited/i));
  await ada.fill({ Username: "ada", Password: password });
  await ada.press("Accept");
  await ada.at("/account");

  await page.getByRole("link", { name: "Overview" }).click();
  await page.getByRole("link", { name: "People", exact: true }).click();
  await page.getByRole("link", { name: /ada/ }).first().click();
  await page.getByRole("link", { name: "Memberships" }).click();
  await visitor.press("Assign a role");
  await dialog.getByRole("combobox", { name: "Role" }).fill("admin");
  await page.getByRole("option", { name: /admin/i }).first().click();
  await visitor.press("Save", dialog);
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Activity", exact: true }).click();
  await page.locator("tbody tr", { hasText: /role/i }).filter({ hasText: "ada" }).first().waitFor();
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(`# ${seconds} s`);
  assert.ok(seconds < 120, `${seconds} s`);
});
