import { placementsOf } from '../../catalog/catalog.ts';
import { own } from '../../document/own.ts';
import { didYouMean } from '../../naming/nearest.ts';
import { type DeclaredService, declaredServices } from '../../plan/declared-services.ts';
import { versionNumber } from '../../plan/needs.ts';
import type { PlanInput } from '../../plan/plan-input.ts';
import { compareVersions } from '../../plan/version-order.ts';
import { cycleIn } from '../../plan/waves.ts';
import { type Finding, findingAt } from '../finding.ts';

/** `dependency-cycle`: there is an order. Shown as one path, always the same. */
export function dependencyCycle(input: PlanInput): Finding[] {
  const graph = declaredServices(input).map(({ name, dependsOn }) => [
    name,
    dependsOn.map((one) => one.service),
  ]);
  const cycle = cycleIn(Object.fromEntries(graph));
  if (cycle === undefined) return [];
  return [
    findingAt(input.document, {
      rule: 'dependency-cycle',
      path: ['spec', 'services', cycle[0] ?? '', 'dependsOn'],
      says: `is a cycle: ${cycle.join(' → ')}`,
      remedy: 'Take one of these dependencies out: it decides which of them goes first.',
    }),
  ];
}

/** `dependency-unknown`: whatever is depended on goes along or already exists in the environment. */
export function dependencyUnknown(input: PlanInput): Finding[] {
  const environment = input.environment.name;
  return perDependency(input, ({ name, dependency }) => {
    const inRelease = Object.hasOwn(input.manifest.spec.services, dependency.service);
    const placed = placementsOf(input.catalog, { service: dependency.service, environment }).length > 0;
    if (inRelease || placed) return undefined;
    return {
      rule: 'dependency-unknown',
      says: `${name} depends on ${dependency.service}, which does not exist in ${environment}`,
      remedy: `Take the dependency out, or place the service there: ${didYouMean(dependency.service, Object.keys(input.catalog.services))}`,
    };
  });
}

/** `dependency-version`: each dependency is, or becomes, at least the version that is asked for. */
export function dependencyVersion(input: PlanInput): Finding[] {
  return perDependency(input, ({ name, dependency: { service, minVersion } }) => {
    if (minVersion === undefined) return undefined;
    const going = own(input.contents, service);
    const version = versionNumber(going ?? own(input.known, service)?.[0]?.content);
    const order = compareVersions(version, minVersion);
    if (order !== undefined && order >= 0) return undefined;
    const has = `${going ? 'this release brings' : `${input.environment.name} runs`} ${version ?? 'a version without a number'}`;
    return {
      rule: 'dependency-version',
      says: `${name} needs ${service} ${minVersion} or later, and ${has}`,
      remedy: `Put ${service} ${minVersion} or later into this release, by its version.`,
    };
  });
}

type Words = Pick<Finding, 'rule' | 'says' | 'remedy'>;

function perDependency(
  input: PlanInput,
  judge: (one: { name: string; dependency: DeclaredService['dependsOn'][number] }) => Words | undefined,
): Finding[] {
  return declaredServices(input).flatMap(({ name, dependsOn, written }) =>
    dependsOn.flatMap((dependency) => {
      const words = judge({ name, dependency });
      const index = (written.dependsOn ?? []).findIndex(
        (one) => (typeof one === 'string' ? one : one.service) === dependency.service,
      );
      // A dependency of the catalog has no place in the manifest: its service has.
      const path = ['spec', 'services', name, ...(index < 0 ? [] : ['dependsOn', index])];
      return words ? [findingAt(input.document, { ...words, path })] : [];
    }),
  );
}
