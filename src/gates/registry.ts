import type { Gate } from './gate.ts';
import { prometheusGate } from './prometheus.ts';

/** Every gate that measures. A manual gate is not here: only a person answers it. */
export const gates: readonly Gate[] = [prometheusGate];
