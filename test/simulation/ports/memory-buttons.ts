import { buttonId } from '../../../src/adapters/redis/button-store.ts';
import type { Request } from '../../../src/domain/request.ts';
import type { ButtonStore } from '../../../src/ports/button-store.ts';

/** The in-memory twin of the button store; ids are made as in production. */
export function createMemoryButtons(): ButtonStore {
  const kept = new Map<string, Request>();
  return {
    async put(request) {
      const id = buttonId('simulation', request);
      kept.set(id, structuredClone(request));
      return id;
    },
    async get(id) {
      return structuredClone(kept.get(id));
    },
  };
}
