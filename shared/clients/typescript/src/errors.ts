/** Every problem code that this version knows. */
export const PROBLEM_CODES = [
  "above_your_level",
  "account_exists",
  "account_not_active",
  "already_member",
  "body_too_large",
  "built_in",
  "code_taken",
  "email_taken",
  "employee_id_taken",
  "erased",
  "forbidden",
  "idempotency_key_reused",
  "in_use",
  "internal_error",
  "invalid_credentials",
  "invalid_cursor",
  "invalid_token",
  "key_not_allowed",
  "last_administrator",
  "last_super_admin",
  "limit_reached",
  "malformed_json",
  "method_not_allowed",
  "not_deleted",
  "not_found",
  "not_pending",
  "own_last_admin_role",
  "password_change_required",
  "registration_closed",
  "stale",
  "system_role",
  "token_expired",
  "too_many_requests",
  "unauthenticated",
  "unavailable",
  "unsupported_media_type",
  "username_taken",
  "validation_failed",
] as const;

/** What kind of problem it is (RFC 9457); the server may have newer ones. */
export type ProblemCode = (typeof PROBLEM_CODES)[number] | (string & {});

/** A field of a request that is wrong. */
export interface FieldError {
  field: string;
  code: string;
  message: string;
}

/** All errors of this package. No token is in any of them. */
export class RolecallError extends Error {
  override name = "RolecallError";
}

/** What was configured cannot be used. */
export class ConfigurationError extends RolecallError {
  override name = "ConfigurationError";
}

/** The server is away, or did not answer in time: nobody gets in by a guess. */
export class UnavailableError extends RolecallError {
  override name = "UnavailableError";
}

/** Why a token is not valid. */
export type TokenReason =
  | "missing"
  | "invalid"
  | "algorithm"
  | "type"
  | "unknown_key"
  | "issuer"
  | "audience"
  | "expired"
  | "not_yet"
  | "ended";

/** A token that is not valid, or nobody is signed in: 401. */
export class TokenError extends RolecallError {
  override name = "TokenError";

  constructor(readonly reason: TokenReason) {
    super(`the token is not valid: ${reason}`);
  }
}

/** The server refused a request, and says why. */
export class ProblemError extends RolecallError {
  override name = "ProblemError";

  constructor(
    readonly status: number,
    readonly code: ProblemCode,
    readonly detail: string,
    /** For whoever runs the server. */
    readonly requestId: string,
    readonly errors: readonly FieldError[],
    /** Seconds after which it is worth to try again. */
    readonly retryAfter: number | undefined,
  ) {
    super(`${status} ${code}: ${detail} (request ${requestId})`);
  }
}

/** The error that a response is; `body` is what was read of it. */
export function errorOf(response: Response, body: unknown): RolecallError {
  const problem = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const text = (name: string) => (typeof problem[name] === "string" ? problem[name] : "");
  if (response.status >= 500) {
    return new UnavailableError(`it answered ${response.status} (request ${text("instance")})`);
  }
  const code = text("code");
  if (response.status === 401 && (code === "" || code === "unauthenticated")) {
    return new TokenError("ended");
  }
  if (code === "") {
    return new UnavailableError(`it answered ${response.status}`);
  }
  const after = Number(response.headers.get("retry-after") ?? Number.NaN);
  return new ProblemError(
    response.status,
    code,
    text("detail"),
    text("instance"),
    (Array.isArray(problem["errors"]) ? problem["errors"] : []) as FieldError[],
    Number.isFinite(after) ? after : undefined,
  );
}
