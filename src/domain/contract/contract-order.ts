import type { Path } from '../document/fault.ts';
import type { ServiceName } from '../ids.ts';
import type { PlanInput } from '../plan/plan-input.ts';
import { firstOut } from './compatibility.ts';

/** One service that has to be brought out before another, because of a contract between them. */
export interface ContractEdge {
  /** Goes first. */
  first: ServiceName;
  then: ServiceName;
  path: Path;
  says: string;
}

/**
 * The order that contracts of a manifest ask for among the services of the release. A contract that states no compatibility asks
 * for none: then `dependsOn` alone decides.
 */
export function contractEdges({ manifest }: Pick<PlanInput, 'manifest'>): ContractEdge[] {
  const inRelease = (name: string) => Object.hasOwn(manifest.spec.services, name);
  return (manifest.spec.contracts ?? []).flatMap(({ compatibility, producer, consumers, subject }, index) => {
    if (compatibility === undefined || producer === undefined || !inRelease(producer)) return [];
    const order = firstOut(compatibility);
    if (order === 'either') return [];
    return (consumers ?? []).filter(inRelease).map((consumer): ContractEdge => {
      const [first, then] = order === 'consumers' ? [consumer, producer] : [producer, consumer];
      const says = `${subject ?? 'the contract'} is ${compatibility}, so that ${first} goes before ${then}`;
      return { first, then, path: ['spec', 'contracts', index], says };
    });
  });
}
