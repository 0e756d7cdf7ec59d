import { z } from 'zod';

/** Name of whoever reports artifacts, in `signalbox.yaml`. */
export const ReporterName = z.string().regex(/^[a-z0-9]([-a-z0-9_.]{0,61}[a-z0-9])?$/i, {
  error: 'must be letters, digits, dots, hyphens and underscores, at most 63',
});

/** What a scanner or a suite is called: shown in refusals, compared as it stands. */
const ToolName = z
  .string()
  .regex(/^[\w.@/+ -]{1,60}$/)
  .describe('Name and version of whoever looked, such as trivy 0.58');

const Count = z.int().min(0).max(1_000_000);

/** Findings by severity. A severity that is left out was not looked for: that is no zero. */
const Findings = z.strictObject({
  critical: Count.optional(),
  high: Count.optional(),
  medium: Count.optional(),
  low: Count.optional(),
  tool: ToolName.optional(),
});
export type Findings = z.infer<typeof Findings>;

/** Name of a check as CI calls it: `unit`, `kubeconform`, `build / test (20)`. */
export const CheckName = z.string().regex(/^[^\s\p{Cc}](?:[^\p{Cc}]{0,98}[^\s\p{Cc}])?$/u, {
  error: 'must be 1 to 100 characters without control characters, and no space at its ends',
});

/** Checks of one artifact; a pipeline has a dozen. */
const MOST_CHECKS = 100;

/** What CI found out about one artifact. Each part is as it was reported; what is absent was not looked at, and is no pass. */
export const Evidence = z.strictObject({
  coverage: z
    .strictObject({ lines: z.number().min(0).max(100).describe('Lines covered, in per cent') })
    .optional(),
  sast: Findings.optional().describe('Findings in the source, as of semgrep'),
  vulnerabilities: Findings.optional().describe('Known weaknesses of image and dependencies, as of trivy'),
  secrets: z
    .strictObject({ found: Count, tool: ToolName.optional() })
    .optional()
    .describe('Secrets that were found in the source, as of gitleaks'),
  sbom: z
    .strictObject({
      format: z.enum(['spdx', 'cyclonedx']),
      url: z
        .url({ protocol: /^https?$/ })
        .max(500)
        .optional(),
    })
    .optional()
    .describe('A list of everything in it'),
  checks: z
    .record(CheckName, z.enum(['passed', 'failed', 'skipped']))
    .refine((checks) => Object.keys(checks).length <= MOST_CHECKS, {
      error: `has more than ${MOST_CHECKS} checks`,
    })
    .optional()
    .describe('What else was run, such as unit, contract, kubeconform, helm-template, terraform-validate'),
});
export type Evidence = z.infer<typeof Evidence>;

/** Several reports on the same bytes, oldest first, as one: the newest word of each part counts. */
export function mergeEvidence(reports: readonly Evidence[]): Evidence {
  const checks = Object.assign({}, ...reports.map((report) => report.checks ?? {}));
  const merged: Evidence = Object.assign({}, ...reports);
  return { ...merged, ...(Object.keys(checks).length > 0 && { checks }) };
}
