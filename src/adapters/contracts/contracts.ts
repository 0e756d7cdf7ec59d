import type { Contracts } from '../../ports/contracts.ts';
import type { Keeper } from './keeper.ts';
import { askPactBroker } from './pact-broker.ts';
import { askSchemaRegistry } from './schema-registry.ts';

/** Who can be asked; absent: nobody. */
export interface Keepers {
  schemaRegistry?: Keeper | undefined;
  /** `environments`: what the broker calls them, where that is another name. */
  pactBroker?: (Keeper & { environments: Readonly<Record<string, string>> }) | undefined;
}

/** The keepers of contracts, over HTTP. */
export function createContracts({ schemaRegistry, pactBroker }: Keepers): Contracts {
  return {
    async schema(question) {
      return schemaRegistry ? askSchemaRegistry(schemaRegistry, question) : { kind: 'notConfigured' };
    },
    async pacts(question) {
      if (pactBroker === undefined) return { kind: 'notConfigured' };
      const { environment: own } = question;
      const names = new Map(Object.entries(pactBroker.environments));
      return askPactBroker(pactBroker, { ...question, environment: names.get(own) ?? own });
    },
  };
}
