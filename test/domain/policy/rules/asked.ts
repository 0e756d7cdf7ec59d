import type { Finding } from '../../../../src/domain/policy/finding.ts';
import { type AskedManifest, manifestAlone } from '../../../../src/domain/policy/rules/asked-manifest.ts';
import { contentOf, planInput, type Said } from '../../plan/world.ts';

/** A release of orders and web that says more, on its own. */
export function asked(said: Said, more: Partial<AskedManifest> = {}): AskedManifest {
  const contents = { orders: contentOf('orders', '1.8.0'), web: contentOf('web', '9.10.0') };
  const { document, manifest } = planInput(contents, { said });
  return { ...manifestAlone(document, manifest), ...more };
}

/** "rule severity path: says" of each finding. */
export function lines(findings: readonly Finding[]): string[] {
  return findings.map(({ rule, severity, path, says }) => `${rule} ${severity} ${path}: ${says}`);
}
