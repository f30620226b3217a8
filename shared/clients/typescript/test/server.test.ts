import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inspect } from "node:util";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

import { createClient, memoryStorage } from "../src/index.js";
import { TokenError, UnavailableError, createVerifier } from "../src/server.js";
import { Stack, credentials } from "./stack.js";

let stack: Stack;
let [access, refresh, userId] = ["", "", ""];
before(async () => {
  stack = await Stack.start();
  const storage = memoryStorage();
  const ada = createClient({ baseUrl: stack.url, storage });
  userId = (await ada.signIn({ ...credentials("ada"), organization: "ACME" })).user.id;
  access = storage.read()?.access ?? "";
  refresh = storage.read()?.refresh ?? "";
});
after(() => stack.stop());

test("a token says who calls and where", async () => {
  const caller = await createVerifier({ baseUrl: stack.url })(access);
  assert.deepEqual([caller.userId, caller.organization], [userId, "ACME"]);
  assert.ok(caller.expiresAt > Date.now() / 1000);
});

test("what is no access token of this server for this service is refused", async () => {
  const [head, claims, signature] = access.split(".") as [string, string, string];
  const [, others] = stack.root.split(".") as [string, string, string];
  const none = "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0";
  const verify = createVerifier({ baseUrl: stack.url });
  const wrong = ["", "a.b.c", refresh, stack.key, `${head}.${claims}.`, `${head}.${others}.${signature}`];
  for (const token of [...wrong, `${none}.${claims}.`]) {
    await assert.rejects(verify(token), (error) => {
      assert.ok(error instanceof TokenError, inspect(error));
      assert.ok(token === "" || !inspect(error).includes(token));
      return true;
    });
  }
  for (const [options, reason] of [
    [{ issuer: "https://other.example.com" }, "issuer"],
    [{ audience: "other" }, "audience"],
    [{ tokenType: "JWT" }, "type"],
    [{ now: () => new Date(Date.now() + 7_200_000) }, "expired"],
    [{ now: () => new Date(Date.now() - 7_200_000) }, "not_yet"],
  ] as const) {
    await assert.rejects(createVerifier({ baseUrl: stack.url, ...options })(access), { reason });
  }
});

test("a server that is away is no reason to let anybody in, nor to ask it all the time", async () => {
  let [now, asked, isAway] = [Date.now(), 0, false];
  const fetch: typeof globalThis.fetch = (input) => {
    asked += 1;
    return isAway ? Promise.reject(new TypeError("away")) : globalThis.fetch(input);
  };
  const verify = createVerifier({ baseUrl: stack.url, fetch, now: () => new Date(now), clockTolerance: 90_000 });
  isAway = true;
  for (let tries = 0; tries < 5; tries += 1) await assert.rejects(verify(access), UnavailableError);
  assert.equal(asked, 1);
  [isAway, now] = [false, now + 1000];
  await verify(access);
  assert.equal(asked, 3);
  // An unknown `kid` has the keys read once a minute.
  const [, claims, signature] = access.split(".") as [string, string, string];
  const head = Buffer.from(JSON.stringify({ alg: "RS256", typ: "at+jwt", kid: "x" })).toString("base64url");
  const unknown = `${head}.${claims}.${signature}`;
  for (let second = 1; second < 60; second += 1) {
    now += 1000;
    await assert.rejects(verify(unknown), { reason: "unknown_key" });
  }
  assert.equal(asked, 3);
  now += 1000;
  await assert.rejects(verify(unknown), { reason: "unknown_key" });
  assert.equal(asked, 5);
  // Known ones are used for a day.
  isAway = true;
  now += 3_600_000;
  for (let tries = 0; tries < 5; tries += 1) await verify(access);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(asked, 6);
  now += 24 * 3_600_000;
  await assert.rejects(verify(access), UnavailableError);
});

test("a verifier of an insecure URL is none", () => {
  for (const baseUrl of ["http://id.example.com", "ftp://x", "", "https://a:b@x"]) {
    assert.throws(() => createVerifier({ baseUrl }), { name: "ConfigurationError" });
  }
});

/** A program of the README, with this stack and these modules. */
function program(heading: string, port: number): string {
  const readme = readFileSync("README.md", "utf8");
  const code = readme.split(`## ${heading}\n`)[1]?.split("```ts\n")[1]?.split("```")[0] ?? "";
  return code
    .replaceAll("https://id.example.com", stack.url)
    .replaceAll('"@rolecall/client/server"', JSON.stringify(import.meta.resolve("../src/server.js")))
    .replaceAll('"@rolecall/client"', JSON.stringify(import.meta.resolve("../src/index.js")))
    .replaceAll("4000", String(port));
}

async function run(code: string): Promise<ChildProcess & { said: () => string }> {
  let said = "";
  const process_ = spawn(process.execPath, ["--input-type=module", "--eval", code]);
  for (const stream of [process_.stdout, process_.stderr]) stream?.on("data", (data) => (said += data));
  return Object.assign(process_, { said: () => said });
}

test("the service of the README runs", async () => {
  const free = createServer().listen(0);
  const { port } = free.address() as { port: number };
  free.close();
  const service = await run(program("In a service", port));
  try {
    const ask = (token: string) =>
      fetch(`http://127.0.0.1:${port}/`, { headers: { Authorization: `Bearer ${token}` } });
    let response: Response | undefined;
    for (let tries = 0; tries < 200 && response === undefined; tries += 1) {
      response = await ask(access).catch(() => undefined);
      if (response === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.deepEqual([response?.status, await response?.text()], [200, userId], service.said());
    assert.equal((await ask("a.b.c")).status, 401);
    assert.equal((await ask(stack.root)).status, 200);
  } finally {
    service.kill();
  }
});

test("the front of the README runs", async () => {
  const front = await run(program("In a front", 0));
  const [code] = await once(front, "exit");
  assert.equal(code, 0, front.said());
  assert.match(front.said(), /signed out/);
});
