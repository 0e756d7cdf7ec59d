import type { FlagAnswer, FlagSetting } from '../../../../src/domain/flag/flag-setting.ts';
import { type Example, spec, type World } from './example.ts';

const FLAG = { key: 'tax', default: false, audience: 'internal', rollbackPlan: 'turn it off' };
const BOOK = [{ name: 'main', kind: 'unleash', project: 'default', environments: {} }] as const;
const OFF: FlagSetting = { on: false, share: 0, value: false, audience: [] };

const seen = (setting: FlagSetting): FlagAnswer => ({ kind: 'seen', seen: { setting, revision: '1' } });

/** A release with this flag, and what its provider says of it. */
function flag(answer: FlagAnswer = seen(OFF), change: object = {}): World {
  return {
    ...spec({ flags: [{ ...FLAG, ...change }] }),
    input: { flags: { book: BOOK, answers: { 'main/default/tax': answer } } },
  };
}

/** Of every rule about who keeps flags and what they give. */
export const FLAG_EXAMPLES = {
  'flag-provider': {
    passes: flag(),
    fails: flag(undefined, { provider: 'launchdarkly' }),
    as: 'refuse',
    unreachable: 'asks nobody',
  },
  'flag-default-off': {
    passes: flag(),
    fails: flag(undefined, { default: true }),
    as: 'warn',
    unreachable: 'asks nobody',
  },
  'flag-live-state': {
    passes: flag(seen({ on: true, share: 0, value: false, audience: ['internal'] })),
    fails: flag(seen({ on: true, share: 0, value: false, audience: ['everybody-in-france'] })),
    as: 'refuse',
    unreachable: flag({ kind: 'unknown', says: "main can't be reached" }),
  },
} satisfies Record<string, Example>;
