import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Window } from "happy-dom";
import { act, createElement } from "react";

import { type Rolecall, createClient, memoryStorage } from "../src/index.js";
import { RolecallProvider, useCan, usePermissions, useSession } from "../src/react.js";
import { Stack, credentials } from "./stack.js";

let stack: Stack;
before(async () => {
  stack = await Stack.start();
});
after(() => stack.stop());

function Toolbar() {
  const session = useSession();
  const { can, isLoading, error } = usePermissions("pid.create", "pid.delete");
  const may = useCan("pid.create");
  if (session === null) return createElement("p", null, "sign in");
  if (isLoading) return createElement("p", null, "loading");
  if (error !== null) return createElement("p", null, "away");
  const buttons = ["pid.create", "pid.delete"].filter((code) => can(code));
  return createElement("p", null, `${session.user.username}: ${buttons.join(" ")} ${String(may)}`);
}

async function rendered(client: Rolecall, steps: (text: () => string) => Promise<void>): Promise<void> {
  const window = new Window();
  const { document, navigator } = window;
  for (const [name, value] of Object.entries({ window, document, navigator })) {
    Object.defineProperty(globalThis, name, { value, configurable: true });
  }
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  try {
    const { createRoot } = await import("react-dom/client");
    const element = window.document.createElement("div");
    const root = createRoot(element as never);
    await act(async () => root.render(createElement(RolecallProvider, { client }, createElement(Toolbar))));
    await steps(() => element.textContent ?? "");
    await act(async () => root.unmount());
  } finally {
    for (const name of ["window", "document", "navigator"]) Reflect.deleteProperty(globalThis, name);
    await window.happyDOM.close();
  }
}

async function until(text: () => string, wanted: string): Promise<void> {
  for (let tries = 0; tries < 200 && text() !== wanted; tries += 1) {
    await act(async () => new Promise((resolve) => setTimeout(resolve, 20)));
  }
  assert.equal(text(), wanted);
}

test("a component shows what its user may do, and nothing before it is known", async () => {
  const client = createClient({ baseUrl: stack.url, storage: memoryStorage() });
  await rendered(client, async (text) => {
    assert.equal(text(), "sign in");
    await act(async () => {
      await client.signIn({ ...credentials("ada"), organization: "ACME" });
    });
    await until(text, "ada: pid.create true");
    await stack.call("POST", "/organizations", { code: "OTHER", name: "Other" });
    await stack.call("PUT", `/organizations/OTHER/members/${client.session?.user.id}`, {});
    await act(async () => {
      await client.api.POST("/api/v1/auth/switch-organization", { body: { organization: "OTHER" } });
    });
    await until(text, "ada:  false");
    await act(async () => client.signOut());
    await until(text, "sign in");
    await act(async () => {
      await client.signIn({ ...credentials("bob"), organization: "ACME" });
    });
    await until(text, "bob:  false");
  });
});

test("nothing is allowed where the server is away", async () => {
  const storage = memoryStorage();
  const user = { id: "1", username: "ada" };
  const expiresAt = Date.now() + 3_600_000;
  storage.write({ access: "a.b.c", expiresAt, sessionId: "s", user, generation: "g" });
  await rendered(createClient({ baseUrl: "http://127.0.0.1:9", storage }), (text) => until(text, "away"));
});
