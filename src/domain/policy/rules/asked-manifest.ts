import { sameContent } from '../../content.ts';
import { own } from '../../document/own.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { tierNumber } from '../../manifest/service-schema.ts';
import { declaredServices } from '../../plan/declared-services.ts';
import type { PlanInput } from '../../plan/plan-input.ts';
import { targetContent } from '../../plan/target-content.ts';
import type { About } from '../finding.ts';

/** A manifest and the little that some rules need besides. */
export interface AskedManifest {
  document: About;
  manifest: Manifest;
  /** How much a service matters, from 0 to 4. */
  tierOf(service: string): number;
  /** Whether a service gets another content than it runs; where that is not known, it does. */
  moves(service: string): boolean;
  /** Whether releases go nowhere after its environment: what is an error there is advice before. */
  isLastEnvironment: boolean;
}

/** Tier of a service of which neither manifest nor catalog says one. Source: seed 000_e3aaf332e5f161c4.txt, where most are. */
const USUAL_TIER = 2;

/** A manifest on its own: judged as for the last environment, with the tiers it states itself. */
export function manifestAlone(document: About, manifest: Manifest): AskedManifest {
  const tierOf = (service: string): number => {
    const written = own(manifest.spec.services, service)?.tier;
    return written === undefined ? USUAL_TIER : tierNumber(written);
  };
  return { document, manifest, tierOf, moves: () => true, isLastEnvironment: true };
}

/** A manifest with its catalog. Where nothing is known of the order of environments it counts as the last. */
export function manifestOf(input: PlanInput): AskedManifest {
  const tiers = new Map(declaredServices(input).map(({ name, tier }) => [name, tier]));
  const alone = manifestAlone(input.document, input.manifest);
  return {
    ...alone,
    tierOf: (service) => tiers.get(service) ?? alone.tierOf(service),
    moves: (service) => !staysAsItIs(input, service),
    isLastEnvironment: input.isLastEnvironment ?? true,
  };
}

/** Whether a manifest names for a service exactly what it runs. */
function staysAsItIs(input: PlanInput, service: string): boolean {
  const declared = declaredServices(input).find(({ name }) => name === service);
  const target = declared && targetContent(declared, input);
  const present = own(input.known, service)?.[0]?.content;
  return target?.kind === 'content' && present !== undefined && sameContent(present, target.content);
}
