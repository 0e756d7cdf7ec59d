import type { Checklist } from '../../../../src/domain/checklist/checklist.ts';
import type { FoundChecklists } from '../../../../src/domain/checklist/found-checklists.ts';
import type { ContractAnswer } from '../../../../src/domain/contract/contract-answer.ts';
import type { ConftestAnswer } from '../../../../src/domain/policy/conftest.ts';
import type { FoundRollout } from '../../../../src/domain/policy/preflight-input.ts';
import { ANA, BEN, CLEO, catalogOf, contentOf, knownAs, serviceOf } from '../../plan/world.ts';
import {
  CANARY,
  catalog,
  contents,
  type Example,
  ofWeb,
  SAFE_GATE,
  SCHEMA,
  spec,
  type World,
} from './example.ts';

const NO_PLAN: World = { around: { plan: undefined } };
const NO_ROLES: World = { around: { members: {} } };

const rollout = (found: FoundRollout): World => ({
  ...ofWeb(CANARY),
  around: { rollouts: { 'main/prod/web': found } },
});
const contract = (answer: ContractAnswer): World => ({
  ...spec({ contracts: [{ ...SCHEMA, compatibility: 'FULL' }] }),
  input: { catalog: catalogOf({ orders: [], web: [] }) },
  around: { contracts: { 'contracts[0]': answer } },
});
const registrySays = (isCompatible: boolean): ContractAnswer => ({
  of: 'schema',
  answer: { kind: 'judged', isCompatible, messages: [], level: 'FULL', isNew: false },
});
const tier1 = (gates: string[]): World => ({
  input: { catalog: { services: { ...catalog.services, web: serviceOf('web', { tier: 1, gates }) } } },
});

/** Of every rule that asks the world: something real that it lets pass, something that it does not, and nobody's answer. */
/** A list with so many items. */
function checklistOf(length: number): Checklist {
  const items = Array.from({ length }, (_, at): Checklist['items'][number] => ({
    id: `item-${at}`,
    phase: 'preflight',
    text: 'It is so',
    line: at + 1,
    blocks: 'start',
    checks: [{ kind: 'rule', name: 'policy' }],
    by: 'checker',
  }));
  return {
    repository: 'gitops',
    path: 'checklists/a.md',
    commit: 'c0ffee',
    hash: 'a'.repeat(64),
    title: 'A',
    items,
  };
}

function checklists(found: Partial<Extract<FoundChecklists, { kind: 'found' }>>): World {
  return { around: { checklists: { kind: 'found', lists: [], faults: [], ...found } } };
}

const EVALUATED = { filename: 'k8s/web.yaml', namespace: 'main', successes: 1 };

/** Results for `web`, whose catalog entry asks for some. */
function conftest(answer: ConftestAnswer): World {
  const asks = { conftest: { file: 'evidence/{version}.json', namespaces: ['main'] } };
  const services = {
    ...catalog.services,
    web: serviceOf('web', { ...asks, dependsOn: [{ service: 'orders' }] }),
  };
  return { input: { catalog: { services } }, around: { conftest: { web: answer } } };
}

export const WORLD_EXAMPLES = {
  'digest-exists': {
    passes: {},
    fails: {
      input: {
        contents: { orders: contents.orders },
        unresolved: [{ service: 'web', container: 'web', says: 'reg.example/web has no 9.10.0' }],
      },
    },
    as: 'refuse',
    unreachable: 'the cut asks before',
  },
  'environment-order': {
    passes: {},
    fails: { around: { earlier: [{ environment: 'dev', known: {} }] } },
    as: 'refuse',
    unreachable: NO_PLAN,
  },
  'slo-gate-required': {
    passes: spec({ gates: [SAFE_GATE] }),
    fails: tier1([]),
    as: 'refuse',
    unreachable: NO_PLAN,
  },
  'gate-query-not-ratio': {
    passes: spec({ gates: [SAFE_GATE] }),
    fails: spec({
      gates: [
        { ...SAFE_GATE, query: 'sum(rate(http_requests_total{status=~"5.."}[5m]))', threshold: '< 0.02' },
      ],
    }),
    as: 'warn',
    unreachable: NO_PLAN,
  },
  'owners-declared': {
    passes: {},
    fails: { around: { members: { managers: [BEN], 'orders-owners': [CLEO], 'web-owners': [] } } },
    as: 'warn',
    unreachable: NO_ROLES,
  },
  'maker-checker': {
    passes: {},
    fails: { around: { members: { managers: [ANA], 'orders-owners': [CLEO], 'web-owners': [CLEO] } } },
    as: 'refuse',
    unreachable: NO_ROLES,
  },
  'no-downgrade': {
    passes: {},
    fails: { input: { known: { web: [knownAs(contentOf('web', '9.11.0'), 1)] } } },
    as: 'warn',
    unreachable: NO_PLAN,
  },
  'rollout-agrees': {
    passes: rollout({ kind: 'found', in: 'Git', strategy: 'canary', steps: [] }),
    fails: rollout({ kind: 'found', in: 'Git', strategy: 'blueGreen', steps: [] }),
    as: 'refuse',
    unreachable: rollout({ kind: 'unreadable', says: 'Git is away' }),
  },
  'contract-compatible': {
    passes: contract(registrySays(true)),
    fails: contract(registrySays(false)),
    as: 'refuse',
    unreachable: contract({ of: 'unknown', says: 'the schema registry cannot be reached' }),
  },
  'checklist-complete': {
    passes: checklists({ lists: [checklistOf(3)] }),
    fails: checklists({ faults: [{ path: 'checklists/a.md', line: 3, says: 'says no owner' }] }),
    as: 'refuse',
    unreachable: { around: { checklists: { kind: 'unknown', says: 'Git is away' } } },
  },
  'checklist-length': {
    passes: checklists({ lists: [checklistOf(10)] }),
    fails: checklists({ lists: [checklistOf(11)] }),
    as: 'warn',
    unreachable: 'asks nobody',
  },
  conftest: {
    passes: conftest({ kind: 'read', commit: 'c0ffee', value: [{ ...EVALUATED, warnings: null }] }),
    fails: conftest({
      kind: 'read',
      commit: 'c0ffee',
      value: [{ ...EVALUATED, failures: [{ msg: 'no limit' }] }],
    }),
    as: 'refuse',
    unreachable: conftest({ kind: 'unknown', says: 'Git is away' }),
  },
  policy: {
    passes: { around: { policy: { kind: 'decided', result: { deny: [] }, revision: 'a41c' } } },
    fails: { around: { policy: { kind: 'decided', result: { deny: ['no'] }, revision: 'a41c' } } },
    as: 'refuse',
    unreachable: { around: { policy: { kind: 'unknown', says: 'the policy server cannot be reached' } } },
  },
} satisfies Record<string, Example>;
