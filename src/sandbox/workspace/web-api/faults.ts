/** What goes wrong with a call. `commit…` and `never_answer` with `commits` do the work and then fail to say so. */
export type Fault =
  | { readonly kind: 'rate_limited'; readonly retryAfterSeconds: number }
  | { readonly kind: 'error_500' }
  | { readonly kind: 'commit_then_500' }
  | { readonly kind: 'commit_then_reset' }
  | { readonly kind: 'never_answer'; readonly commits: boolean }
  | { readonly kind: 'slow'; readonly delayMs: number };

/** Which calls a fault is for. */
export interface FaultTarget {
  /** Web API method; absent: any. */
  readonly method?: string;
  /** Channel id or name; absent: any. */
  readonly channel?: string;
}

/** Trouble on demand. */
export interface Faults {
  /** The next `count` calls that fit `target` meet `fault`. Several orders are used up in the order they were given. */
  next(count: number, order: FaultTarget & { readonly fault: Fault }): void;
  /** Forgets what was ordered and not yet met. */
  clear(): void;
  /** Orders not yet met. */
  readonly pending: number;
}

/** The orders, and the call's side of them. */
export interface OrderedFaults extends Faults {
  /** The fault a call meets; absent when none was ordered for it. */
  meet(call: { readonly method: string; readonly channel: string | undefined }): Fault | undefined;
}

/** Keeps the orders. `channelId` gives the id of a channel named by id or name, so that both ways of naming agree. */
export function createFaults(channelId: (idOrName: string) => string): OrderedFaults {
  const orders: { target: FaultTarget; fault: Fault; left: number }[] = [];
  return {
    next: (count, { fault, ...target }) => {
      orders.push({ target, fault, left: count });
    },
    clear: () => {
      orders.length = 0;
    },
    get pending() {
      return orders.reduce((sum, { left }) => sum + left, 0);
    },
    meet: ({ method, channel }) => {
      const index = orders.findIndex(
        ({ target }) =>
          (target.method === undefined || target.method === method) &&
          (target.channel === undefined ||
            (channel !== undefined && channelId(target.channel) === channelId(channel))),
      );
      const order = orders[index];
      if (order === undefined) return undefined;
      order.left -= 1;
      if (order.left === 0) orders.splice(index, 1);
      return order.fault;
    },
  };
}
