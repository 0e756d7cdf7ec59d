import { createHash } from 'node:crypto';

/** Who makes a request. */
export interface User {
  name: string;
  groups: readonly string[];
  extra?: Readonly<Record<string, readonly string[]>>;
}

/** Group of everybody with valid credentials. */
export const AUTHENTICATED = 'system:authenticated';

/** Group of everybody without. */
export const UNAUTHENTICATED = 'system:unauthenticated';

/** Group that may do everything, whatever the roles say. */
export const MASTERS = 'system:masters';

/** Who a request without credentials is. */
export const ANONYMOUS: User = { name: 'system:anonymous', groups: [UNAUTHENTICATED] };

/** Bearer tokens and whose they are, like a token file of the API server. Only digests are kept. */
export interface Users {
  add(token: string, user: User): void;
  remove(token: string): void;
  find(token: string): User | undefined;
}

/** An empty token file. */
export function createUsers(): Users {
  const byDigest = new Map<string, User>();
  const digest = (token: string): string => createHash('sha256').update(token).digest('hex');
  return {
    add: (token, user) => byDigest.set(digest(token), { ...user, groups: [...user.groups, AUTHENTICATED] }),
    remove: (token) => byDigest.delete(digest(token)),
    find: (token) => byDigest.get(digest(token)),
  };
}
