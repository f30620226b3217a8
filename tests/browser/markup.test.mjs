// What people and programs write is text on every page, and never markup.
import assert from "node:assert/strict";
import { admin, password, startBrowser, startStack } from "./support.mjs";
import { test, Visitor } from "./visitor.mjs";

const [stack, browser] = await Promise.all([startStack(), startBrowser()]);
const markup = "<img src=x onerror=alert(1)><b>bold</b>";

/** Whether the page has it as text, and made nothing of it. */
async function isText(visitor, text = markup) {
  await visitor.page.getByText(text, { exact: false }).first().waitFor();
  const made = await visitor.page.locator("main img, main b, #top img, #top b").count();
  assert.equal(made, 0, `${visitor.page.url()} made elements of ${text}`);
  assert.ok(visitor.asked.every((one) => !one.endsWith("/x")), "nothing was loaded for it");
}

/** Texts of others that a stack gives to a page, and does not let anybody write so easily. */
async function withMarkup({ page }) {
  const change = (path, changed) => page.route(path, async (route) => {
    const response = await route.fetch();
    return route.fulfill({ response, json: changed(await response.json()) });
  });
  await change("**/api/v1/me", (me) => ({ ...me, memberships: me.memberships.map((one) => ({ ...one, organization_name: markup })) }));
  const items = (more) => ({ items, ...rest }) => ({ ...rest, items: items.map((one) => ({ ...one, ...more })) });
  await change("**/api/v1/me/invitations*", items({ organization_name: markup, invited_by_username: markup }));
  await change("**/api/v1/activities?*", items({ activity_type: "thing_done", description: markup, username: markup, user_id: "x", ip_address: markup }));
  await change("**/api/v1/user-sessions*", items({ browser: markup, os: markup, ip_address: markup }));
}

test("a name, an organization, an invitation and an activity with markup are text", async () => {
  const token = await stack.adminToken();
  const ada = await stack.person("ada", { first_name: markup, last_name: markup });
  const { id } = await stack.get("/me", await stack.token(ada));
  const [own, invited] = [await stack.organization(markup, token), await stack.organization(markup, token)];
  await stack.call("PUT", `/organizations/${own}/members/${id}`, {}, token);
  const guest = stack.newName("guest");
  const invitations = [ada.email, guest.email].map((email) => ({ email, first_name: markup }));
  await stack.post(`/organizations/${invited}/invitations`, { invitations }, token);

  const visitor = await Visitor.of(browser, stack);
  await withMarkup(visitor);
  await visitor.goToAccount(ada);
  await isText(visitor);
  await visitor.section("organizations").getByText(markup).waitFor();
  assert.equal(await visitor.section("profile").getByLabel("First name (optional)").inputValue(), markup);
  await visitor.section("activity").getByText(markup).first().waitFor();
  await visitor.section("invitations").getByText(markup).first().waitFor();
  await visitor.open("/sign-in");
  await visitor.page.getByRole("link", { name: `Go on as ${markup}` }).waitFor();
  await isText(visitor, `Go on as ${markup}`);

  const newcomer = await Visitor.of(browser, stack);
  await newcomer.open(await stack.link(guest.email, /invited/));
  await newcomer.heading(`Join ${markup}`);
  await isText(newcomer);
  await newcomer.press("Decline");
  await isText(newcomer, `You did not join ${markup}.`);
});

test("a product's name, an address that was typed and a token with markup are text", async () => {
  const token = await stack.adminToken();
  const { headers } = await fetch(`${stack.url}/api/v1/appearance`);
  const change = (body, etag) => stack.call("PUT", "/appearance", body, token, { "If-Match": etag });
  await change({ product_name: markup }, headers.get("etag"));
  try {
    const visitor = await Visitor.of(browser, stack);
    await visitor.open("/sign-in");
    await isText(visitor);
    assert.equal(await visitor.page.title(), `Sign in · ${markup}`);
    const one = stack.newName("new");
    const address = `"${one.username}<b>"@example.com`;
    visitor.allows("422 POST /auth/register");
    await visitor.open("/sign-up");
    await visitor.fill({ Email: address, Username: one.username, Password: password });
    await visitor.press("Create an account");
    await visitor.page.locator("h1:text('Look into'), [aria-invalid=true]").waitFor();
    await isText(visitor);
    visitor.expects("400 POST /auth/unlock");
    await visitor.open(`/unlock#token=${encodeURIComponent(markup)}`);
    await visitor.press("Unlock");
    await visitor.heading("This link no longer works");
    await isText(visitor);
  } finally {
    const changed = await fetch(`${stack.url}/api/v1/appearance`);
    await change({}, changed.headers.get("etag"));
  }
});

test("no path of a page is taken for markup", async () => {
  const visitor = await Visitor.of(browser, stack);
  visitor.expects(`404 GET /${encodeURIComponent(markup)}`);
  await visitor.open(`/${encodeURIComponent(markup)}`);
  await visitor.heading("There is no such page");
  await visitor.goToAccount(admin);
});
