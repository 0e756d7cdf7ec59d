import { resolveConfig } from '../../src/config/resolve-config.ts';
import type { Config } from '../../src/config/schema.ts';
import { faultLine } from '../../src/domain/document/fault.ts';
import { documentOf } from '../domain/document/source-document.ts';

/** The least a configuration can say. */
export const MINIMAL = `installation: acme
environments:
  - name: prod
    channel: C012AB3CD
    repository: gitops
    approvals: { required: 1, from: [managers] }
    may: { cut: [managers] }
repositories:
  gitops: { url: https://git.example/gitops.git }
ledger: { repository: gitops }
catalog: { repository: gitops }
clusters:
  main: { inCluster: true }
roles:
  managers: { usergroups: [S012AB3CD] }
`;

/** A configuration without fault. */
export async function configOf(text: string): Promise<Config> {
  const resolved = resolveConfig(await documentOf(text, 'signalbox.yaml'));
  if (resolved.kind === 'faulty') throw new Error(resolved.faults.map(faultLine).join('\n'));
  return resolved.config;
}

/** The minimal configuration with one text in it replaced by another, which must be there. */
export function changed(from: string, to: string): string {
  if (!MINIMAL.includes(from)) throw new Error(`the configuration has no ${from}`);
  return MINIMAL.replace(from, to);
}
