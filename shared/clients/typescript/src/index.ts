/**
 * Rolecall in your own front, and in your own Node.js service.
 *
 * @packageDocumentation
 */

import createFetchClient, { type Client as FetchClient, type Middleware } from "openapi-fetch";

import { Checks, type Question } from "./checks.js";
import { ConfigurationError, RolecallError, UnavailableError, errorOf } from "./errors.js";
import type { components, paths } from "./schema.js";
import {
  type Locks,
  type Pair,
  type SessionStorage,
  type StoredSession,
  Tokens,
  defaultLocks,
  localStorageOf,
  memoryStorage,
  signedOut,
} from "./tokens.js";
import { DOCUMENT_VERSION, VERSION, isCompatible } from "./version.js";

export type { Question } from "./checks.js";
export * from "./errors.js";
export type { components, paths } from "./schema.js";
export { type Locks, type SessionStorage, type StoredSession, localStorageOf, memoryStorage } from "./tokens.js";
export { DOCUMENT_VERSION, VERSION } from "./version.js";

/** The schemas of the OpenAPI document by name. */
export type Schemas = components["schemas"];

/** The settings of a client. */
export interface Options {
  /** Where the server is, such as `https://id.example.com`. */
  baseUrl: string;
  /**
   * A token or API key that somebody else takes care of: for a service, or the pages that it makes.
   * Without it the client signs in and keeps the session.
   */
  token?: string | (() => string | null | Promise<string | null>);
  /** Where the session is kept; by default in `localStorage`, or in memory where there is none. */
  storage?: SessionStorage;
  /**
   * On pages of the server's own origin the server can keep the tokens in cookies that scripts do
   * not read, and does so where it knows how to. `never`: not even then.
   */
  cookies?: "auto" | "never";
  /** How old a decision may be, in milliseconds; by default each is of this moment. */
  cacheDecisions?: number;
  /** The longest wait for an answer, in milliseconds; 10,000 by default. */
  timeout?: number;
  /** What sends; by default the platform's own. */
  fetch?: typeof globalThis.fetch;
  /** The locks that all tabs share; by default the browser's. */
  locks?: Locks;
  /** The time in milliseconds since 1970. */
  now?: () => number;
}

/** What somebody signs in with. */
export type Credentials = Schemas["Credentials"];

/** Whoever is signed in. */
export type Session = Omit<StoredSession, "access" | "refresh">;

/** A Rolecall server, as a front or a service sees it. */
export interface Rolecall {
  /** Every route of the API, typed by its OpenAPI document; sends as whoever is signed in. */
  readonly api: FetchClient<paths>;
  /**
   * Signs in. Whatever else of `api` answers a pair of tokens (another organization, a new password)
   * is kept in the same way. Errors: `ProblemError`, `UnavailableError`.
   */
  signIn(credentials: Credentials): Promise<Session>;
  /** Ends the session, here at once, and on the server. */
  signOut(): Promise<void>;
  /** Who is signed in, as far as this browser knows. */
  readonly session: Session | null;
  /** Calls back when somebody signs in or out, in other tabs as well; answers what ends that. */
  subscribe(changed: () => void): () => void;
  /**
   * Whether the caller has a permission. What is asked at the same time is one call.
   * Errors: `TokenError`, `UnavailableError`: show nothing then.
   */
  can(permission: string): Promise<boolean>;
  /** Whether the caller has access to a module. */
  canUse(module: string): Promise<boolean>;
  /** Several questions; the decisions have their order. */
  checks(questions: readonly Question[]): Promise<boolean[]>;
  /** Refuses a server whose OpenAPI document this package does not know. */
  checkDocumentVersion(): Promise<void>;
}

/** Routes of people who are not signed in: nothing is refreshed for them. */
const WITHOUT_A_TOKEN = ["/api/v1/auth/token", "/api/v1/auth/token/refresh", "/api/v1/auth/register"];

/** Makes a client; it sends nothing yet. */
export function createClient(options: Options): Rolecall {
  const baseUrl = checkedUrl(options.baseUrl);
  const send = sender(options.fetch ?? globalThis.fetch, options.timeout ?? 10_000);
  const usesCookies =
    options.cookies !== "never" &&
    options.token === undefined &&
    (globalThis.location as Partial<Location> | undefined)?.origin === new URL(baseUrl).origin;
  const headers: Record<string, string> = {
    ...(usesCookies ? { "Rolecall-Browser": "1" } : {}),
    // A browser names itself, and asks other origins about every header that is not usual.
    ...(typeof globalThis.window === "undefined"
      ? { "User-Agent": `rolecall-typescript/${VERSION}` }
      : {}),
  };
  const post = (path: string, body: unknown) =>
    send(
      new Request(`${baseUrl}${path}`, {
        method: "POST",
        headers: { ...headers, "Content-Type": "application/json" },
        body: JSON.stringify(body),
      }),
    );
  const storage = options.storage ?? (hasLocalStorage() ? localStorageOf(`rolecall:${baseUrl}`) : memoryStorage());
  const tokens = new Tokens(
    storage,
    options.locks ?? defaultLocks(),
    `rolecall-refresh:${baseUrl}`,
    post,
    options.now ?? Date.now,
  );
  const api = createFetchClient<paths>({ baseUrl, headers, fetch: send });
  api.use(options.token === undefined ? ofSession(tokens, send) : ofToken(options.token));
  const checks = new Checks(
    async (questions) => {
      const { data, error, response } = await api.POST("/api/v1/permissions/check", {
        body: { checks: questions } as never,
      });
      if (data === undefined) throw errorOf(response, error);
      return (data as { results: { allowed: boolean }[] }).results.map((one) => one.allowed === true);
    },
    options.cacheDecisions ?? 0,
    options.now ?? Date.now,
  );
  tokens.subscribe(() => checks.forget());
  return {
    api,
    async signIn(credentials) {
      const response = await post("/api/v1/auth/token", credentials);
      const body: unknown = await response.json().catch(() => null);
      if (!response.ok) throw errorOf(response, body);
      return shown(tokens.keep(body as Pair));
    },
    async signOut() {
      const session = tokens.session;
      tokens.forget();
      if (session === null) return;
      const body = session.refresh === undefined ? {} : { refresh: session.refresh };
      const response = await post("/api/v1/auth/token/revoke", body);
      if (!response.ok) throw errorOf(response, await response.json().catch(() => null));
    },
    get session() {
      const session = tokens.session;
      return session === null ? null : shown(session);
    },
    subscribe: (changed) => tokens.subscribe(changed),
    can: (permission) => checks.ask({ permission }),
    canUse: (module) => checks.ask({ module }),
    checks: (questions) => Promise.all(questions.map((one) => checks.ask(one))),
    async checkDocumentVersion() {
      const response = await send(new Request(`${baseUrl}/openapi.json`, { headers }));
      const body = (await response.json().catch(() => null)) as { info?: { version?: string } } | null;
      if (!response.ok) throw errorOf(response, body);
      const version = String(body?.info?.version);
      if (!isCompatible(version)) {
        throw new ConfigurationError(`the server's document has version ${version}, not ${DOCUMENT_VERSION}`);
      }
    },
  };
}

/** Without what is secret. */
function shown({ expiresAt, sessionId, user }: StoredSession): Session {
  return { expiresAt, sessionId, user };
}

/** Sends as whoever is signed in; after a 401 once more, with a newer token. */
function ofSession(tokens: Tokens, send: typeof globalThis.fetch): Middleware {
  const copies = new WeakMap<Request, { copy: Request; session: StoredSession }>();
  return {
    async onRequest({ request, schemaPath }) {
      if (WITHOUT_A_TOKEN.includes(schemaPath)) return undefined;
      const session = await tokens.current();
      if (session === null) return undefined;
      authorize(request, session);
      copies.set(request, { copy: request.clone(), session });
      return request;
    },
    async onResponse({ request, response, schemaPath }) {
      if (response.ok && schemaPath.startsWith("/api/v1/auth/")) {
        // Signing in, another organization, a new password: the tokens of before are dead.
        const body: unknown = await response.clone().json().catch(() => null);
        if (isPair(body)) tokens.keep(body);
        return undefined;
      }
      const sent = copies.get(request);
      if (response.status !== 401 || sent === undefined) return undefined;
      const session = await tokens.refreshed(sent.session);
      if (session === null) return undefined;
      authorize(sent.copy, session);
      return send(sent.copy);
    },
  };
}

function isPair(body: unknown): body is Pair {
  const { expires_in, session_id, user } = (body ?? {}) as Partial<Pair>;
  return typeof expires_in === "number" && typeof session_id === "string" && user !== undefined;
}

function authorize(request: Request, session: StoredSession): void {
  if (session.access !== undefined) request.headers.set("Authorization", `Bearer ${session.access}`);
}

/** Sends with a token that somebody else takes care of. */
function ofToken(token: NonNullable<Options["token"]>): Middleware {
  return {
    async onRequest({ request }) {
      const value = typeof token === "string" ? token : await token();
      if (value === null) throw signedOut();
      request.headers.set("Authorization", `Bearer ${value}`);
      return request;
    },
  };
}

/** Sends within a time, and tells apart what came back and what did not. */
function sender(fetch: typeof globalThis.fetch, timeout: number): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(timeout)]);
    try {
      // A redirect would carry the token to wherever it points.
      return await fetch(new Request(request, { redirect: "error", signal }));
    } catch (error) {
      if (request.signal.aborted || error instanceof RolecallError) throw error;
      throw new UnavailableError("the server does not answer");
    }
  };
}

function checkedUrl(baseUrl: string): string {
  let url: URL;
  try {
    url = new URL(baseUrl);
  } catch {
    throw new ConfigurationError("the URL of a server begins with https://");
  }
  const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLocal)) {
    throw new ConfigurationError("the URL of a server begins with https://");
  }
  if (url.search !== "" || url.hash !== "" || url.username !== "" || url.password !== "") {
    throw new ConfigurationError("the URL has more than a host and a path");
  }
  return baseUrl.replace(/\/+$/, "");
}

function hasLocalStorage(): boolean {
  try {
    return typeof globalThis.window !== "undefined" && globalThis.localStorage !== undefined;
  } catch {
    // A browser that forbids it to this page.
    return false;
  }
}
