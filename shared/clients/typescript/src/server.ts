/**
 * For services: whose access token is it?
 *
 * @packageDocumentation
 */

import { type JWTPayload, type RemoteJWKSetOptions, createRemoteJWKSet, errors, jwtVerify } from "jose";

import { ConfigurationError, RolecallError, TokenError, type TokenReason, UnavailableError } from "./errors.js";
import { VERSION } from "./version.js";

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

/** An unknown `kid` has them read again at most this often: tokens come from anybody. */
const READ_AGAIN_AFTER = 60_000;

/**
 * Makes a verifier: signature, algorithm, type, issuer, audience and times, offline, with the public
 * keys of the server. A session that was ended is accepted until its token expires, an hour at most:
 * `createClient({ baseUrl, token }).can(…)` sees that at once.
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const baseUrl = options.baseUrl.replace(/\/+$/, "");
  const settings: RemoteJWKSetOptions = {
    cooldownDuration: READ_AGAIN_AFTER,
    cacheMaxAge: FRESH_FOR,
    timeoutDuration: 5000,
    headers: { "User-Agent": `rolecall-typescript/${VERSION}` },
  };
  let url: URL;
  try {
    url = new URL(`${baseUrl}/.well-known/jwks.json`);
  } catch {
    throw new ConfigurationError("the URL of a server begins with https://");
  }
  const keys = createRemoteJWKSet(url, settings);
  let discovered: Promise<string> | undefined;
  const issuer = async (): Promise<string> => {
    if (options.issuer !== undefined) return options.issuer;
    discovered ??= discover(baseUrl);
    try {
      return await discovered;
    } catch (error) {
      discovered = undefined;
      throw error;
    }
  };
  const clockTolerance = options.clockTolerance ?? 5;
  return async (token) => {
    const currentDate = options.now?.() ?? new Date();
    try {
      const { payload } = await jwtVerify(token, keys, {
        // One that a key of this kind does not sign with is refused by `keys`.
        algorithms: ["RS256", "EdDSA"],
        typ: options.tokenType ?? "at+jwt",
        issuer: await issuer(),
        audience: options.audience ?? "rolecall",
        clockTolerance,
        currentDate,
        requiredClaims: ["sub", "sid", "exp", "iat"],
      });
      return callerOf(payload, currentDate.getTime() / 1000 + clockTolerance);
    } catch (error) {
      throw errorFor(error);
    }
  };
}

async function discover(baseUrl: string): Promise<string> {
  const response = await fetch(`${baseUrl}/.well-known/openid-configuration`, {
    redirect: "error",
    signal: AbortSignal.timeout(5000),
    headers: { "User-Agent": `rolecall-typescript/${VERSION}` },
  });
  const metadata = (await response.json()) as { issuer?: unknown };
  if (!response.ok || typeof metadata.issuer !== "string") throw new Error("no issuer");
  return metadata.issuer;
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
  const isAway =
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid ||
    !(error instanceof errors.JOSEError) ||
    error.code === "ERR_JOSE_GENERIC";
  return isAway ? new UnavailableError("the public keys cannot be read") : new TokenError("invalid");
}
