import { isDeepStrictEqual } from 'node:util';
import { own } from '../../document/own.ts';
import { placeFlag } from '../../flag/flag-book.ts';
import { flagId } from '../../flag/flag-ref.ts';
import { type FlagAnswer, type FlagSetting, settingWords } from '../../flag/flag-setting.ts';
import { audienceOf } from '../../flag/planned-flag.ts';
import type { WrittenFlag } from '../../manifest/evidence-schema.ts';
import { didYouMean } from '../../naming/nearest.ts';
import type { PlanInput } from '../../plan/plan-input.ts';
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

/** `flag-provider`: each flag is kept by a provider of the configuration, in this environment. */
export function flagProvider({ document, manifest, environment, flags }: PlanInput): Finding[] {
  if (flags === undefined) return [];
  const seen = new Set<string>();
  return (manifest.spec.flags ?? []).flatMap((flag, index) => {
    const placed = placeFlag(flag, { book: flags.book, environment: environment.name });
    const isNew = placed.kind === 'faulty' || !seen.has(flagId(placed.ref));
    if (placed.kind === 'placed') seen.add(flagId(placed.ref));
    if (placed.kind === 'placed' && isNew) return [];
    const { key, says, remedy } =
      placed.kind === 'faulty'
        ? placed
        : { key: 'key' as const, says: 'is listed twice', remedy: 'Take one of the two out.' };
    return [
      findingAt(document, {
        rule: 'flag-provider',
        path: ['spec', 'flags', index, ...(flag[key] === undefined ? [] : [key])],
        says: `flag ${flag.key} ${says}`,
        remedy,
      }),
    ];
  });
}

/** `flag-default-off`: what is new is turned on by people, after it is out. Source: seed 001 (flags default off). */
export function flagDefaultOff({ document, manifest }: AskedManifest): Finding[] {
  return (manifest.spec.flags ?? []).flatMap((flag, index) =>
    flag.default === true
      ? [
          findingAt(document, {
            rule: 'flag-default-off',
            severity: 'warn',
            path: ['spec', 'flags', index, 'default'],
            says: `flag ${flag.key} is on before the release, so that everybody gets what is new with the containers`,
            remedy: 'Turn it off first, and say default: false; then turn it up when the release is out.',
          }),
        ]
      : [],
  );
}

/** `flag-live-state`: what a flag gives now is what the document says it gives before the release, and to nobody else. */
export function flagLiveState({ document, manifest, environment, flags }: PlanInput): Finding[] {
  return (manifest.spec.flags ?? []).flatMap((flag, index) => {
    const placed = placeFlag(flag, { book: flags?.book ?? [], environment: environment.name });
    // Who keeps it is another rule's.
    if (placed.kind === 'faulty') return [];
    const answer = own(flags?.answers ?? {}, flagId(placed.ref));
    const found = liveFault(flag, answer ?? { kind: 'unknown', says: 'nobody was asked' });
    if (found === undefined) return [];
    const { key, severity = 'error', says, remedy } = found;
    return [
      findingAt(document, {
        rule: 'flag-live-state',
        severity,
        path: ['spec', 'flags', index, ...(flag[key] === undefined ? [] : [key])],
        says: `flag ${flag.key} ${says}`,
        remedy,
      }),
    ];
  });
}

export function hasFlags({ manifest }: Pick<PlanInput, 'manifest'>): boolean {
  return (manifest.spec.flags ?? []).length > 0;
}

function liveFault(
  flag: WrittenFlag,
  answer: FlagAnswer,
): (Found & { severity?: Finding['severity'] }) | undefined {
  switch (answer.kind) {
    case 'unknown':
      return {
        key: 'key',
        severity: 'unknown',
        says: `is not known: ${answer.says}`,
        remedy: 'Run the preflight again when its provider answers.',
      };
    case 'refused':
      return {
        key: 'key',
        severity: 'unknown',
        says: `is not known: ${answer.says}`,
        remedy: 'See that its token may read it: signalbox check asks.',
      };
    case 'missing':
      return {
        key: 'key',
        says: `is not there: ${answer.says}`,
        remedy: 'Make it there, turned off, first.',
      };
    case 'seen':
      return valueFault(flag, answer.seen.setting) ?? audienceFault(flag, answer.seen.setting);
  }
}

function valueFault(flag: WrittenFlag, setting: FlagSetting): Found | undefined {
  const wanted = JSON.stringify(flag.default);
  if (setting.value !== undefined && isDeepStrictEqual(setting.value, flag.default)) return undefined;
  const now = setting.value === undefined ? settingWords(setting) : JSON.stringify(setting.value);
  return {
    key: 'default',
    says: `is ${now.slice(0, 100)} now, and ${wanted} is to be live before the release`,
    remedy: `Make it ${wanted} at its provider, or say under default what it is.`,
  };
}

/** Rules of the flag may give it to those whom the document names, and to nobody else. */
function audienceFault(
  flag: WrittenFlag,
  setting: FlagSetting,
): (Found & { severity?: Finding['severity'] }) | undefined {
  if (!setting.on || flag.default !== false || setting.audience.length === 0) return undefined;
  const named = audienceOf(flag);
  const others = setting.audience.filter((each) => !named.includes(each));
  if (others.length === 0) return undefined;
  const words = others.slice(0, 5).join(', ');
  return named.length === 0
    ? {
        key: 'audience',
        severity: 'warn',
        says: `is on for ${words} already`,
        remedy: 'Name them under audience, so that approvers know.',
      }
    : {
        key: 'audience',
        says: `is on for ${words}, and its audience is ${named.join(', ')}`,
        remedy: 'Take them out at its provider, or name them under audience.',
      };
}
