import { z } from 'zod';

/**
 * A Kubernetes-style name (RFC 1123 label). Names become file names, label values and arguments, so nothing else gets in.
 * Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names
 */
const label = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, {
  message: 'must be 1 to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends',
});

/** A deployable unit of the catalog, such as `orders-api`. */
export const ServiceName = label;
export type ServiceName = z.infer<typeof ServiceName>;

/** A stage of the promotion order, such as `prod`. */
export const EnvironmentName = label;
export type EnvironmentName = z.infer<typeof EnvironmentName>;

/** A release's name, `<train>-YYYY-MM-DD.N`; it goes with its content from environment to environment. */
export const ReleaseName = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?-\d{4}-\d{2}-\d{2}\.[1-9]\d{0,4}$/, {
    message: 'must look like checkout-2026-11-20.3',
  });
export type ReleaseName = z.infer<typeof ReleaseName>;

/** A release in an environment: `<environment>/<name>`. */
export const ReleaseId = z.templateLiteral([EnvironmentName, '/', ReleaseName]);
export type ReleaseId = z.infer<typeof ReleaseId>;

/** The unit of exclusion, one service in one environment: `<environment>/<service>`. */
export const TrackId = z.templateLiteral([EnvironmentName, '/', ServiceName]);
export type TrackId = z.infer<typeof TrackId>;

/** A person of a Slack workspace in the one spelling used everywhere: `slack:<team>:<user>`. */
export const PersonId = z
  .string()
  .regex(/^slack:[A-Z0-9]+:[A-Z0-9]+$/) as z.ZodType<`slack:${string}:${string}`>;
export type PersonId = `slack:${string}:${string}`;

/** Somebody at GitHub, of whom nothing more is known yet: `github:<login>`. */
export const LoginId = z
  .string()
  .regex(/^github:[A-Za-z0-9][A-Za-z0-9_[\]-]{0,99}$/) as z.ZodType<`github:${string}`>;
export type LoginId = `github:${string}`;

/** An incident's id: `INC-<number>`. */
export const IncidentId = z.string().regex(/^INC-[1-9]\d*$/) as z.ZodType<`INC-${number}`>;
export type IncidentId = `INC-${number}`;

/** SHA-256 as `sha256:` and 64 lower-case hexadecimal digits: the only form of an image's identity that is accepted. */
export const Digest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, { message: 'must be sha256: and 64 lower-case hexadecimal digits' });
export type Digest = z.infer<typeof Digest>;

/** A moment as ISO 8601 in UTC with milliseconds, as `Date.prototype.toISOString` writes it. */
export const Instant = z.iso.datetime();
export type Instant = z.infer<typeof Instant>;

/** An append-only sequence of facts with a version and a hash chain of its own. */
export const StreamId = z
  .string()
  .regex(
    /^(release:.+\/.+|environment:.+|incident:INC-\d+|service:[a-z0-9-]+|installation)$/,
  ) as z.ZodType<StreamId>;
export type StreamId =
  | `release:${string}/${string}`
  | `environment:${string}`
  | `incident:${IncidentId}`
  | `service:${string}`
  | 'installation';

export function releaseId(environment: EnvironmentName, name: ReleaseName): ReleaseId {
  return `${environment}/${name}`;
}

export function trackId(environment: EnvironmentName, service: ServiceName): TrackId {
  return `${environment}/${service}`;
}

export function releaseStream(id: ReleaseId): StreamId {
  return `release:${id}`;
}

export function environmentStream(environment: EnvironmentName): StreamId {
  return `environment:${environment}`;
}

export function incidentStream(id: IncidentId): StreamId {
  return `incident:${id}`;
}

export function serviceStream(service: ServiceName): StreamId {
  return `service:${service}`;
}

/** The environment and the name of a release id. */
export function splitReleaseId(id: ReleaseId): { environment: EnvironmentName; name: ReleaseName } {
  const cut = id.indexOf('/');
  return { environment: id.slice(0, cut), name: id.slice(cut + 1) };
}
