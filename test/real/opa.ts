import { goProgram } from './go-program.ts';

/** The newest when this was written. */
const OPA = { name: 'opa', package: 'github.com/open-policy-agent/opa', version: 'v1.22.2' } as const;

/** The Open Policy Agent: a server, and the compiler from Rego to wasm. */
export function findOpa(): Promise<string> {
  return goProgram(OPA);
}
