import type { ServiceName } from '../../domain/ids.ts';
import type { PlanInput } from '../../domain/plan/plan-input.ts';
import type { ChartAnswer } from '../../domain/policy/chart-answer.ts';
import { type ChartAsked, chartsAsked } from '../../domain/policy/rules/charts.ts';
import { UnavailableError } from '../../errors.ts';
import type { Ports } from '../../ports/ports.ts';

/** Asks the registries for every chart of a document, side by side. Nobody answering is an answer. */
export async function askCharts(
  ports: Pick<Ports, 'registry'>,
  input: Pick<PlanInput, 'manifest'>,
): Promise<Record<ServiceName, ChartAnswer>> {
  const answers = await Promise.all(
    chartsAsked(input).map(async (asked) => [asked.service, await askOne(ports, asked)] as const),
  );
  return Object.fromEntries(answers);
}

async function askOne(
  { registry }: Pick<Ports, 'registry'>,
  { repository, version }: ChartAsked,
): Promise<ChartAnswer> {
  try {
    // No tag may have a plus in it: https://helm.sh/docs/topics/registries/#oci-feature-deprecation-and-behavior-changes-with-v380
    const found = await registry.resolve(repository, { tag: version.replaceAll('+', '_') });
    if (found.kind === 'resolved') return { kind: 'found', digest: found.image.digest };
    if (found.kind === 'refused') return { kind: 'unknown', says: found.reason };
    const others = found.known.length > 0 ? `; it has ${found.known.join(', ')}` : '';
    return { kind: 'missing', says: `${repository} has no chart ${version}${others}` };
  } catch (error) {
    if (error instanceof UnavailableError) return { kind: 'unknown', says: error.message };
    throw error;
  }
}
