import { describe, expect, it } from 'vitest';
import { applyPatch } from '../../../../src/sandbox/cluster/gitops/apply.ts';
import { LAST_APPLIED } from '../../../../src/sandbox/cluster/rollout/names.ts';
import type { KubeObject } from '../../../../src/sandbox/cluster/rollout/objects.ts';

function rollout(spec: Record<string, unknown>, applied?: Record<string, unknown>): KubeObject {
  const metadata = { name: 'web', namespace: 'shop' };
  const whole = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata, spec };
  if (applied === undefined) return whole;
  const annotations = { [LAST_APPLIED]: JSON.stringify({ ...whole, spec: applied }) };
  return { ...whole, metadata: { ...metadata, annotations } };
}

describe('what applying changes', () => {
  it.each([
    ['nothing, when the live object says more', { a: 1, b: 2 }, { a: 1 }, undefined, undefined],
    ['a field that differs', { a: 1 }, { a: 2 }, undefined, { spec: { a: 2 } }],
    ['a field that was applied and is gone', { a: 1, b: 2 }, { a: 1 }, { a: 1, b: 2 }, { spec: { b: null } }],
    ['not a field that somebody else added', { a: 1, paused: true }, { a: 1 }, { a: 1 }, undefined],
    ['a field deep inside', { a: { b: 1, c: 2 } }, { a: { b: 3 } }, undefined, { spec: { a: { b: 3 } } }],
    ['a whole list', { l: [{ n: 1 }, { n: 2 }] }, { l: [{ n: 1 }] }, undefined, { spec: { l: [{ n: 1 }] } }],
    [
      'not a list with empty resources',
      { l: [{ n: 1, resources: {} }] },
      { l: [{ n: 1 }] },
      undefined,
      undefined,
    ],
  ] as const)('%s', (_, live, wanted, applied, patch) => {
    expect(applyPatch(rollout(live, applied), rollout(wanted))).toEqual(patch);
  });

  it('does not mind defaults in lists of built-in objects', () => {
    const deployment = (spec: Record<string, unknown>): KubeObject => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec,
    });
    const live = deployment({ containers: [{ name: 'a', pullPolicy: 'Always' }] });
    expect(applyPatch(live, deployment({ containers: [{ name: 'a' }] }))).toBeUndefined();
    expect(applyPatch(live, deployment({ containers: [{ name: 'b' }] }))).toEqual({
      spec: { containers: [{ name: 'b' }] },
    });
  });
});
