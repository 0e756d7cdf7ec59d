import type { WindowStanding } from '../../../../src/domain/calendar/windows.ts';
import type { Measurement, PlannedGate } from '../../../../src/domain/gate/planned-gate.ts';
import type { ServiceNotes } from '../../../../src/domain/notes/release-notes.ts';
import type { FoundRollout, PreflightInput } from '../../../../src/domain/policy/preflight-input.ts';
import { plannedGate } from '../../gate/planned.ts';
import { contentOf, knownAs, serviceOf } from '../../plan/world.ts';
import { catalog, type Example, spec, type World } from './example.ts';

const NO_PLAN: World = { around: { plan: undefined } };
const AT = Date.parse('2026-11-20T14:00:00Z');

/** A gate before the start, and what it says of both services. */
function asked(type: PlannedGate['type'], outcome: Measurement['outcome']): World {
  const gate = plannedGate({ name: 'before', type, phase: 'preflight' });
  const measurement = { at: new Date(AT).toISOString(), outcome, note: 'what it saw' };
  const written = type === 'capacity' ? { type, query: 'room', threshold: '> 1' } : { type };
  return {
    ...spec({ gates: [{ ...written, name: 'before' }] }),
    around: { start: ['orders', 'web'].map((service) => ({ service, gate, measurement })) },
  };
}

const gateExample = (type: PlannedGate['type']): Example => ({
  passes: asked(type, 'pass'),
  fails: asked(type, 'fail'),
  as: 'refuse',
  unreachable: asked(type, 'error'),
});

/** A service that promises 99 %, and a canary that lets this share of failures pass. */
function limited(threshold: string): World {
  const slo = { objective: 99, errorQuery: 'e[{{window}}]', totalQuery: 't[{{window}}]' };
  const query = 'sum(rate(r{code=~"5.."}[5m])) / sum(rate(r[5m]))';
  const gates = [{ type: 'prometheus' as const, query, threshold }];
  return {
    input: { catalog: { services: { ...catalog.services, web: serviceOf('web', { slo, gates }) } } },
  };
}

const changes = (standing: WindowStanding): World => ({ around: { changes: { standing, now: AT } } });

function promised(until: string): World {
  const contract = { type: 'openapi', service: 'web', schemaFile: 'web.yaml', consumers: ['orders'] };
  return {
    ...spec({ contracts: [{ ...contract, window: { from: '2026-06-01', until } }] }),
    around: { changes: { standing: { kind: 'open' }, now: AT } },
  };
}

const REVISION = 'a'.repeat(40);
const commits = (undone: number, total = 1): ServiceNotes => ({
  kind: 'commits',
  repository: 'source',
  from: REVISION,
  to: 'b'.repeat(40),
  commits: [],
  total,
  undone,
  strangers: [],
});

/** A hotfix of `web`, tier 1, for an open incident, with more or less of what it needs. */
function hotfix(around: Partial<PreflightInput> = {}): World {
  const tier1 = serviceOf('web', { tier: 1, gates: ['errors'] });
  const known = {
    orders: [knownAs(contentOf('orders', '1.7.0'), 1)],
    web: [knownAs(contentOf('web', '9.9.1'), 1)],
  };
  return {
    said: { spec: { type: 'hotfix' }, annotations: { 'signalbox/incident': 'INC-3' } },
    input: { catalog: { services: { ...catalog.services, web: tier1 } }, known },
    around: {
      incident: { id: 'INC-3', isOpen: true },
      notes: { orders: commits(0), web: commits(0) },
      rollouts: stepped([{ setWeight: 10 }]),
      ...around,
    },
  };
}

function stepped(steps: unknown[]): Record<string, FoundRollout> {
  return { 'main/prod/web': { kind: 'found', in: 'Git', strategy: 'canary', steps } };
}

/** Of every rule about the start of a release: something real that it lets pass, something that it does not, and nobody's answer. */
export const START_EXAMPLES = {
  'error-budget': gateExample('errorBudget'),
  'no-active-sev1': gateExample('incident'),
  capacity: gateExample('capacity'),
  'gate-threshold-vs-slo': {
    passes: limited('< 14%'),
    fails: limited('< 15%'),
    as: 'warn',
    unreachable: 'asks nobody',
  },
  'freeze-window': {
    passes: changes({ kind: 'open', closes: { at: AT + 3_600_000, window: 'weekend', reason: 'rest' } }),
    fails: changes({ kind: 'closed', window: 'weekend', reason: 'rest' }),
    as: 'warn',
    unreachable: 'asks nobody',
  },
  'batch-size': {
    passes: { around: { notes: { web: commits(0, 100) } } },
    fails: { around: { notes: { web: commits(0, 101) } } },
    as: 'warn',
    unreachable: NO_PLAN,
  },
  'release-overlap': {
    passes: {
      around: { others: [{ release: 'prod/other-2026-11-20.1', state: 'moving', services: ['search'] }] },
    },
    fails: {
      around: { others: [{ release: 'prod/other-2026-11-20.1', state: 'moving', services: ['orders'] }] },
    },
    as: 'warn',
    unreachable: NO_PLAN,
  },
  'contract-window': {
    passes: promised('2027-06-30'),
    fails: promised('2026-11-25'),
    as: 'warn',
    unreachable: 'asks nobody',
  },
  'hotfix-incident': {
    passes: hotfix(),
    fails: hotfix({ incident: { id: 'INC-3', isOpen: false } }),
    as: 'refuse',
    unreachable: 'asks nobody',
  },
  'hotfix-base': {
    passes: hotfix(),
    fails: hotfix({ notes: { orders: commits(0), web: commits(2) } }),
    as: 'refuse',
    unreachable: hotfix({ notes: { orders: commits(0), web: { kind: 'silent', says: 'Git is away' } } }),
  },
  'hotfix-canary': {
    passes: hotfix(),
    fails: hotfix({ rollouts: stepped([]) }),
    as: 'refuse',
    unreachable: hotfix({ rollouts: { 'main/prod/web': { kind: 'unreadable', says: 'Git is away' } } }),
  },
} satisfies Record<string, Example>;
