import { parse } from 'semver';
import { own } from '../../document/own.ts';
import type { ServiceName } from '../../ids.ts';
import type { PlanInput } from '../../plan/plan-input.ts';
import { type Finding, findingAt } from '../finding.ts';
import type { PreflightInput } from '../preflight-input.ts';

/** A chart that a document names, and can be asked for. */
export interface ChartAsked {
  service: ServiceName;
  /** Without `oci://`. */
  repository: string;
  version: string;
}

const OCI = /^oci:\/\/([a-z0-9.-]+(?::\d+)?(?:\/[a-z0-9._-]+)+)$/;

/** The charts of a document that a registry can be asked for. */
export function chartsAsked({ manifest }: Pick<PlanInput, 'manifest'>): ChartAsked[] {
  return Object.entries(manifest.spec.services).flatMap(([service, { chart, chartVersion }]) => {
    const repository = OCI.exec(chart ?? '')?.[1];
    return repository !== undefined && chartVersion !== undefined && parse(chartVersion)
      ? [{ service, repository, version: chartVersion }]
      : [];
  });
}

/** Whether a document pins any chart. */
export function pinsCharts({ manifest }: Pick<PlanInput, 'manifest'>): boolean {
  return Object.values(manifest.spec.services).some(
    ({ chart, chartVersion, chartDigest }) => (chart ?? chartVersion ?? chartDigest) !== undefined,
  );
}

/** `chart-version-exact`: a chart is named by registry and repository, and by one version that cannot mean another tomorrow. */
export function chartVersionExact(input: PlanInput): Finding[] {
  return Object.entries(input.manifest.spec.services).flatMap(([service, written]) => {
    const { chart, chartVersion, chartDigest } = written;
    const at = (key: string, says: string, remedy: string) =>
      findingAt(input.document, {
        rule: 'chart-version-exact',
        path: ['spec', 'services', service, ...(key in written ? [key] : [])],
        says,
        remedy,
      });
    return [
      ...(chart !== undefined && !OCI.test(chart)
        ? [at('chart', `${chart} is no chart of an OCI registry`, 'Write oci:// and the repository, no tag.')]
        : []),
      ...(chartVersion !== undefined && !parse(chartVersion)
        ? [at('chartVersion', `${chartVersion} is no exact version`, 'Write all of it, such as "1.42.0".')]
        : []),
      ...((chart ?? chartDigest) !== undefined && chartVersion === undefined
        ? [at('chart', 'names a chart and no version of it', 'Say chartVersion, such as "1.42.0".')]
        : []),
      ...(chartDigest !== undefined && chart === undefined
        ? [at('chartDigest', 'pins the digest of no chart', 'Say chart: oci://… beside it.')]
        : []),
    ];
  });
}

/** `chart-exists`: the registry has every chart at its version, with the digest that is stated. */
export function chartExists(input: PreflightInput): Finding[] {
  return chartsAsked(input).flatMap(({ service, repository, version }) => {
    const { chartDigest } = input.manifest.spec.services[service] ?? {};
    const answer = own(input.charts ?? {}, service) ?? { kind: 'unknown', says: 'nobody was asked' };
    const at = (key: string, severity: Finding['severity'], words: { says: string; remedy: string }) => [
      findingAt(input.document, {
        rule: 'chart-exists',
        severity,
        required: true,
        path: ['spec', 'services', service, key],
        ...words,
      }),
    ];
    if (answer.kind === 'unknown')
      return at('chart', 'unknown', {
        says: `whether ${repository} has ${version} is not known: ${answer.says}`,
        remedy: 'Try again when the registry answers.',
      });
    if (answer.kind === 'missing')
      return at('chartVersion', 'error', {
        says: answer.says,
        remedy: 'Push the chart, or name a version that is there.',
      });
    if (chartDigest === undefined || chartDigest === answer.digest) return [];
    return at('chartDigest', 'error', {
      says: `${repository} ${version} is ${answer.digest} there, and ${chartDigest} here`,
      remedy: 'Find out who pushed it again; then write the digest that was reviewed.',
    });
  });
}
