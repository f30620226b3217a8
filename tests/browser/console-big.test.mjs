// 307 roles, 200 permissions, 151 people, 1,500 activities: quick, by pages, and by search on the server. With
// `CONSOLE_SIZE=whole`, which fills a stack for minutes, 2,001 people and 24,000 activities.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { settle, signIn, stage, until, visit } from "./console-stage.mjs";

let at;
let context;
let page;
before(async () => {
  at = await stage(process.env.CONSOLE_SIZE ?? "big");
  ({ context, page } = await signIn(at));
});
after(async () => {
  assert.deepEqual(page.told, []);
});

const timed = async (run) => {
  const began = performance.now();
  await run();
  return Math.round(performance.now() - began);
};

test("the matrix is one request, and few of its cells are in the page", async () => {
  at.control.log.length = 0;
  const took = await timed(() => visit(page, `${at.url}/console/roles`));
  assert.equal(at.control.log.filter((one) => /catalogue|\/roles/.test(one)).length, 1);
  const cells = await page.locator(".mark-box").count();
  assert.ok(cells < 1500, `${cells} cells`);
  await page.locator("[data-r='0'][data-c='0']").focus();
  const moved = await timed(async () => {
    for (let i = 0; i < 40; i += 1) await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Control+End");
    await until("the last column", () => page.evaluate(() => Number(document.activeElement.dataset.c) > 250));
  });
  const label = await page.evaluate(() => document.activeElement.getAttribute("aria-label"));
  assert.match(label, / for /);
  console.log(`# matrix ${took} ms, 42 moves ${moved} ms, ${cells} cells`);
  assert.ok(took < 4000 && moved < 6000);
});

test("people come by pages, and are found by the server", async () => {
  at.control.log.length = 0;
  const took = await timed(() => visit(page, `${at.url}/console/people`));
  assert.equal(at.control.log.filter((one) => one.includes("/users")).length, 1);
  console.log(`# people ${took} ms`);
  assert.equal(await page.locator("tbody tr").count(), 50);
  await page.getByRole("button", { name: "Load more" }).click();
  await until("the second page", async () => await page.locator("tbody tr").count() === 100);
  await page.getByLabel("Search").fill("zoe.weber");
  await until("what is found", async () => await page.locator("tbody tr").count() < 40);
  assert.ok(took < 4000);
});

test("the log and the statistics are quick", async () => {
  for (const view of ["activity", "activity?calls=1", "activity?tag=plant-3", "statistics", ""]) {
    const took = await timed(() => visit(page, `${at.url}/console/${view}`));
    console.log(`# ${view} ${took} ms`);
    assert.ok(took < 5000, `${view} ${took} ms`);
  }
});

test("the first visit takes few files, and later ones none", async () => {
  // Another browser, which keeps nothing yet.
  const { context: fresh, page: first } = await signIn(at);
  const asked = [];
  first.on("response", (response) => { if (new URL(response.url()).pathname.startsWith("/assets/")) asked.push(response.url()); });
  await visit(first, `${at.url}/console/people`);
  assert.ok(asked.length >= 5 && asked.length <= 11, asked.join("\n"));
  asked.length = 0;
  for (const name of ["Organizations", "Roles", "Activity", "Statistics"]) {
    await first.locator(".side a", { hasText: name }).click();
    await settle(first);
  }
  assert.deepEqual(asked, []);
  await fresh.close();
});
