import { UnavailableError, errorOf } from "./errors.js";
import { type Send, jsonOf } from "./send.js";

/** What signing in leaves in this browser. */
export interface StoredSession {
  /** Without it the tokens are in cookies that scripts cannot read. */
  access?: string;
  refresh?: string;
  /** When the access token expires, in milliseconds since 1970. */
  expiresAt: number;
  sessionId: string;
  user: { id: string; username: string };
  /** Another one after each sign-in and each change of the organization; the same after a refresh. */
  generation: string;
}

/** Where the session is kept. All tabs of a browser are to see the same. */
export interface SessionStorage {
  read(): StoredSession | null;
  write(session: StoredSession | null): void;
  /** What tells the server that this browser signed in before; it outlives signing out. */
  readDevice?(): string | null;
  writeDevice?(device: string): void;
  /** Tells of changes by other tabs; answers what ends that. */
  subscribe?(changed: () => void): () => void;
}

/** For one page, or one process: a reload signs out. */
export function memoryStorage(): SessionStorage {
  let session: StoredSession | null = null;
  let device: string | null = null;
  return {
    read: () => session,
    write: (next) => {
      session = next;
    },
    readDevice: () => device,
    writeDevice: (next) => {
      device = next;
    },
  };
}

/** The part of `localStorage` that is needed. */
export interface KeyValueStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** For all tabs of an origin. Scripts of the origin can read it. */
export function localStorageOf(key = "rolecall", store: KeyValueStore = localStorage): SessionStorage {
  return {
    read: () => {
      try {
        return JSON.parse(store.getItem(key) ?? "null") as StoredSession | null;
      } catch {
        return null;
      }
    },
    write: (session) => {
      if (session === null) store.removeItem(key);
      else store.setItem(key, JSON.stringify(session));
    },
    readDevice: () => store.getItem(`${key}:device`),
    writeDevice: (device) => store.setItem(`${key}:device`, device),
    subscribe: (changed) => {
      const listener = (event: { key: string | null }) => {
        if (event.key === key || event.key === null) changed();
      };
      addEventListener("storage", listener as unknown as EventListener);
      return () => removeEventListener("storage", listener as unknown as EventListener);
    },
  };
}

/** The part of the Web Locks API that is needed. */
export interface Locks {
  request<T>(name: string, options: { signal: AbortSignal }, work: () => Promise<T>): Promise<T>;
}

/** Where there are no Web Locks: one after the other for one client. */
export function clientLocks(): Locks {
  let tail: Promise<unknown> = Promise.resolve();
  return {
    request(_name, _options, work) {
      const done = tail.then(work, work);
      tail = done.catch(() => undefined);
      return done;
    },
  };
}

/** The browser's locks, which all tabs of an origin share. */
export function browserLocks(): Locks | undefined {
  const locks = (globalThis as { navigator?: { locks?: unknown } }).navigator?.locks;
  return locks as Locks | undefined;
}

/** An access token that ends within this is refreshed before it is used, in milliseconds. */
const EARLY = 30_000;

/** How often a refresh is sent whose answer does not come: within a minute it gets the same pair. */
const ATTEMPTS = 3;

/** What the server answers to a sign-in, a refresh, and a change of the organization. */
export interface Pair {
  access?: string;
  refresh?: string;
  device?: string;
  expires_in: number;
  session_id: string;
  user: { id: string; username: string };
}

/** Whether a body is one. */
export function isPair(body: unknown): body is Pair {
  const { expires_in, session_id, user } = (body ?? {}) as Partial<Pair>;
  return typeof expires_in === "number" && typeof session_id === "string" && typeof user?.id === "string";
}

/** The tokens of whoever is signed in, refreshed by one tab at a time. */
export class Tokens {
  readonly #listeners = new Set<() => void>();
  #refreshing: { of: StoredSession; done: Promise<StoredSession | null> } | null = null;
  #seen: string | null;
  /** Grows when somebody signs in or out, or goes to another organization. */
  version = 0;

  constructor(
    private readonly storage: SessionStorage,
    private readonly locks: Locks,
    private readonly lock: string,
    private readonly post: (path: string, body: unknown) => Promise<Response>,
    private readonly now: () => number,
    private readonly timeout: number,
  ) {
    this.#seen = this.session?.generation ?? null;
    storage.subscribe?.(() => this.#tell());
  }

  get session(): StoredSession | null {
    return this.storage.read();
  }

  get device(): string | null {
    return this.storage.readDevice?.() ?? null;
  }

  subscribe(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  /** Does something that ends in other tokens, while nobody refreshes them. */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    const waiting = new AbortController();
    const timer = setTimeout(() => waiting.abort(), this.timeout);
    try {
      return await this.locks.request(this.lock, { signal: waiting.signal }, () => {
        clearTimeout(timer);
        return work();
      });
    } catch (error) {
      if (waiting.signal.aborted) throw new UnavailableError("another tab takes too long");
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Keeps what was answered; as another generation, unless it continues one. */
  keep(pair: Pair, generation: string = crypto.randomUUID()): StoredSession {
    const session: StoredSession = {
      ...(pair.access === undefined ? {} : { access: pair.access }),
      ...(pair.refresh === undefined ? {} : { refresh: pair.refresh }),
      expiresAt: this.now() + pair.expires_in * 1000,
      sessionId: pair.session_id,
      user: { id: pair.user.id, username: pair.user.username },
      generation,
    };
    this.storage.write(session);
    if (pair.device !== undefined) this.storage.writeDevice?.(pair.device);
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
    try {
      return await this.refreshed(session);
    } catch (error) {
      if (session.expiresAt > this.now()) return session;
      throw error;
    }
  }

  /**
   * A newer session than this one, which was refused or is about to end. Whoever gets the lock
   * second finds what the first one got. `null`: it has ended.
   */
  refreshed(old: StoredSession): Promise<StoredSession | null> {
    const running = this.#refreshing;
    if (running !== null && isSame(running.of, old)) return running.done;
    const done = this.exclusively(() => this.#refresh(old)).finally(() => {
      if (this.#refreshing?.done === done) this.#refreshing = null;
    });
    this.#refreshing = { of: old, done };
    return done;
  }

  async #refresh(old: StoredSession): Promise<StoredSession | null> {
    const now = this.session;
    if (now === null || !isSame(now, old)) return now;
    const response = await this.#answered(now.refresh === undefined ? {} : { refresh: now.refresh });
    const body = await jsonOf(response);
    const left = this.session;
    if (left === null || !isSame(left, now)) {
      // Somebody signed out, or another one in, meanwhile: the answer is nobody's.
      return left;
    }
    if (response.ok) {
      if (!isPair(body)) throw new UnavailableError("the server's answer cannot be read");
      return this.keep(body, now.generation);
    }
    const error = errorOf(response, body);
    if (error instanceof UnavailableError || response.status === 429) throw error;
    // The refresh token is used up, ended, or was never one.
    this.forget();
    return null;
  }

  async #answered(body: unknown): Promise<Response> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.post("/api/v1/auth/token/refresh", body);
      } catch (error) {
        if (attempt === ATTEMPTS) throw error;
      }
    }
  }

  #tell(): void {
    const generation = this.session?.generation ?? null;
    if (generation === this.#seen) return;
    this.#seen = generation;
    this.version += 1;
    for (const listener of [...this.#listeners]) listener();
  }
}

function isSame(one: StoredSession, other: StoredSession): boolean {
  const isOneGeneration = one.generation === other.generation && one.sessionId === other.sessionId;
  return isOneGeneration && one.refresh === other.refresh && one.expiresAt === other.expiresAt;
}

/** The routes whose answer is a pair, or ends one. */
const AUTH = "/api/v1/auth/";

/** Sends as whoever is signed in; once more with a newer token where the server refuses this one. */
export function sessionSender(tokens: Tokens, baseUrl: string, send: Send): Send {
  const inLock = async (request: Request): Promise<Response> => {
    authorize(request, tokens.session);
    const response = await send(request);
    const body = response.ok ? await jsonOf(response.clone()) : null;
    if (isPair(body)) tokens.keep(body);
    return response;
  };
  return async (request) => {
    if (request.url.startsWith(`${baseUrl}${AUTH}`)) return tokens.exclusively(() => inLock(request));
    const session = await tokens.current();
    const copy = request.clone();
    authorize(request, session);
    const response = await send(request);
    if (session === null || response.status !== 401) return response;
    const body = (await jsonOf(response.clone())) as { code?: unknown } | null;
    if (body?.code !== "unauthenticated") return response;
    const newer = await tokens.refreshed(session);
    // What was begun as somebody, or in an organization, does not go on in another one.
    if (newer === null || newer.generation !== session.generation) return response;
    authorize(copy, newer);
    return send(copy);
  };
}

function authorize(request: Request, session: StoredSession | null): void {
  if (session?.access !== undefined) request.headers.set("Authorization", `Bearer ${session.access}`);
}
