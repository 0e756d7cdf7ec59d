import { z } from 'zod';

/** What a process does. One process does everything by default; several on one Redis behave as one. */
export const Role = z.enum([
  /** Takes in requests and acknowledges them. */
  'web',
  /** Reconciles forward work and speaks. */
  'worker',
  /** Only rolls back: never behind anything else. */
  'recovery',
  /** Watches the clusters, sweeps, adopts and archives. */
  'watch',
]);
export type Role = z.infer<typeof Role>;

export const ALL_ROLES: readonly Role[] = Role.options;
