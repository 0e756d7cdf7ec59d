import type { Policy } from '../../ports/policy.ts';
import { askOpaServer, type OpaServer } from './opa-server.ts';
import { askWasmBundle, type WasmBundle } from './wasm-bundle.ts';

/** Where the installation's own policy is; neither: there is none. */
export interface PolicySource {
  server?: OpaServer | undefined;
  bundle?: WasmBundle | undefined;
}

/** A policy on a server, in a bundle, or none. */
export function createPolicy({ server, bundle }: PolicySource): Policy {
  return {
    async decide(input) {
      if (server) return askOpaServer(server, input);
      return bundle ? askWasmBundle(bundle, input) : { kind: 'notConfigured' };
    },
  };
}
