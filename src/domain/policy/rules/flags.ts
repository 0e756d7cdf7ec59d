import type { WrittenFlag } from '../../manifest/evidence-schema.ts';
import { didYouMean } from '../../naming/nearest.ts';
import { type Finding, findingAt } from '../finding.ts';
import type { AskedManifest } from './asked-manifest.ts';

interface Found {
  key: keyof WrittenFlag;
  says: string;
  remedy: string;
}

/**
 * `flag-plan-complete`: each flag says what it is before the release, who it is turned up for, and what is done with it when the
 * release is taken back. Source: seed 000_e3aaf332e5f161c4.txt.
 */
export function flagPlanComplete({ document, manifest }: AskedManifest): Finding[] {
  const known = Object.keys(manifest.spec.services);
  return (manifest.spec.flags ?? []).flatMap((flag, index) =>
    faultsOf(flag, known).map(({ key, says, remedy }) =>
      findingAt(document, {
        rule: 'flag-plan-complete',
        path: ['spec', 'flags', index, ...(flag[key] === undefined ? [] : [key])],
        says: `flag ${flag.key} ${says}`,
        remedy,
      }),
    ),
  );
}

function faultsOf(flag: WrittenFlag, known: readonly string[]): Found[] {
  return [...withoutPlan(flag), ...strangers(flag, known), ...falling(flag)];
}

function withoutPlan({ default: value, rollbackPlan }: WrittenFlag): Found[] {
  const found: Found[] = [];
  if (value === null) {
    found.push({
      key: 'default',
      says: 'has no value before the release',
      remedy: 'Say it, such as default: false.',
    });
  }
  const isBlank =
    typeof rollbackPlan === 'string'
      ? rollbackPlan.trim() === ''
      : Object.keys(rollbackPlan ?? {}).length === 0;
  if (isBlank) {
    found.push({
      key: 'rollbackPlan',
      says: 'has no rollback plan',
      remedy:
        'Say under rollbackPlan what is done with it when the release is taken back, such as "turn it off".',
    });
  }
  return found;
}

function strangers({ services = [] }: WrittenFlag, known: readonly string[]): Found[] {
  return services
    .filter((name) => !known.includes(name))
    .map((name) => ({
      key: 'services',
      says: `is read by ${name}, which is not in this release`,
      remedy: `Take it out, or: ${didYouMean(name, known)}`,
    }));
}

function falling({ rollout = [] }: WrittenFlag): Found[] {
  const at = rollout.findIndex((share, index) => index > 0 && share <= (rollout[index - 1] ?? 0));
  if (at < 0) return [];
  const says = `is turned up from ${rollout[at - 1]} to ${rollout[at]} percent`;
  return [{ key: 'rollout', says, remedy: 'Write rising percentages, such as [1, 10, 50, 100].' }];
}
