import type { Component } from '../domain/adoption/backstage.ts';

/** What a catalog of entities that others keep says of components. */
export interface Components {
  /**
   * All of them as they are now. `unusable`: entities that are components and cannot be read, with the reason. Throws
   * `UnavailableError` when it cannot be asked now, `TerminalError` when it refuses what we ask or who we are.
   */
  read(): Promise<{ components: Component[]; unusable: { name: string; says: string }[] }>;
}
