// What the tests of the console share: a stack with data, somebody who is signed in there, and a server that fails on demand.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { translate } from "./arabic.mjs";
import { client, seed } from "./console-data.mjs";
import { admin, startBrowser, startStack, until, watch } from "./support.mjs";

export { until };
export const chief = admin;
const axeSource = readFileSync(new URL("./node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const id = "0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5b";
const limits = { ROLECALL_USER_WRITES: "1000000", ROLECALL_ORGANIZATION_INVITATIONS: "100000", ROLECALL_STACK_MAILS: "1000000",
  ROLECALL_USER_ACTIVITIES: "1000000" };

/**
 * A stack of this size with a browser in front of it. `control.fail(method, path)` may answer `{status, code, headers}`,
 * `{delay}` or `{drop}` in the place of the server; `control.log` has what was asked.
 */
export async function stage(size = "small") {
  const [stack, browser] = await Promise.all([startStack(limits), startBrowser()]);
  await seed(stack.url, size);
  const api = await client(stack.url, chief);
  // A list of people waits, for five seconds at most, until the lists have everybody.
  for (let began = 0; performance.now() - began > 2500;) {
    began = performance.now();
    await api("GET", "/users?limit=1");
  }
  return { url: stack.url, stack, browser, api, control: { fail: null, log: [] } };
}

async function answer(control, route) {
  const request = route.request();
  const { pathname, search } = new URL(request.url());
  control.log.push(`${request.method()} ${pathname}${search}`);
  const wanted = control.fail?.(request.method(), pathname);
  if (wanted?.delay) await sleep(wanted.delay);
  if (wanted?.drop) return route.abort("connectionreset");
  if (!wanted?.status) return route.fallback();
  const { status, code, headers = {} } = wanted;
  return route.fulfill({
    status, headers: { "X-Request-Id": id, ...headers }, contentType: "application/problem+json",
    body: JSON.stringify({ status, code, title: code, detail: `Detail of ${code}.`, instance: id }),
  });
}

/** A page of somebody who is signed in; `page.told` has what went wrong in it. */
export async function signIn(at, { email, password } = chief, { isArabic, ...options } = {}) {
  const context = await at.browser.newContext({ locale: "en-GB", viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(10_000);
  const headers = { "Rolecall-Browser": "1", "Sec-Fetch-Site": "same-origin" };
  const answered = await context.request.post(`${at.url}/api/v1/auth/token`, { data: { email, password }, headers });
  if (!answered.ok()) throw new Error(`sign-in: ${answered.status()} ${await answered.text()}`);
  if (isArabic) await context.route("**/*", translate);
  await context.route("**/api/v1/**", (route) => answer(at.control, route));
  return { context, page: await watched(context) };
}

export async function watched(context) {
  const page = await context.newPage();
  // Answers of the server and connections that a test breaks are no fault of the page.
  const told = watch(page);
  Object.defineProperty(page, "told", { get: () => told.filter((one) => !/Failed to load resource|net::ERR_/.test(one)) });
  return page;
}

/** Goes somewhere and waits until nothing loads any more. */
export async function visit(page, url) {
  await page.goto(url);
  await settle(page);
}

export async function settle(page) {
  await page.waitForFunction(() => document.querySelector("h1") && !document.querySelector(".skeleton, main [aria-busy=true]"));
  await sleep(150);
}

/** Violations of WCAG 2.2 A and AA, a line each. */
export async function axe(page, context) {
  // The policy forbids scripts of others: the checker goes in behind its back.
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate((within) => globalThis.axe.run(within ?? document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"],
  }), context ?? null);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((one) => `${one.target} ${one.html.slice(0, 160)} ${one.any?.[0]?.message ?? ""}`).join(" | ")}`);
}
