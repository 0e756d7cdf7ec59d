import { describe, expect, it } from 'vitest';
import { isUnheard } from '../../../src/domain/rollout/unheard.ts';
import { rolloutObject } from './sample-objects.ts';

const aborted = [
  { type: 'Progressing', reason: 'RolloutAborted', message: 'Rollout aborted update to revision 2' },
];

describe('a controller', () => {
  it.each<[string, Parameters<typeof rolloutObject>[0]]>([
    ['paused the Rollout', {}],
    [
      'carried out an abort',
      { status: { abort: true, conditions: aborted, pauseConditions: null, controllerPause: false } },
    ],
    ['is promoting fully', { status: { promoteFull: true, pauseConditions: null, controllerPause: false } }],
  ])('has heard when it %s', (_, over) => {
    expect(isUnheard(rolloutObject(over))).toBe(false);
  });

  it.each<[string, Parameters<typeof rolloutObject>[0]]>([
    ['a change of the spec', { status: { observedGeneration: '6' } }],
    ['the end of a pause', { status: { pauseConditions: null } }],
    ['an abort', { status: { abort: true } }],
    ['a retry', { status: { conditions: aborted } }],
    ['a full promotion', { status: { promoteFull: true } }],
  ])('has not heard of %s before it shows it', (_, over) => {
    expect(isUnheard(rolloutObject(over))).toBe(true);
  });
});
