// The walkthrough with openapi-fetch, on types of openapi-typescript.
import createClient from "openapi-fetch";
import type { paths } from "./schema.js";
import { equal, isStored, problem, settings, stored } from "./expect.js";

const { url: baseUrl, email, password, name } = settings();
const stranger = createClient<paths>({ baseUrl });

const wrong = await stranger.POST("/api/v1/auth/token", { body: { email, password: "not-the-password-1" } });
problem(wrong.error, 401, "invalid_credentials");
const pair = await stranger.POST("/api/v1/auth/token", { body: { email, password } });
equal(pair.data?.token_type, "Bearer");
equal(pair.data.user.status, "active");
const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${pair.data.access}` } });

// A write that is repeated with its key is done once.
const organization = {
  params: { header: { "Idempotency-Key": `${name}-1` } },
  body: { code: name, name, settings: { theme: "dark" } },
};
const created = await client.POST("/api/v1/organizations", organization);
const again = await client.POST("/api/v1/organizations", organization);
equal(again.data?.code, created.data?.code);
equal(created.data?.settings["theme"], "dark");
const taken = await client.POST("/api/v1/organizations", { body: organization.body });
problem(taken.error, 409, "code_taken");

// The ETag of an answer guards the next write.
const read = await client.GET("/api/v1/organizations/{code}", { params: { path: { code: name } } });
const etag = read.response.headers.get("ETag") ?? "";
const change = (city: string | null, header: { "If-Match"?: string }) =>
  client.PATCH("/api/v1/organizations/{code}", { params: { path: { code: name }, header }, body: { city } });
equal((await change("London", { "If-Match": etag })).data?.city, "London");
problem((await change("Paris", { "If-Match": etag })).error, 412, "stale");
equal((await change(null, {})).data?.city ?? null, null);

const code = `${name.toLowerCase()}.read`;
await client.POST("/api/v1/modules", { body: { code: name, name, order: 3 } });
const permission = await client.POST("/api/v1/permissions", { body: { code, module: name, name, action: "read" } });
equal(permission.data?.action, "read");
const role = await client.POST("/api/v1/roles", { body: { code: name.toLowerCase(), name, level: 5 } });
equal(role.data?.level, 5);
const granted = await client.PUT("/api/v1/roles/{code}/permissions/{permission}", {
  params: { path: { code: name.toLowerCase(), permission: code } },
});
equal(granted.data?.code, code);
const one = await client.POST("/api/v1/permissions/check", { body: { permission: code } });
equal(one.data?.allowed, true);
const many = await client.POST("/api/v1/permissions/check", { body: { checks: [{ permission: code }, { module: "NONE" }] } });
equal(many.data?.results?.map((result) => result.allowed), [true, false]);

const tracked = await client.POST("/api/v1/activities", { body: stored(name) });
const since = new Date(Date.now() - 3_600_000).toISOString();
const found = await client.GET("/api/v1/activities", {
  params: { query: { limit: 10, category: ["data_management", "communication"], success: false, since } },
});
const activity = found.data?.items.find((item) => item.id === tracked.data?.id);
isStored(activity);
const hours = await client.GET("/api/v1/activities", { params: { query: { hours: 24, severity: ["high"] } } });
equal(hours.data?.items.some((item) => item.id === tracked.data?.id), true);

// Every page, by the cursor of the one before.
const codes: string[] = [];
for (let cursor: string | null | undefined; cursor !== null; ) {
  const page = await client.GET("/api/v1/permissions", {
    params: { query: { limit: 5, ...(cursor === undefined ? {} : { cursor }) } },
  });
  if (page.data === undefined) throw new Error("no page");
  codes.push(...page.data.items.map((item) => item.code));
  cursor = page.data.next_cursor;
}
equal([codes.length > 5, codes.includes(code)], [true, true]);

const absent = await client.GET("/api/v1/organizations/{code}", { params: { path: { code: "NOWHERE" } } });
problem(absent.error, 404, "not_found");
const invalid = await client.POST("/api/v1/permissions/check", { body: {} });
problem(invalid.error, 422, "validation_failed");
equal(invalid.error?.errors?.[0]?.field, "permission");
