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

/** Asks what is asked at the same time in one call; keeps decisions only where it is told to. */
export class Checks {
  #waiting: Waiting[] = [];
  readonly #kept = new Map<string, { allowed: Promise<boolean>; at: number }>();

  constructor(
    private readonly ask_: (questions: Question[]) => Promise<boolean[]>,
    private readonly maxAge: number,
    private readonly now: () => number,
  ) {}

  ask(question: Question): Promise<boolean> {
    const key = JSON.stringify(question);
    const kept = this.#kept.get(key);
    if (kept !== undefined && this.now() - kept.at < this.maxAge) return kept.allowed;
    const allowed = new Promise<boolean>((resolve, reject) => {
      this.#waiting.push({ question, resolve, reject });
      if (this.#waiting.length === 1) queueMicrotask(() => this.#send());
    });
    if (this.maxAge > 0) {
      this.#kept.set(key, { allowed, at: this.now() });
      allowed.catch(() => this.#kept.delete(key));
    }
    return allowed;
  }

  /** Somebody else is signed in, or nobody. */
  forget(): void {
    this.#kept.clear();
  }

  #send(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (let start = 0; start < waiting.length; start += MOST) {
      const some = waiting.slice(start, start + MOST);
      this.ask_(some.map((one) => one.question)).then(
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
