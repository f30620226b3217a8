// Every page for people, and what it shows in the course of its use.
import assert from "node:assert/strict";
import { look } from "./look.mjs";
import { password, startBrowser, startStack } from "./support.mjs";
import { test, Visitor } from "./visitor.mjs";

const invalid = "a".repeat(43);
const markup = "Harbour & <b>Sons</b>";

// Places and not texts: the album is looked at in every language.
const main = (page) => page.locator("main button.main").first();
const submit = async ({ page }) => {
  await main(page).click();
  await page.locator("[aria-invalid=true]").first().waitFor();
};
const tried = (values) => async (visitor) => {
  const { page } = visitor;
  for (const [name, value] of Object.entries(values)) await page.locator(`[name=${name}]`).last().fill(value);
  await main(page).click();
};
const over = (values, route, status = 400) => ({
  async act(visitor) {
    visitor.expects(`${status} POST ${route}`);
    const h1 = await visitor.page.locator("h1").textContent();
    await tried(values)(visitor);
    await visitor.page.waitForFunction((before) => document.querySelector("h1").textContent !== before, h1);
  },
});

/** The pages of this stack as `{title, path, person?, act?}`: who is signed in there, and what one does before one looks. */
async function album(stack) {
  const token = await stack.adminToken();
  const ada = await stack.person("ada", { first_name: "Ada", last_name: "Lovelace" });
  const guest = stack.newName("guest");
  const colleague = stack.newName("colleague");
  const code = await stack.organization(markup, token);
  const other = await stack.organization("Another organization with a rather long name of its own", token);
  const { id } = await stack.get("/me", await stack.token(ada));
  await stack.call("PUT", `/organizations/${code}/members/${id}`, {}, token);
  await stack.post("/auth/password-reset", { email: ada.email });
  await stack.post("/users", { username: colleague.username, email: colleague.email }, token);
  const invitations = [{ email: guest.email }, { email: ada.email }];
  await stack.post(`/organizations/${other}/invitations`, { invitations }, token);
  await stack.token(ada);
  const [reset, invited, offered, joined] = await Promise.all([
    stack.link(ada.email, /Choose a new password/), stack.link(colleague.email, /invited/),
    stack.link(guest.email, /invited/), stack.link(ada.email, /invited/),
  ]);
  const link = (page) => `/${page}#token=${invalid}`;
  const linked = ["verify-email", "reset-password", "accept-invitation", "confirm-email-change", "undo-email-change", "unlock", "setup"];
  return [
    { title: "sign-in", path: "/sign-in" },
    { title: "sign-in-empty", path: "/sign-in", act: submit },
    { title: "sign-in-refused", path: "/sign-in", async act(visitor) {
      visitor.expects("401 POST /auth/token");
      await tried({ email: "nobody@example.com", password })(visitor);
      await visitor.page.locator(".note.bad").waitFor();
    } },
    { title: "sign-in-already", path: "/sign-in", person: ada },
    { title: "sign-up", path: "/sign-up" },
    { title: "sign-up-empty", path: "/sign-up", act: submit },
    { title: "sign-up-mailbox", path: "/sign-up", async act(visitor) {
      const one = stack.newName("new");
      await tried({ email: one.email, username: one.username, password })(visitor);
      await visitor.page.locator("[name=username]").waitFor({ state: "detached" });
    } },
    { title: "forgot-password", path: "/forgot-password" },
    ...linked.map((page) => ({ title: `${page}-incomplete`, path: `/${page}` })),
    { title: "verify-email", path: link("verify-email") },
    { title: "verify-email-afresh", path: link("verify-email"), async act({ page }) {
      await page.locator("main button.plain").last().click();
      await page.locator("[name=username]:visible").waitFor();
    } },
    { title: "verify-email-over", path: link("verify-email"), ...over({ password }, "/auth/verify-email") },
    { title: "reset-password", path: reset },
    { title: "reset-password-weak", path: reset, async act(visitor) {
      visitor.expects("422 POST /auth/password-reset/confirm");
      await tried({ new_password: "password" })(visitor);
      await visitor.page.locator("[aria-invalid=true]").waitFor();
    } },
    { title: "reset-password-over", path: link("reset-password"), refused: ["400 POST /auth/password-reset/verify"] },
    { title: "accept-invitation-account", path: invited, refused: ["400 POST /auth/accept-invitation/verify"] },
    { title: "accept-invitation-newcomer", path: offered },
    { title: "accept-invitation-known", path: joined },
    { title: "accept-invitation-over", path: link("accept-invitation"),
      refused: ["400 POST /auth/accept-invitation/verify", "400 POST /auth/password-reset/verify"] },
    { title: "confirm-email-change", path: link("confirm-email-change") },
    { title: "confirm-email-change-signed-in", path: link("confirm-email-change"), person: ada },
    { title: "confirm-email-change-over", path: link("confirm-email-change"), ...over({ password }, "/auth/email-change/confirm") },
    { title: "undo-email-change", path: link("undo-email-change") },
    { title: "undo-email-change-over", path: link("undo-email-change"), ...over({}, "/auth/email-change/undo") },
    { title: "unlock", path: link("unlock") },
    { title: "unlock-over", path: link("unlock"), ...over({}, "/auth/unlock") },
    { title: "setup", path: link("setup") },
    { title: "account", path: "/account", person: ada },
    { title: "account-empty", path: "/account", person: ada, async act({ page }) {
      await page.locator("section#password button.main").click();
      await page.locator("section#password [aria-invalid=true]").first().waitFor();
    } },
    { title: "account-unavailable", path: "/account", person: ada, async before(visitor) {
      visitor.expects("503 GET /user-sessions");
      const body = { code: "unavailable", status: 503, title: "Unavailable", instance: "01a22d84-5c4d-7e1e-b61d-e9f2c61269fd" };
      await visitor.page.route("**/api/v1/user-sessions*", (route) => route.fulfill({ status: 503, json: body }));
    } },
    { title: "account-sign-in-again", path: "/account", person: ada, async act(visitor) {
      const { page, context } = visitor;
      visitor.expects("401 PATCH /me", "401 POST /auth/token/refresh");
      await context.clearCookies();
      await page.locator("[name=bio]").fill("Words");
      await page.locator("section#profile button.main").click();
      await page.locator("dialog").waitFor();
    } },
    { title: "no-such-page", path: "/no-such-page", refused: ["404 GET /no-such-page"] },
  ];
}

/** Tests of them all by each of these readers: a name, a title of pictures, views, and how the reader's browser is. */
export async function lookAtAll(...readers) {
  const [stack, browser] = await Promise.all([startStack(), startBrowser()]);
  const pages = await album(stack);
  const groups = { "a stranger": pages.filter(({ person }) => !person), "somebody signed in": pages.filter(({ person }) => person) };
  for (const { name, titled = (title) => title, views, options, prepare } of readers) {
    for (const [who, some] of Object.entries(groups)) {
      test(`${name}: every page passes axe and fits, for ${who}`, async () => {
        // One browser for all: it is quicker, and forgets each page before the next.
        const visitor = await Visitor.of(browser, stack, options);
        await prepare?.(visitor);
        const wrongs = [];
        for (const page of some) wrongs.push(...await lookAt(visitor, page, titled(page.title), views));
        assert.deepEqual(wrongs, []);
      });
    }
  }
}

async function lookAt(visitor, { path, person, refused = [], before, act }, title, views) {
  visitor.expects(...refused);
  try {
    if (person) await visitor.signedIn(person);
    await before?.(visitor);
    await visitor.open(path);
    await act?.(visitor);
    const wrongs = await look(visitor.page, title, views);
    await visitor.check();
    return wrongs;
  } catch (error) {
    return [`${title}: ${error.message}`, ...await visitor.describe(title)];
  } finally {
    await visitor.startOver();
  }
}
