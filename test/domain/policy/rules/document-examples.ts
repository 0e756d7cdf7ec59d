import { CANARY, type Example, ofWeb, SAFE_GATE, SCHEMA, spec, type World } from './example.ts';

const MIGRATION = {
  name: 'orders-expand',
  type: 'flyway',
  services: ['orders'],
  phase: 'expand',
  constraint: 'full',
  backoutPlan: 'leave the column',
};
const FLAG = { key: 'tax', default: false, rollbackPlan: 'turn it off', services: ['web'] };
const BOTH = { liveness: '/healthz', readiness: '/readyz' };

const image = (text: string): World => ({ said: { services: { web: { image: text } } } });
const migration = (change: object, more: object = {}): World =>
  spec({ migrations: [{ ...MIGRATION, ...change }], rollback: { dbPlan: 'none' }, ...more });

/** Of every rule that files alone are judged by: something real that it lets pass, and something that it does not. */
export const DOCUMENT_EXAMPLES = {
  'chart-version-exact': {
    passes: ofWeb({ chart: 'oci://reg.example/charts/web', chartVersion: '1.42.0' }),
    fails: ofWeb({ chart: 'oci://reg.example/charts/web', chartVersion: '^1.42' }),
    as: 'refuse',
    unreachable: 'asks nobody',
  },
  'release-name': {
    passes: {},
    fails: { said: { name: 'shop-2026-11-20.4' } },
    as: 'refuse',
    unreachable: 'asks nobody',
  },
  'catalog-agrees': {
    passes: {},
    fails: spec({ environment: 'dev' }),
    as: 'refuse',
    unreachable: 'asks nobody',
  },
  'image-digest-pinned': {
    passes: {},
    fails: image(`reg.example/web@sha256:${'a'.repeat(63)}`),
    as: 'refuse',
    unreachable: 'asks nobody',
  },
  'placeholder-digest': {
    passes: {},
    fails: image('reg.example/web@sha256:2f3c...'),
    as: 'refuse',
    unreachable: 'asks nobody',
  },
  'no-floating-tag': {
    passes: {},
    fails: image('reg.example/web:latest'),
    as: 'refuse',
    unreachable: 'asks nobody',
  },
  'dependency-cycle': {
    passes: {},
    fails: { said: { services: { orders: { dependsOn: ['web'] } } } },
    as: 'refuse',
    unreachable: 'asks nobody',
  },
  'dependency-unknown': {
    passes: {},
    fails: ofWeb({ dependsOn: ['mail'] }),
    as: 'refuse',
    unreachable: 'asks nobody',
  },
  'dependency-version': {
    passes: ofWeb({ dependsOn: [{ service: 'orders', minVersion: '1.8' }] }),
    fails: ofWeb({ dependsOn: [{ service: 'orders', minVersion: '1.9' }] }),
    as: 'refuse',
    unreachable: 'asks nobody',
  },
  'contract-complete': {
    passes: spec({ contracts: [SCHEMA] }),
    fails: spec({ contracts: [{ ...SCHEMA, schemaFile: undefined }] }),
    as: 'refuse',
    unreachable: 'asks nobody',
  },
  'contract-order': {
    passes: spec({ contracts: [{ ...SCHEMA, compatibility: 'FORWARD' }] }),
    fails: spec({ contracts: [{ ...SCHEMA, compatibility: 'BACKWARD' }] }),
    as: 'refuse',
    unreachable: 'asks nobody',
  },
  'no-weakening': {
    passes: spec({ approvals: { required: 2 } }),
    fails: spec({ approvals: { required: 0 } }),
    as: 'refuse',
    unreachable: 'asks nobody',
  },
  'gate-complete': {
    passes: spec({ gates: [SAFE_GATE] }),
    fails: spec({ gates: [{ type: 'prometheus', threshold: '< 1' }] }),
    as: 'refuse',
    unreachable: 'asks nobody',
  },
  'not-carried-out': {
    passes: {},
    fails: spec({ type: 'rollback' }),
    as: 'refuse',
    unreachable: 'asks nobody',
  },
  'migration-plan-required': {
    passes: ofWeb({ schemaAffecting: false }),
    fails: ofWeb({ schemaAffecting: true }),
    as: 'refuse',
    unreachable: 'asks nobody',
  },
  'migration-compatible': {
    passes: migration({}),
    fails: migration({ constraint: undefined }),
    as: 'refuse',
    unreachable: 'asks nobody',
  },
  'migration-backout-plan': {
    passes: migration({}),
    fails: migration({ backoutPlan: undefined }),
    as: 'refuse',
    unreachable: 'asks nobody',
  },
  'db-plan-required': {
    passes: migration({}),
    fails: migration({}, { rollback: {} }),
    as: 'refuse',
    unreachable: 'asks nobody',
  },
  'no-destructive-with-code': {
    passes: migration({}),
    fails: migration({ phase: 'contract' }),
    as: 'refuse',
    unreachable: 'asks nobody',
  },
  'flag-plan-complete': {
    passes: spec({ flags: [FLAG] }),
    fails: spec({ flags: [{ ...FLAG, rollbackPlan: undefined }] }),
    as: 'refuse',
    unreachable: 'asks nobody',
  },
  'progressive-required': {
    passes: ofWeb(CANARY),
    fails: ofWeb({ rollout: { strategy: 'rolling' } }),
    as: 'refuse',
    unreachable: 'asks nobody',
  },
  'health-checks-declared': {
    passes: { said: { services: { orders: { healthChecks: BOTH }, web: { healthChecks: BOTH } } } },
    fails: {},
    as: 'warn',
    unreachable: 'asks nobody',
  },
  'rollout-strategy-declared': {
    passes: { said: { services: { orders: CANARY, web: CANARY } } },
    fails: {},
    as: 'warn',
    unreachable: 'asks nobody',
  },
} satisfies Record<string, Example>;
