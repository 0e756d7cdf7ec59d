import { errorBudgetGate } from './error-budget.ts';
import type { Gate } from './gate.ts';
import { incidentGate } from './incident.ts';
import { capacityGate, prometheusGate } from './prometheus.ts';

/** Every gate that measures. A manual gate is not here: only a person answers it. */
export const gates: readonly Gate[] = [prometheusGate, capacityGate, errorBudgetGate, incidentGate];
