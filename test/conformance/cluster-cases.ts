import { abortCases } from './cluster/abort-cases.ts';
import { analysisCases } from './cluster/analysis-cases.ts';
import { apiCases } from './cluster/api-cases.ts';
import { backgroundCases } from './cluster/background-cases.ts';
import { canaryCases } from './cluster/canary-cases.ts';
import type { ConformanceCase } from './cluster/case.ts';
import { lifeCases } from './cluster/life-cases.ts';
import { routerCases } from './cluster/router-cases.ts';
import { undoCases } from './cluster/undo-cases.ts';

/**
 * What the product relies on of a Kubernetes cluster with Argo Rollouts. The simulated cluster and the real control plane are
 * held against the same list: where they differ, the simulated one is wrong.
 */
export const clusterCases: readonly ConformanceCase[] = [
  ...apiCases,
  ...canaryCases,
  ...lifeCases,
  ...abortCases,
  ...undoCases,
  ...routerCases,
  ...analysisCases,
  ...backgroundCases,
];
