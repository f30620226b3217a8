import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inspect } from "node:util";

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

test("a server that is away is no reason to let anybody in", async () => {
  const verify = createVerifier({ baseUrl: "http://127.0.0.1:9" });
  for (const options of [{}, { issuer: stack.url }]) {
    const away = createVerifier({ baseUrl: "http://127.0.0.1:9", ...options });
    await assert.rejects(away(access), UnavailableError);
  }
  await assert.rejects(verify(access), UnavailableError);
});
