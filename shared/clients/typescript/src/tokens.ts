import { RolecallError, TokenError, UnavailableError, errorOf } from "./errors.js";

/** What signing in leaves in this browser. */
export interface StoredSession {
  /** Without it the tokens are in cookies that scripts cannot read. */
  access?: string;
  refresh?: string;
  /** When the access token expires, in milliseconds since 1970. */
  expiresAt: number;
  sessionId: string;
  user: { id: string; username: string };
}

/** Where the session is kept. All tabs of a browser are to see the same. */
export interface SessionStorage {
  read(): StoredSession | null;
  write(session: StoredSession | null): void;
  /** Tells of changes by other tabs; answers what ends that. */
  subscribe?(changed: () => void): () => void;
}

/** For one page, or one process: a reload signs out. */
export function memoryStorage(): SessionStorage {
  let kept: StoredSession | null = null;
  return {
    read: () => kept,
    write: (session) => {
      kept = session;
    },
  };
}

/** For all tabs of an origin. Scripts of the origin can read it. */
export function localStorageOf(key = "rolecall", storage: Storage = localStorage): SessionStorage {
  return {
    read: () => {
      try {
        return JSON.parse(storage.getItem(key) ?? "null") as StoredSession | null;
      } catch {
        return null;
      }
    },
    write: (session) => {
      if (session === null) storage.removeItem(key);
      else storage.setItem(key, JSON.stringify(session));
    },
    subscribe: (changed) => {
      const listener = (event: StorageEvent) => {
        if (event.key === key || event.key === null) changed();
      };
      addEventListener("storage", listener);
      return () => removeEventListener("storage", listener);
    },
  };
}

/** The part of the Web Locks API that is needed. */
export interface Locks {
  request<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** Where there are no Web Locks: one after the other in this process. */
function processLocks(): Locks {
  const tails = new Map<string, Promise<unknown>>();
  return {
    request<T>(name: string, work: () => Promise<T>): Promise<T> {
      const done = (tails.get(name) ?? Promise.resolve()).then(work, work);
      tails.set(
        name,
        done.catch(() => undefined),
      );
      return done;
    },
  };
}

const shared = processLocks();

/** The browser's locks, which all tabs of an origin share, or those of this process. */
export function defaultLocks(): Locks {
  const locks = (globalThis.navigator as Partial<Navigator> | undefined)?.locks;
  if (locks === undefined) return shared;
  return { request: (name, work) => locks.request(name, work) as ReturnType<typeof work> };
}

/** An access token that ends within this is refreshed before it is used, in milliseconds. */
const EARLY = 30_000;

/** What the server answers to a sign-in and a refresh. */
export interface Pair {
  access?: string;
  refresh?: string;
  expires_in: number;
  session_id: string;
  user: { id: string; username: string };
}

/** A sender of requests without a token of this class. */
export type Send = (path: string, body: unknown) => Promise<Response>;

/** The tokens of whoever is signed in, refreshed by one tab at a time. */
export class Tokens {
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly storage: SessionStorage,
    private readonly locks: Locks,
    private readonly lock: string,
    private readonly send: Send,
    private readonly now: () => number,
  ) {
    storage.subscribe?.(() => this.#tell());
  }

  get session(): StoredSession | null {
    return this.storage.read();
  }

  subscribe(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  keep(pair: Pair): StoredSession {
    const session: StoredSession = {
      ...(pair.access === undefined ? {} : { access: pair.access }),
      ...(pair.refresh === undefined ? {} : { refresh: pair.refresh }),
      expiresAt: this.now() + pair.expires_in * 1000,
      sessionId: pair.session_id,
      user: { id: pair.user.id, username: pair.user.username },
    };
    this.storage.write(session);
    this.#tell();
    return session;
  }

  forget(): void {
    this.storage.write(null);
    this.#tell();
  }

  /** A session whose access token is good for a while; `null` if nobody is signed in. */
  async current(): Promise<StoredSession | null> {
    const session = this.session;
    if (session === null || session.expiresAt - this.now() > EARLY) return session;
    return this.refreshed(session);
  }

  /**
   * A newer session than this one, which was refused or is about to end. Whoever gets the lock
   * second finds what the first one got. `null`: it has ended.
   */
  refreshed(old: StoredSession): Promise<StoredSession | null> {
    return this.locks.request(this.lock, async () => {
      const now = this.session;
      if (now === null) return null;
      const isNewer = now.expiresAt > old.expiresAt || now.sessionId !== old.sessionId;
      if (isNewer && now.expiresAt - this.now() > EARLY) return now;
      const response = await this.send(
        "/api/v1/auth/token/refresh",
        now.refresh === undefined ? {} : { refresh: now.refresh },
      );
      const body: unknown = await response.json().catch(() => null);
      if (response.ok) return this.keep(body as Pair);
      const error: RolecallError = errorOf(response, body);
      if (error instanceof UnavailableError || response.status === 429) throw error;
      // The refresh token is used up, ended, or was never one.
      this.forget();
      return null;
    });
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Nobody is signed in. */
export const signedOut = (): TokenError => new TokenError("missing");
