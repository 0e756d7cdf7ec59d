import { UnavailableError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';

/** Answers of Slack, kept by key with the moment they were asked for. Of several who ask at once, one goes. */
export class Remembered<T> {
  readonly #clock: Clock;
  readonly #read: (key: string) => Promise<T>;
  readonly #known = new Map<string, { value: T; at: number }>();
  readonly #asking = new Map<string, Promise<T>>();

  constructor(clock: Clock, read: (key: string) => Promise<T>) {
    this.#clock = clock;
    this.#read = read;
  }

  /**
   * A value at most `freshMs` old, asked for anew when need be. `orOlder`: when Slack cannot be reached, an older one serves.
   * Throws what asking throws.
   */
  async get(key: string, { freshMs, orOlder }: { freshMs: number; orOlder: boolean }): Promise<T> {
    const known = this.#known.get(key);
    if (known && this.#clock.now() - known.at <= freshMs) return known.value;
    try {
      return await this.#ask(key);
    } catch (error) {
      if (orOlder && known && error instanceof UnavailableError) return known.value;
      throw error;
    }
  }

  /** Whatever is known, however old, without asking. */
  peek(key: string): T | undefined {
    return this.#known.get(key)?.value;
  }

  /** Milliseconds since the value was asked for; infinite for none. */
  ageMs(key: string): number {
    const known = this.#known.get(key);
    return known ? this.#clock.now() - known.at : Number.POSITIVE_INFINITY;
  }

  #ask(key: string): Promise<T> {
    const underWay = this.#asking.get(key);
    if (underWay) return underWay;
    const at = this.#clock.now();
    const asking = this.#read(key)
      .then((value) => {
        this.#known.set(key, { value, at });
        return value;
      })
      .finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return asking;
  }
}
