import { goProgram } from './go-program.ts';

/** The newest when this was written. */
const CONFTEST = {
  name: 'conftest',
  package: 'github.com/open-policy-agent/conftest',
  version: 'v0.71.1',
} as const;

/** conftest: it tests files of configuration by policies in Rego. */
export function findConftest(): Promise<string> {
  return goProgram(CONFTEST);
}
