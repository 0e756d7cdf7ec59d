import type { ChartAnswer } from '../../../../src/domain/policy/chart-answer.ts';
import { type Example, ofWeb, type World } from './example.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const chart = (answer: ChartAnswer): World => ({
  ...ofWeb({ chart: 'oci://reg.example/charts/web', chartVersion: '1.42.0', chartDigest: DIGEST }),
  around: { charts: { web: answer } },
});

/** Of the rule that asks registries, and only for documents that name a chart. */
export const CHART_EXAMPLES = {
  'chart-exists': {
    passes: chart({ kind: 'found', digest: DIGEST }),
    fails: chart({ kind: 'found', digest: `sha256:${'b'.repeat(64)}` }),
    as: 'refuse',
    unreachable: chart({ kind: 'unknown', says: 'the registry can’t be reached' }),
  },
} satisfies Record<string, Example>;
