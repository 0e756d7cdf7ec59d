import { z } from 'zod';
import { own } from '../document/own.ts';
import type { ReleaseId, ReleaseName, ServiceName } from '../ids.ts';

/** As much of a release document as dropping a service touches; whatever else somebody wrote stays as it is. */
const Amendable = z.looseObject({
  metadata: z.looseObject({ annotations: z.record(z.string(), z.unknown()).optional() }),
  spec: z.looseObject({
    services: z.record(z.string(), z.unknown()),
    contracts: z
      .array(
        z.looseObject({
          producer: z.string().optional(),
          service: z.string().optional(),
          pacticipant: z.string().optional(),
        }),
      )
      .optional(),
    flags: z.array(z.looseObject({ services: z.array(z.string()).optional() })).optional(),
    migrations: z.array(z.looseObject({ services: z.array(z.string()).optional() })).optional(),
    gates: z.array(z.looseObject({ services: z.array(z.string()).optional() })).optional(),
  }),
});

/**
 * A release document under another name without some of its services. Gates, flags and migrations that were only about them go with
 * them, and so do contracts that they make. Throws
 * `ZodError` for what is no release document, which the recorded text of a release always is.
 */
export function withoutServices(
  document: unknown,
  to: { dropped: readonly ServiceName[]; name: ReleaseName; amends: ReleaseId; requestedBy: string },
): Record<string, unknown> {
  const { metadata, spec, ...rest } = Amendable.parse(document);
  const stays = (service: string) => !to.dropped.includes(service);
  const services = Object.keys(spec.services)
    .filter(stays)
    .map((service) => [service, own(spec.services, service)]);
  const staying = <T extends { services?: string[] | undefined }>(part: T): T[] => {
    if (part.services === undefined) return [part];
    const about = part.services.filter(stays);
    return about.length > 0 ? [{ ...part, services: about }] : [];
  };
  const gates = spec.gates?.flatMap(staying);
  const flags = spec.flags?.flatMap(staying);
  const migrations = spec.migrations?.flatMap(staying);
  const contracts = spec.contracts?.filter(({ producer, service, pacticipant }) =>
    stays(producer ?? service ?? pacticipant ?? ''),
  );
  const { gates: _, contracts: __, flags: ___, migrations: ____, ...otherwise } = spec;
  return {
    ...rest,
    metadata: {
      ...metadata,
      name: to.name,
      annotations: {
        ...metadata.annotations,
        'signalbox/requested-by': to.requestedBy,
        'signalbox/amends': to.amends,
      },
    },
    spec: {
      ...otherwise,
      services: Object.fromEntries(services),
      ...(migrations && migrations.length > 0 && { migrations }),
      ...(contracts && contracts.length > 0 && { contracts }),
      ...(flags && flags.length > 0 && { flags }),
      ...(gates && gates.length > 0 && { gates }),
    },
  };
}
