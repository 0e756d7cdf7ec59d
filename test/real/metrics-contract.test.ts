import { describe } from 'vitest';
import { createMetrics } from '../../src/adapters/prometheus/metrics.ts';
import { metricsContract } from '../contracts/metrics.ts';
import { contractHistory } from '../sandbox/metrics/history.ts';
import { startOnHistory } from './servers/prometheus.ts';

describe('the adapter and Prometheus itself', () => {
  metricsContract(async () => {
    const { samples, facts } = contractHistory(Date.now());
    const prometheus = await startOnHistory(samples);
    return {
      metrics: createMetrics({ main: prometheus }),
      ...facts,
      goAway: async () => prometheus[Symbol.asyncDispose](),
      [Symbol.asyncDispose]: async () => prometheus[Symbol.asyncDispose](),
    };
  });
});
