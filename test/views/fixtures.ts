import { mrkdwn } from '../../src/domain/text/mrkdwn.ts';
import type { Picture } from '../../src/views/picture.ts';
import { ANA, BEN, START, type Stage } from '../domain/release/fixtures.ts';

const NAMES: Readonly<Record<string, string>> = { [ANA]: 'Ana', [BEN]: 'Ben' };

/** What a release's messages are drawn from, around the world of a stage. */
export function pictureOf(stage: Stage, more: Partial<Picture> = {}): Picture {
  const look = stage.look();
  return {
    now: START,
    release: look.release,
    environment: {
      name: 'prod',
      channel: 'C0PROD',
      repository: 'gitops',
      manifestPath: 'releases/{environment}/release.yaml',
      approvals: { required: 1, from: ['release-managers'], owners: 'none', expiresAfterMs: 1000 },
      may: { cut: [], approve: [], promote: [], resume: ['on-call'], abort: [], rollback: ['on-call'] },
      gates: [],
      onGateFailure: 'rollback',
      requireVerified: true,
      membershipFreshMs: 0,
    },
    approval: look.approval,
    progress: undefined,
    observed: look.observed,
    nameOf: (id) => NAMES[id] ?? id,
    mentionRole: (role) => mrkdwn`@${role}`,
    commitUrl: () => undefined,
    ...more,
  };
}

/** Every word that a message shows, and the labels of its buttons. */
export function wordsOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(wordsOf).filter(Boolean).join('\n');
  if (typeof value !== 'object' || value === null) return '';
  if ('mrkdwn' in value) return String(value.mrkdwn);
  if ('label' in value) return `[${String(value.label)}]`;
  return Object.values(value).map(wordsOf).filter(Boolean).join('\n');
}
