/**
 * For services: whose access token is it?
 *
 * @packageDocumentation
 */

import { type JSONWebKeySet, type JWTPayload, createLocalJWKSet, errors, jwtVerify } from "jose";

import { RolecallError, TokenError, type TokenReason, UnavailableError, errorOf } from "./errors.js";
import { type Send, jsonOf, sender, userAgent } from "./send.js";
import { checkedUrl } from "./url.js";

export * from "./errors.js";

/** What a token must have. */
export interface VerifierOptions {
  /** Where the server is. */
  baseUrl: string;
  /** The `iss`; by default that of the server's discovery document. */
  issuer?: string;
  /** The `aud`; `rolecall` by default. */
  audience?: string;
  /** The `typ`; `at+jwt` by default (RFC 9068 §4). */
  tokenType?: string;
  /** Seconds by which clocks may differ; 5 by default. */
  clockTolerance?: number;
  /** What reads the public keys; by default the platform's own. */
  fetch?: typeof globalThis.fetch;
  /** The time; by default the clock's. */
  now?: () => Date;
}

/** Who calls, as the access token says. */
export interface Caller {
  userId: string;
  /** The code of the organization in which they act. */
  organization: string | null;
  sessionId: string;
  /** In seconds since 1970. */
  expiresAt: number;
}

/** Tells whose access token it is. Errors: `TokenError`, `UnavailableError`. */
export type Verifier = (token: string) => Promise<Caller>;

/** Public keys are read again after this, so that one which is published no more is dropped. */
const FRESH_FOR = 600_000;

/** Older ones are not used: a server that was away for so long may have replaced them. */
const GOOD_FOR = 24 * 3_600_000;

/** An unknown `kid` has them read again at most this often: tokens come from anybody. */
const READ_AGAIN_AFTER = 60_000;

/** Without any keys the server is asked again this long after a failure. */
const PAUSE_AFTER_FAILURE = 1000;

interface Published {
  issuer: string;
  keys: ReturnType<typeof createLocalJWKSet>;
  at: number;
}

/** The server's public keys, as they were read last. */
class Keys {
  #published: Published | null = null;
  #reading: Promise<Published> | null = null;
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly baseUrl: string,
    private readonly send: Send,
    private readonly now: () => number,
  ) {}

  /** Known ones, also where the server is away. */
  async current(): Promise<Published> {
    const published = this.#published;
    const age = published === null ? Number.POSITIVE_INFINITY : this.now() - published.at;
    if (published === null || age >= GOOD_FOR) return this.#read(PAUSE_AFTER_FAILURE);
    if (age < FRESH_FOR) return published;
    const read = this.#read(READ_AGAIN_AFTER).catch(() => published);
    // After a long rest they are read before they are used.
    return age < 2 * FRESH_FOR ? published : read;
  }

  /** Newer ones than those that lack a key; `null` where they were read a moment ago. */
  async newer(than: Published): Promise<Published | null> {
    const published = this.#published;
    if (published !== null && published !== than) return published;
    if (this.now() - than.at < READ_AGAIN_AFTER) return null;
    return this.#read(READ_AGAIN_AFTER);
  }

  async #read(pause: number): Promise<Published> {
    if (this.#reading !== null) return this.#reading;
    if (this.now() - this.#failedAt < pause) throw new UnavailableError("the public keys cannot be read");
    this.#reading = this.#discovered();
    try {
      this.#published = await this.#reading;
      return this.#published;
    } catch {
      this.#failedAt = this.now();
      throw new UnavailableError("the public keys cannot be read");
    } finally {
      this.#reading = null;
    }
  }

  async #discovered(): Promise<Published> {
    const at = this.now();
    const metadata = await this.#get("/.well-known/openid-configuration");
    const { issuer, jwks_uri } = metadata as { issuer?: unknown; jwks_uri?: unknown };
    if (typeof issuer !== "string") throw new UnavailableError("the discovery document has no issuer");
    // Behind a proxy or in a test the server may know itself by another name.
    const named = typeof jwks_uri === "string" && jwks_uri.startsWith(`${this.baseUrl}/`);
    const path = named ? jwks_uri.slice(this.baseUrl.length) : "/.well-known/jwks.json";
    const jwks = (await this.#get(path)) as JSONWebKeySet;
    return { issuer, keys: createLocalJWKSet(jwks), at };
  }

  async #get(path: string): Promise<object> {
    const request = new Request(`${this.baseUrl}${path}`, { headers: userAgent });
    const response = await this.send(request);
    const body = await jsonOf(response);
    if (!response.ok || typeof body !== "object" || body === null) throw errorOf(response, body);
    return body;
  }
}

/**
 * Makes a verifier: signature, algorithm, type, issuer, audience and times, offline, with the public
 * keys of the server. A session that was ended is accepted until its token expires, an hour at most:
 * `createClient({ baseUrl, token }).can(…)` sees that at once.
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const now = options.now ?? (() => new Date());
  const send = sender(options.fetch ?? globalThis.fetch, 5000);
  const keys = new Keys(checkedUrl(options.baseUrl), send, () => now().getTime());
  const clockTolerance = options.clockTolerance ?? 5;
  const verified = async (token: string, published: Published): Promise<Caller> => {
    const currentDate = now();
    const { payload } = await jwtVerify(token, published.keys, {
      // A key says what it signs with, and `keys` refuses a token that says otherwise.
      algorithms: ["RS256", "EdDSA"],
      typ: options.tokenType ?? "at+jwt",
      issuer: options.issuer ?? published.issuer,
      audience: options.audience ?? "rolecall",
      clockTolerance,
      currentDate,
      requiredClaims: ["sub", "sid", "exp", "iat"],
    });
    return callerOf(payload, currentDate.getTime() / 1000 + clockTolerance);
  };
  return async (token) => {
    try {
      const published = await keys.current();
      try {
        return await verified(token, published);
      } catch (error) {
        const newer = error instanceof errors.JWKSNoMatchingKey ? await keys.newer(published) : null;
        if (newer === null) throw error;
        return await verified(token, newer);
      }
    } catch (error) {
      throw errorFor(error);
    }
  };
}

function callerOf(payload: JWTPayload, latest: number): Caller {
  const { sub, sid, org, exp, iat } = payload;
  const isGood = typeof sub === "string" && typeof sid === "string" && typeof exp === "number";
  if (!isGood || typeof iat !== "number") throw new TokenError("invalid");
  // Which jose does not compare.
  if (iat > latest) throw new TokenError("not_yet");
  if (org !== undefined && org !== null && typeof org !== "string") throw new TokenError("invalid");
  return { userId: sub, organization: org ?? null, sessionId: sid, expiresAt: exp };
}

/** The claims that jose names, and what is wrong then. */
const REASONS: Readonly<Record<string, TokenReason>> = {
  typ: "type",
  iss: "issuer",
  aud: "audience",
  nbf: "not_yet",
};

/** Without what jose quotes of a token. */
function errorFor(error: unknown): RolecallError {
  if (error instanceof RolecallError) return error;
  if (error instanceof errors.JWTExpired) return new TokenError("expired");
  if (error instanceof errors.JWTClaimValidationFailed) {
    return new TokenError(REASONS[error.claim] ?? "invalid");
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return new TokenError("algorithm");
  if (error instanceof errors.JWKSNoMatchingKey) return new TokenError("unknown_key");
  return new TokenError("invalid");
}
