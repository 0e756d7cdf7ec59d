import { describe, expect, it } from 'vitest';
import { imageParts } from '../../../src/domain/artifact/artifact.ts';
import {
  newestArtifact,
  type Reported,
  reportedOn,
  type ServiceState,
} from '../../../src/domain/artifact/service-state.ts';

const digestOf = (digit: string) => `sha256:${digit.repeat(64)}`;

function reportOf(artifact: string, digit: string, more: Partial<Reported> = {}): Reported {
  const images = { web: { repository: 'reg.example/web', digest: digestOf(digit) } };
  return { artifact, reporter: 'ci', images, evidence: {}, at: '2026-11-20T10:00:00.000Z', ...more };
}

/** Given oldest first. */
function stateOf(...reports: Reported[]): ServiceState {
  return { reports: reports.toReversed() };
}

const content = (digit: string) => ({ images: { web: { digest: digestOf(digit) } } });

describe('what was reported of a service', () => {
  it('is newest by its first report, so that a late scan makes nothing newer', () => {
    const state = stateOf(reportOf('1', '1'), reportOf('2', '2'), reportOf('3', '1'));
    expect(newestArtifact(state)?.artifact).toBe('2');
    expect(newestArtifact(stateOf())).toBeUndefined();
  });

  it('is known of exactly these bytes, part by part as it was said last', () => {
    const state = stateOf(
      reportOf('1', '1', {
        evidence: { coverage: { lines: 70 }, checks: { unit: 'failed', e2e: 'passed' } },
      }),
      reportOf('2', '2', { evidence: { secrets: { found: 3 } } }),
      reportOf('3', '1', { evidence: { coverage: { lines: 81 }, checks: { unit: 'passed' } } }),
    );
    expect(reportedOn(state, content('1'))?.evidence).toEqual({
      coverage: { lines: 81 },
      checks: { unit: 'passed', e2e: 'passed' },
    });
    expect(reportedOn(state, content('3'))).toBeUndefined();
    expect(reportedOn(state, { images: {} })).toBeUndefined();
  });
});

describe('an image in a report', () => {
  const digest = digestOf('a');
  it.each([
    ['reg.example:5000/acme/web:1.8.0', { repository: 'reg.example:5000/acme/web', tag: '1.8.0' }],
    [`reg.example/web@${digest}`, { repository: 'reg.example/web', digest }],
    [`reg.example/web:1.8.0@${digest}`, { repository: 'reg.example/web', tag: '1.8.0', digest }],
    ['reg.example:5000/web', { repository: 'reg.example:5000/web' }],
  ])('%s has its parts', (text, parts) => {
    expect(imageParts(text)).toEqual(parts);
  });
});
