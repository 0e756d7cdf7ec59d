import type { PlannedGate, Verdict } from '../gate/planned-gate.ts';
import type { ServiceName } from '../ids.ts';
import type { PreflightRow } from '../policy/row.ts';

/** The seven parts of a way to release that can be trusted. Source: the implementation checklist of seed 000. */
export const READINESS_PARTS = [
  'manifest',
  'preflight',
  'provenance',
  'progressive',
  'verification',
  'rollback',
  'audit',
] as const;
export type ReadinessPart = (typeof READINESS_PARTS)[number];

/** What is known of one service in the environment that matters, from its newest release there. */
export interface ReadinessBasis {
  service: ServiceName;
  /** Content that a release proved; not only found running. */
  verified: boolean;
  /** The newest release of it; absent: none, or only a rollback. */
  last?:
    | {
        rows: readonly PreflightRow[];
        gates: readonly PlannedGate[];
        verdicts: readonly Verdict[];
        approvals: number;
        /** How many are asked for. */
        asked: number;
      }
    | undefined;
  /** Steps of its Rollouts' canaries; absent: the cluster does not say now. */
  steps?: number | undefined;
  /** When it was last taken back with proof, by need or for practice; absent: never, as far as the record is looked through. */
  takenBackAt?: string | undefined;
  /** Milliseconds since 1970. */
  now: number;
}

export interface ReadinessRow {
  part: ReadinessPart;
  met: boolean;
  /** What is so. */
  says: string;
  /** What to do; absent when it is met. */
  remedy?: string | undefined;
}

/** A rollback that was never tried in this time is a hope. Source: DOMAIN's `rollback-rehearsed`, which advises 30 days; a quarter is the least. */
const REHEARSED_WITHIN_MS = 90 * 24 * 3600 * 1000;

/** Rules about where images come from. */
const PROVENANCE = /^provenance-/;

/** Which of the seven a service has. What nobody can tell is not in place. */
export function readinessOf(basis: ReadinessBasis): ReadinessRow[] {
  return [
    manifest(basis),
    preflight(basis),
    provenance(basis),
    progressive(basis),
    verification(basis),
    rollback(basis),
    audit(basis),
  ];
}

function row(part: ReadinessPart, met: boolean, words: { says: string; remedy: string }): ReadinessRow {
  return { part, met, says: words.says, ...(!met && { remedy: words.remedy }) };
}

function manifest({ verified }: ReadinessBasis): ReadinessRow {
  return row('manifest', verified, {
    says: verified
      ? 'a release document with digests put it there, and it was proved'
      : 'no release has proved what runs',
    remedy: 'Release it once.',
  });
}

function preflight({ last }: ReadinessBasis): ReadinessRow {
  const rows = last?.rows ?? [];
  const unknown = rows.filter(({ outcome }) => outcome === 'unknown').map(({ rule }) => rule);
  const says =
    rows.length === 0
      ? 'no rule was judged for it yet'
      : unknown.length > 0
        ? `${unknown.join(', ')} could not be judged`
        : `${new Set(rows.map(({ rule }) => rule)).size} rules were judged`;
  return row('preflight', rows.length > 0 && unknown.length === 0, {
    says,
    remedy: 'Cut a release of it; signalbox check tells what cannot be asked.',
  });
}

function provenance({ last }: ReadinessBasis): ReadinessRow {
  const own = (last?.rows ?? []).filter(({ rule }) => PROVENANCE.test(rule));
  const isFine = own.length > 0 && own.every(({ outcome }) => outcome === 'pass');
  return row('provenance', isFine, {
    says: isFine
      ? 'signatures and bills of materials are verified'
      : 'nothing verifies signature and SBOM of its images',
    remedy: 'Ask for them in the release document, and sign what CI builds.',
  });
}

function progressive({ steps, last }: ReadinessBasis): ReadinessRow {
  const gates = (last?.gates ?? []).filter((gate) => gate.required && gate.phase !== 'postDeploy');
  const met = (steps ?? 0) > 0 && gates.length > 0;
  const said = steps === undefined ? 'the cluster does not tell its steps now' : `${steps} canary steps`;
  return row('progressive', met, {
    says: `${said}, ${gates.length === 0 ? 'no required gate' : `gates ${gates.map(({ name }) => name).join(', ')}`}`,
    remedy: 'Give its Rollout canary steps, and its environment or catalog entry a gate.',
  });
}

function verification({ last }: ReadinessBasis): ReadinessRow {
  const passed = (last?.verdicts ?? []).filter((verdict) => verdict === 'pass').length;
  return row('verification', passed > 0, {
    says:
      passed > 0
        ? `${passed} gates passed in its newest release`
        : 'no gate was judged in its newest release',
    remedy: 'Bind a gate to it, such as one after the deployment (phase: postDeploy).',
  });
}

function rollback({ takenBackAt, now }: ReadinessBasis): ReadinessRow {
  const met = takenBackAt !== undefined && now - Date.parse(takenBackAt) <= REHEARSED_WITHIN_MS;
  return row('rollback', met, {
    says:
      takenBackAt === undefined
        ? 'its way back was never tried'
        : `last taken back ${takenBackAt.slice(0, 10)}`,
    remedy: 'Take it back once, somewhere and on a quiet day: /rollback.',
  });
}

function audit({ last }: ReadinessBasis): ReadinessRow {
  const met = last !== undefined && last.asked > 0 && last.approvals > 0;
  return row('audit', met, {
    says:
      last === undefined
        ? 'no release of it is in the record'
        : met
          ? 'who approved, what changed and how it ended is in the record'
          : 'the record holds its releases, and nobody approved the newest',
    remedy: 'Ask for an approval where it matters: environments[].approvals.',
  });
}
