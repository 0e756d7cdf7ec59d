import type { PolicyInput } from '../../../src/domain/policy/policy-input.ts';

/** The least that the sample policy reads. `hour`: of a Friday, in UTC. */
export function sampleInput(repository: string, hour: number): PolicyInput {
  const images = { web: { repository, digest: `sha256:${'a'.repeat(64)}`, version: null } };
  return {
    release: { name: 'shop-2026-11-20.3', type: 'standard' },
    environment: { name: 'prod', isLast: true },
    services: { web: { tier: 1, owner: 'web-owners', from: null, to: { images, chartVersion: null } } },
    now: { at: `2026-11-20T${hour}:00:00.000Z`, weekday: 'Friday', hour },
  };
}
