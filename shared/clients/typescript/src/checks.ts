import { UnavailableError } from "./errors.js";

/** A permission or a module, by its code. */
export type Question = { permission: string } | { module: string };

/** The server takes this many questions in a call. */
const MOST = 100;

interface Waiting {
  question: Question;
  resolve: (allowed: boolean) => void;
  reject: (error: unknown) => void;
}

/** Asks several questions as somebody. */
export type Ask = (questions: Question[], caller: string) => Promise<boolean[]>;

/**
 * Asks what one caller wants to know at the same time in one call; keeps decisions only where it is
 * told to. A caller is whatever tells one from the other: a token, or a generation of a session.
 */
export class Checks {
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #kept = new Map<string, { allowed: Promise<boolean>; at: number }>();

  constructor(
    private readonly send: Ask,
    private readonly maxAge: number,
    private readonly now: () => number,
  ) {}

  ask(question: Question, caller: string): Promise<boolean> {
    const key = JSON.stringify([caller, question]);
    const kept = this.#kept.get(key);
    if (kept !== undefined && this.now() - kept.at < this.maxAge) return kept.allowed;
    const allowed = new Promise<boolean>((resolve, reject) => {
      const waiting = this.#waiting.get(caller);
      if (waiting !== undefined) {
        waiting.push({ question, resolve, reject });
        return;
      }
      this.#waiting.set(caller, [{ question, resolve, reject }]);
      queueMicrotask(() => this.#sendAll(caller));
    });
    if (this.maxAge > 0) {
      if (this.#kept.size >= 10_000) this.#kept.clear();
      this.#kept.set(key, { allowed, at: this.now() });
      allowed.catch(() => this.#kept.delete(key));
    }
    return allowed;
  }

  /** Somebody else is signed in, or nobody. */
  forget(): void {
    this.#kept.clear();
  }

  #sendAll(caller: string): void {
    const waiting = this.#waiting.get(caller) ?? [];
    this.#waiting.delete(caller);
    for (let start = 0; start < waiting.length; start += MOST) {
      const some = waiting.slice(start, start + MOST);
      this.send(
        some.map((one) => one.question),
        caller,
      ).then(
        (decisions) => {
          if (decisions.length !== some.length) {
            const error = new UnavailableError("the check has another number of results");
            for (const one of some) one.reject(error);
          }
          some.forEach((one, place) => one.resolve(decisions[place] === true));
        },
        (error: unknown) => {
          for (const one of some) one.reject(error);
        },
      );
    }
  }
}
