import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inspect } from "node:util";

import {
  type Locks,
  PROBLEM_CODES,
  ProblemError,
  type StoredSession,
  TokenError,
  UnavailableError,
  createClient,
  memoryStorage,
} from "../src/index.js";
import { clientLocks } from "../src/tokens.js";
import { VERSION, isCompatible } from "../src/version.js";
import { Stack, credentials } from "./stack.js";

let stack: Stack;
before(async () => {
  stack = await Stack.start();
});
after(() => stack.stop());

const client = (more: object = {}) => createClient({ baseUrl: stack.url, storage: memoryStorage(), ...more });

test("whoever signs in is told what they may do", async () => {
  const ada = client();
  assert.equal(ada.session, null);
  const session = await ada.signIn({ ...credentials("ada"), organization: "ACME" });
  assert.equal(session.user.username, "ada");
  assert.deepEqual(ada.session, session);
  assert.ok(!inspect(ada.session).includes("eyJ"));
  assert.deepEqual(
    await Promise.all([ada.can("pid.create"), ada.can("no.such"), ada.canUse("PID"), ada.canUse("NO")]),
    [true, false, true, false],
  );
  const { data } = await ada.api.GET("/api/v1/me");
  assert.equal(data?.username, "ada");
  await ada.checkDocumentVersion();
  const bob = client();
  await bob.signIn({ ...credentials("bob"), organization: "ACME" });
  assert.equal(await bob.can("pid.create"), false);
});

test("what is asked at the same time is one call", async () => {
  let calls = 0;
  const fetch: typeof globalThis.fetch = (input) => {
    calls += 1;
    assert.equal((input as Request).headers.get("user-agent"), `rolecall-typescript/${VERSION}`);
    return globalThis.fetch(input);
  };
  const ada = client({ fetch });
  await ada.signIn({ ...credentials("ada"), organization: "ACME" });
  calls = 0;
  const asked = Array.from({ length: 150 }, (_, number) => (number % 2 ? "pid.create" : `no.such${number}`));
  const allowed = await Promise.all(asked.map((code) => ada.can(code)));
  assert.deepEqual(allowed, asked.map((code) => code === "pid.create"));
  assert.equal(calls, 2);
});

test("a decision is of this moment, unless it is to be kept", async () => {
  const options = { ...credentials("ada"), organization: "ACME" };
  const [fresh, kept] = [client(), client({ cacheDecisions: 3_600_000 })];
  const session = await fresh.signIn(options);
  await kept.signIn(options);
  assert.deepEqual([await fresh.can("pid.create"), await kept.can("pid.create")], [true, true]);
  const role = `/organizations/ACME/members/${session.user.id}/roles/drafter`;
  await stack.call("DELETE", role);
  assert.deepEqual([await fresh.can("pid.create"), await kept.can("pid.create")], [false, true]);
  await stack.call("PUT", role, {});
  await kept.signOut();
  await assert.rejects(kept.can("pid.create"), TokenError);
});

test("signing out ends the session on the server, too", async () => {
  const storage = memoryStorage();
  const ada = client({ storage });
  await ada.signIn(credentials("ada"));
  const { access } = storage.read() as StoredSession;
  let told = 0;
  ada.subscribe(() => {
    told += 1;
  });
  await ada.signOut();
  assert.deepEqual([ada.session, told], [null, 1]);
  await assert.rejects(createClient({ baseUrl: stack.url, token: access as string }).can("x"), TokenError);
});

/** Until it is opened, the refresh waits. */
function held(): { fetch: typeof globalThis.fetch; open: () => void; refreshes: () => number } {
  let [open, refreshes] = [() => {}, 0];
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {
    open: () => open(),
    refreshes: () => refreshes,
    fetch: async (input) => {
      const request = input as Request;
      if (!request.url.endsWith("/refresh")) return globalThis.fetch(request);
      refreshes += 1;
      const response = await globalThis.fetch(request);
      await gate;
      return response;
    },
  };
}

test("of ten tabs one refreshes, and the others take what it got", async () => {
  const [storage, locks] = [memoryStorage(), clientLocks()];
  let [refreshes, now] = [0, Date.now()];
  const fetch: typeof globalThis.fetch = (input) => {
    if ((input as Request).url.endsWith("/refresh")) refreshes += 1;
    return globalThis.fetch(input);
  };
  const tabs = Array.from({ length: 10 }, () => client({ storage, locks, fetch, now: () => now }));
  await tabs[0]?.signIn({ ...credentials("ada"), organization: "ACME" });
  const before = storage.read();
  now += 3_590_000;
  const allowed = await Promise.all(tabs.map((tab) => tab.can("pid.create")));
  assert.deepEqual(new Set(allowed), new Set([true]));
  assert.equal(refreshes, 1);
  assert.notEqual(storage.read()?.refresh, before?.refresh);
  assert.equal(storage.read()?.sessionId, before?.sessionId);
});

test("who signs out during a refresh stays signed out, and whoever signs in then is themselves", async () => {
  for (const next of [null, "bob"] as const) {
    const [storage, gate] = [memoryStorage(), held()];
    let now = Date.now();
    const tab = client({ storage, fetch: gate.fetch, now: () => now, locks: { request: (_n: string, _o: object, work: () => unknown) => work() } });
    await tab.signIn({ ...credentials("ada"), organization: "ACME" });
    now += 3_590_000;
    const asked = tab.can("pid.create").then(
      () => "answered",
      () => "refused",
    );
    while (gate.refreshes() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await tab.signOut();
    if (next !== null) await tab.signIn({ ...credentials(next), organization: "ACME" });
    gate.open();
    await asked;
    assert.equal(tab.session?.user.username ?? null, next);
  }
});

test("what was begun as somebody is not sent again as another", async () => {
  const storage = memoryStorage();
  const sent: string[] = [];
  const fetch: typeof globalThis.fetch = async (input) => {
    const request = input as Request;
    if (request.method === "PATCH") {
      sent.push(request.headers.get("authorization") ?? "");
      // Meanwhile another tab signs out, and somebody else in.
      const other = client({ storage });
      await other.signOut();
      await other.signIn({ ...credentials("bob"), organization: "ACME" });
    }
    return globalThis.fetch(request);
  };
  const ada = client({ storage, fetch });
  await ada.signIn({ ...credentials("ada"), organization: "ACME" });
  const { response } = await ada.api.PATCH("/api/v1/me", { body: { bio: "of Ada" } as never });
  assert.deepEqual([response.status, sent.length], [401, 1]);
  assert.equal(ada.session?.user.username, "bob");
});

test("callers of one client are told what is theirs", async () => {
  const tokens = await Promise.all(
    ["ada", "bob"].map(async (name) => {
      const storage = memoryStorage();
      await client({ storage }).signIn({ ...credentials(name), organization: "ACME" });
      return storage.read()?.access ?? "";
    }),
  );
  let next = 0;
  const token = () => tokens[next++ % 2] ?? null;
  const service = createClient({ baseUrl: stack.url, token, cacheDecisions: 60_000 });
  const asked = Array.from({ length: 6 }, () => service.can("pid.create"));
  assert.deepEqual(await Promise.all(asked), [true, false, true, false, true, false]);
});

test("a refresh whose answer is lost is asked for again, and a tab that hangs holds nobody up", async () => {
  const storage = memoryStorage();
  let [lost, now] = [2, Date.now()];
  const fetch: typeof globalThis.fetch = async (input) => {
    const response = await globalThis.fetch(input);
    if ((input as Request).url.endsWith("/refresh") && lost-- > 0) throw new TypeError("network");
    return response;
  };
  const ada = client({ storage, fetch, now: () => now });
  await ada.signIn({ ...credentials("ada"), organization: "ACME" });
  now += 3_590_000;
  assert.equal(await ada.can("pid.create"), true);
  const locks: Locks = {
    request: (_name, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      }),
  };
  const waiting = client({ storage, locks, timeout: 50, now: () => now });
  storage.write({ ...(storage.read() as StoredSession), expiresAt: now - 1 });
  await assert.rejects(waiting.can("pid.create"), UnavailableError);
});

test("what is no answer of the server is an error of its kind", async () => {
  const html: typeof globalThis.fetch = async () => new Response("<html>", { status: 200 });
  await assert.rejects(client({ fetch: html }).signIn(credentials("ada")), UnavailableError);
  const service = createClient({ baseUrl: stack.url, token: stack.key, fetch: html });
  await assert.rejects(service.can("pid.create"), UnavailableError);
});

test("a wrong password is one guess, and this browser is known again", async () => {
  const storage = memoryStorage();
  const bodies: unknown[] = [];
  const fetch: typeof globalThis.fetch = async (input) => {
    const request = input as Request;
    if (request.url.endsWith("/auth/token")) bodies.push(await request.clone().json());
    return globalThis.fetch(request);
  };
  const ada = client({ storage, fetch });
  await ada.signIn(credentials("ada"));
  const device = storage.readDevice?.();
  assert.ok(device);
  const { response } = await ada.api.POST("/api/v1/auth/password-change", {
    body: { current_password: "wrong-anchor-mosaic", new_password: "copper-meadow-lantern-58" } as never,
  });
  assert.ok([401, 422].includes(response.status), String(response.status));
  await ada.signOut();
  await ada.signIn(credentials("ada"));
  assert.equal((bodies.at(-1) as { device?: string }).device, device);
});

test("a token that the server refuses is refreshed once, with the request sent again", async () => {
  const storage = memoryStorage();
  const ada = client({ storage });
  await ada.signIn({ ...credentials("ada"), organization: "ACME" });
  storage.write({ ...(storage.read() as StoredSession), access: "a.b.c", expiresAt: Date.now() + 60_000 });
  const { data } = await ada.api.PATCH("/api/v1/me", { body: { bio: "Draws." } as never });
  assert.equal(data?.bio, "Draws.");
  // A session that has ended ends here as well.
  const pair = storage.read() as StoredSession;
  await createClient({ baseUrl: stack.url, token: pair.access as string }).api.DELETE("/api/v1/user-sessions", {
    params: { query: { scope: "all" } },
  } as never);
  await assert.rejects(ada.can("pid.create"), TokenError);
  assert.equal(ada.session, null);
});

test("who goes to another organization stays signed in there", async () => {
  const ada = client();
  const { user } = await ada.signIn({ ...credentials("ada"), organization: "ACME" });
  await stack.call("POST", "/organizations", { code: "OTHER", name: "Other" });
  await stack.call("PUT", `/organizations/OTHER/members/${user.id}`, {});
  const body = { organization: "OTHER" };
  const { response } = await ada.api.POST("/api/v1/auth/switch-organization", { body });
  assert.equal(response.status, 200);
  assert.equal(await ada.can("pid.create"), false);
});

test("what is wrong has a typed error, and no error has a secret", async () => {
  const nobody = client();
  await assert.rejects(nobody.signIn({ email: "ada@example.com", password: "wrong-anchor-mosaic" }), (error) => {
    assert.ok(error instanceof ProblemError);
    assert.equal(error.code, "invalid_credentials");
    assert.ok(error.requestId !== "" && !inspect(error).includes("wrong-anchor"));
    return true;
  });
  await assert.rejects(nobody.can("pid.create"), TokenError);
  const away = createClient({ baseUrl: "http://127.0.0.1:9", token: stack.key });
  await assert.rejects(away.can("pid.create"), (error) => {
    assert.ok(error instanceof UnavailableError);
    assert.ok(!inspect(error).includes(stack.key));
    return true;
  });
  for (const baseUrl of ["", "id.example.com", "http://id.example.com", "https://a:b@id.example.com"]) {
    assert.throws(() => createClient({ baseUrl }), { name: "ConfigurationError" });
  }
});

test("a service asks with a caller's token or its own key", async () => {
  const service = createClient({ baseUrl: stack.url, token: () => stack.key });
  assert.equal(await service.can("pid.create"), true);
  const none = createClient({ baseUrl: stack.url, token: () => null });
  await assert.rejects(none.can("pid.create"), TokenError);
});

test("on the server's own origin the tokens are in cookies, where it knows how", async () => {
  const asked: { url: string; browser: string | null; authorization: string | null; body: string }[] = [];
  let refused = 1;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const path = new URL(request.url).pathname;
    asked.push({
      url: path,
      browser: request.headers.get("rolecall-browser"),
      authorization: request.headers.get("authorization"),
      body: await request.text(),
    });
    if (path.endsWith("/permissions/check")) {
      if (refused-- > 0) return Response.json({ code: "unauthenticated" }, { status: 401 });
      return Response.json({ results: [{ allowed: true }] });
    }
    if (path.endsWith("/revoke")) return new Response(null, { status: 204 });
    const user = { id: "1", username: "ada" };
    return Response.json({ expires_in: 3600, session_id: "s", user });
  };
  Object.assign(globalThis, { location: { origin: stack.url } });
  try {
    const ada = client({ fetch });
    await ada.signIn(credentials("ada"));
    assert.equal(await ada.can("pid.create"), true);
    await ada.signOut();
  } finally {
    Reflect.deleteProperty(globalThis, "location");
  }
  assert.deepEqual(
    asked.map((one) => one.url.replace("/api/v1", "")),
    ["/auth/token", "/permissions/check", "/auth/token/refresh", "/permissions/check", "/auth/token/revoke"],
  );
  assert.ok(asked.every((one) => one.browser === "1" && one.authorization === null));
  assert.deepEqual([asked[2]?.body, asked[4]?.body], ["{}", "{}"]);
});

test("the document has the problem codes that the types have", async () => {
  const document = await (await fetch(`${stack.url}/openapi.json`)).text();
  const codes = [...document.matchAll(/urn:problem-type:rolecall:(\w+)/g)].map((found) => found[1]);
  // No operation has a method that it does not have.
  assert.deepEqual([...new Set([...codes, "method_not_allowed"])].sort(), [...PROBLEM_CODES].sort());
  for (const [version, isGood] of [["0.1.7", true], ["0.2.0", false], ["1.1.0", false], ["0.1", false]] as const) {
    assert.equal(isCompatible(version), isGood, version);
  }
});
