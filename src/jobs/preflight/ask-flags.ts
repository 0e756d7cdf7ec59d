import { placeFlag } from '../../domain/flag/flag-book.ts';
import { flagId } from '../../domain/flag/flag-ref.ts';
import type { FlagAnswer } from '../../domain/flag/flag-setting.ts';
import type { EnvironmentName } from '../../domain/ids.ts';
import type { Manifest } from '../../domain/manifest/manifest.ts';
import type { PlanInput } from '../../domain/plan/plan-input.ts';
import type { Rules } from '../../domain/rules.ts';
import type { Ports } from '../../ports/ports.ts';
import { readFlag } from '../flags/find-flag.ts';

/** More flags than this are not asked for: a release that brings more is none. */
const MOST = 100;

/** What every flag of a manifest gives now, side by side. It is never remembered: approvers see it as it is. */
export async function askFlags(
  ports: Pick<Ports, 'flags'>,
  { flagBook: book }: Pick<Rules, 'flagBook'>,
  { manifest, environment }: { manifest: Manifest; environment: EnvironmentName },
): Promise<NonNullable<PlanInput['flags']>> {
  const written = (manifest.spec.flags ?? []).slice(0, MOST);
  const answers = await Promise.all(
    written.map(async (flag): Promise<[string, FlagAnswer][]> => {
      const placed = placeFlag(flag, { book, environment });
      if (placed.kind === 'faulty') return [];
      return [[flagId(placed.ref), await readFlag(ports, placed.ref)]];
    }),
  );
  return { book, answers: Object.fromEntries(answers.flat()) };
}
