/**
 * Rolecall in your own front, and in your own Node.js service.
 *
 * @packageDocumentation
 */

import createFetchClient, { type Client as FetchClient } from "openapi-fetch";

import { Checks, type Question } from "./checks.js";
import { ConfigurationError, TokenError, UnavailableError, errorOf } from "./errors.js";
import type { components, paths } from "./schema.js";
import { type Send, jsonOf, sender, userAgent } from "./send.js";
import {
  type Locks,
  type SessionStorage,
  type StoredSession,
  Tokens,
  browserLocks,
  clientLocks,
  isPair,
  localStorageOf,
  memoryStorage,
  sessionSender,
} from "./tokens.js";
import { checkedUrl } from "./url.js";
import { DOCUMENT_VERSION, isCompatible } from "./version.js";

export type { Question } from "./checks.js";
export * from "./errors.js";
export { type Caller, type Verifier, type VerifierOptions, createVerifier } from "./server.js";
export type { components, paths } from "./schema.js";
export {
  type KeyValueStore,
  type Locks,
  type SessionStorage,
  type StoredSession,
  localStorageOf,
  memoryStorage,
} from "./tokens.js";
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
  /** The longest wait for the beginning of an answer, in milliseconds; 10,000 by default. */
  timeout?: number;
  /** What sends; by default the platform's own. */
  fetch?: typeof globalThis.fetch;
  /** The locks that all tabs share; by default the browser's, for what is in `localStorage`. */
  locks?: Locks;
  /** The time in milliseconds since 1970. */
  now?: () => number;
}

/** What somebody signs in with. */
export type Credentials = Schemas["Credentials"];

/** Whoever is signed in. */
export type Session = Omit<StoredSession, "access" | "refresh" | "generation">;

/** A Rolecall server, as a front or a service sees it. */
export interface Rolecall {
  /**
   * Every route of the API, typed by its OpenAPI document; sends as whoever is signed in. A refusal
   * is in `error`; `UnavailableError` is thrown.
   */
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
  /**
   * Calls back when somebody signs in or out or goes to another organization, in other tabs as well;
   * answers what ends that.
   */
  subscribe(changed: () => void): () => void;
  /** Grows with each of these changes. */
  readonly version: number;
  /**
   * Whether the caller has a permission. What is asked at the same time is one call.
   * Errors: `TokenError`, `ProblemError` (such as a password that must be changed first, or too many
   * requests), `UnavailableError`: show nothing then.
   */
  can(permission: string): Promise<boolean>;
  /** Whether the caller has access to a module. */
  canUse(module: string): Promise<boolean>;
  /** Several questions; the decisions have their order. */
  checks(questions: readonly Question[]): Promise<boolean[]>;
  /** Refuses a server whose OpenAPI document this package does not know. */
  checkDocumentVersion(): Promise<void>;
}

/** Makes a client; it sends nothing yet. */
export function createClient(options: Options): Rolecall {
  const baseUrl = checkedUrl(options.baseUrl);
  const timeout = options.timeout ?? 10_000;
  const now = options.now ?? Date.now;
  const send = sender(options.fetch ?? globalThis.fetch, timeout);
  const usesCookies =
    options.cookies !== "never" &&
    options.token === undefined &&
    (globalThis as { location?: { origin?: string } }).location?.origin === new URL(baseUrl).origin;
  const headers = { ...userAgent, ...(usesCookies ? { "Rolecall-Browser": "1" } : {}) };
  const post = (path: string, body: unknown) =>
    send(
      new Request(`${baseUrl}${path}`, {
        method: "POST",
        headers: { ...headers, "Content-Type": "application/json" },
        body: JSON.stringify(body),
      }),
    );
  const isShared = options.storage === undefined && hasLocalStorage();
  const storage = options.storage ?? (isShared ? localStorageOf(`rolecall:${baseUrl}`) : memoryStorage());
  const locks = options.locks ?? (storage.subscribe === undefined ? undefined : browserLocks()) ?? clientLocks();
  const tokens = new Tokens(storage, locks, `rolecall:${baseUrl}`, post, now, timeout);
  const { token } = options;
  const sendAsCaller = token === undefined ? sessionSender(tokens, baseUrl, send) : tokenSender(token, send);
  const api = createFetchClient<paths>({ baseUrl, headers, fetch: sendAsCaller });
  const checks = new Checks(
    async (questions, caller) => {
      const init = token === undefined ? {} : { headers: { Authorization: `Bearer ${caller}` } };
      const { data, error, response } = await api
        .POST("/api/v1/permissions/check", { body: { checks: questions }, ...init } as never)
        .catch(asUnavailable);
      const results = (data as { results?: { allowed?: unknown }[] } | undefined)?.results;
      if (!response.ok) throw errorOf(response, error);
      if (!Array.isArray(results)) throw new UnavailableError("the server's answer cannot be read");
      return results.map((one) => one.allowed === true);
    },
    options.cacheDecisions ?? 0,
    now,
  );
  tokens.subscribe(() => checks.forget());
  const ask = async (question: Question): Promise<boolean> => {
    if (token !== undefined) return checks.ask(question, await valueOf(token));
    const { session } = tokens;
    if (session === null && !usesCookies) throw new TokenError("missing");
    return checks.ask(question, session?.generation ?? "");
  };
  return {
    api,
    async signIn(credentials) {
      return tokens.exclusively(async () => {
        const known = tokens.device === null ? {} : { device: tokens.device };
        const response = await post("/api/v1/auth/token", { ...known, ...credentials });
        const body = await jsonOf(response);
        if (!response.ok) throw errorOf(response, body);
        if (!isPair(body)) throw new UnavailableError("the server's answer cannot be read");
        return shown(tokens.keep(body));
      });
    },
    async signOut() {
      const session = tokens.session;
      tokens.forget();
      // Cookies may be there without a session that scripts know of.
      if (session === null && !usesCookies) return;
      const refresh = session?.refresh;
      const response = await post("/api/v1/auth/token/revoke", refresh === undefined ? {} : { refresh });
      if (!response.ok) throw errorOf(response, await jsonOf(response));
    },
    get session() {
      const session = tokens.session;
      return session === null ? null : shown(session);
    },
    subscribe: (changed) => tokens.subscribe(changed),
    get version() {
      return tokens.version;
    },
    can: (permission) => ask({ permission }),
    canUse: (module) => ask({ module }),
    checks: (questions) => Promise.all(questions.map(ask)),
    async checkDocumentVersion() {
      const response = await send(new Request(`${baseUrl}/openapi.json`, { headers }));
      const body = (await jsonOf(response)) as { info?: { version?: string } } | null;
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

/** Sends with a token that somebody else takes care of. */
function tokenSender(token: NonNullable<Options["token"]>, send: Send): Send {
  return async (request) => {
    if (!request.headers.has("Authorization")) {
      request.headers.set("Authorization", `Bearer ${await valueOf(token)}`);
    }
    return send(request);
  };
}

async function valueOf(token: NonNullable<Options["token"]>): Promise<string> {
  const value = typeof token === "string" ? token : await token();
  if (value === null || value === "") throw new TokenError("missing");
  return value;
}

/** What a body that cannot be read comes to. */
function asUnavailable(error: unknown): never {
  if (error instanceof SyntaxError) throw new UnavailableError("the server's answer cannot be read");
  throw error;
}

function hasLocalStorage(): boolean {
  try {
    const { window, localStorage } = globalThis as { window?: unknown; localStorage?: unknown };
    return window !== undefined && localStorage !== undefined;
  } catch {
    // A browser that forbids it to this page.
    return false;
  }
}
