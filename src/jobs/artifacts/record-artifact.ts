import { type Artifact, type ArtifactReport, imageParts } from '../../domain/artifact/artifact.ts';
import type { ArtifactRecorded, ReportedBy } from '../../domain/artifact/reported-by.ts';
import { type CatalogService, catalogService } from '../../domain/catalog/catalog.ts';
import { type ServiceName, serviceStream } from '../../domain/ids.ts';
import { didYouMean } from '../../domain/naming/nearest.ts';
import { UnavailableError } from '../../errors.ts';
import type { Ports } from '../../ports/ports.ts';
import type { CatalogSource } from '../cut/catalog-source.ts';
import { readService } from '../read-state.ts';
import { stamp } from '../record.ts';

export type ArtifactPorts = Pick<Ports, 'ledger' | 'snapshots' | 'registry' | 'clock'>;

/**
 * Records what a build reports, once, with every image resolved to its digest. Throws `UnavailableError` while the store, the
 * registry or Git is away: nothing is recorded then, and the build sends it again.
 */
export async function recordArtifact(
  ports: ArtifactPorts,
  catalog: Pick<CatalogSource, 'load'>,
  { report, by }: { report: ArtifactReport; by: ReportedBy },
): Promise<ArtifactRecorded> {
  const { service } = report;
  const refused = mayReport(by, service);
  if (refused) return refused;
  const { state } = await readService(ports, service);
  const known = state.reports.find(({ artifact }) => artifact === by.id);
  if (known) {
    const { at: _, ...artifact } = known;
    return { kind: 'recorded', artifact, isRepeated: true };
  }
  const { services } = await catalog.load();
  const entry = catalogService({ services }, service);
  if (entry === undefined) {
    const near = didYouMean(service, Object.keys(services));
    return {
      kind: 'refused',
      says: `There is no service ${service}: ${near}.`,
      remedy: 'Name it as the catalog does, or add it there.',
    };
  }
  const images = await imagesOf(ports, { report, entry });
  if (images.kind === 'refused') return images;
  const { version, commit, build, evidence } = report;
  const called = version ?? Object.values(images.images).find(({ tag }) => tag !== undefined)?.tag;
  const artifact: Artifact = {
    artifact: by.id,
    reporter: by.reporter,
    images: images.images,
    ...(called !== undefined && { version: called }),
    ...(commit !== undefined && { commit }),
    ...(build !== undefined && { build }),
    evidence,
  };
  return { kind: 'recorded', artifact, isRepeated: await append(ports, { service, artifact }) };
}

function mayReport({ reporter, services }: ReportedBy, service: ServiceName): ArtifactRecorded | undefined {
  if (services === undefined || services.includes(service)) return undefined;
  return {
    kind: 'forbidden',
    says: `${reporter} may not report ${service}: it speaks for ${services.join(', ')}.`,
    remedy: `Add ${service} to artifacts.reporters.${reporter}.services in signalbox.yaml.`,
  };
}

type Images =
  | { kind: 'resolved'; images: Artifact['images'] }
  | Extract<ArtifactRecorded, { kind: 'refused' }>;

/** Every container of the service has its image, from the repository that the catalog names, and the registry has it. */
async function imagesOf(
  { registry }: Pick<Ports, 'registry'>,
  { report, entry }: { report: ArtifactReport; entry: CatalogService },
): Promise<Images> {
  const texts = report.images ?? (report.image === undefined ? [] : [report.image]);
  const parts = texts.map(imageParts);
  const wanted = Object.values(entry.images);
  const foreign = parts.find(({ repository }) => !wanted.includes(repository));
  if (foreign)
    return refuse(
      `${foreign.repository} is no image of ${report.service}: the catalog says ${wanted.join(', ')}.`,
      'Report the images that the catalog names.',
    );
  const images: Artifact['images'] = {};
  for (const [container, repository] of Object.entries(entry.images)) {
    const named = parts.filter((part) => part.repository === repository);
    const [one] = named;
    if (one === undefined || named.length > 1)
      return refuse(
        `${one === undefined ? 'There is no' : 'There is more than one'} image of ${repository}, for container ${container}.`,
        'Name one image for each container, under images.',
      );
    const { tag, digest } = one;
    if (tag === undefined && digest === undefined)
      return refuse(`${repository} comes with neither tag nor digest.`, 'Add @sha256:… to it.');
    const asked = digest === undefined ? { tag: tag ?? '' } : { digest };
    const found = await registry.resolve(repository, asked);
    if (found.kind === 'missing')
      return refuse(
        `${repository} has no ${digest ?? tag}${found.known.length > 0 ? `; it has ${found.known.join(', ')}` : ''}.`,
        'Push the image before it is reported.',
      );
    if (found.kind === 'refused')
      return refuse(
        `The registry refuses ${repository}: ${found.reason}.`,
        'See that Signalbox may pull from there: signalbox check.',
      );
    images[container] = { repository, digest: found.image.digest, ...(tag !== undefined && { tag }) };
  }
  return { kind: 'resolved', images };
}

function refuse(says: string, remedy: string): Extract<ArtifactRecorded, { kind: 'refused' }> {
  return { kind: 'refused', says, remedy };
}

/** True when the very report is there already. What a build reports is so whatever else was reported meanwhile. */
async function append(
  { ledger, clock }: Pick<Ports, 'ledger' | 'clock'>,
  { service, artifact }: { service: ServiceName; artifact: Artifact },
): Promise<boolean> {
  const stream = serviceStream(service);
  const actor = { kind: 'reporter' as const, id: `signalbox:reporter:${artifact.reporter}` };
  const fact = stamp(clock, { kind: 'artifact.reported', actor, cause: artifact.artifact, data: artifact });
  const appended = await ledger.append({
    operation: `artifact:${artifact.artifact}`,
    writes: [{ stream, facts: [fact], correlation: service }],
    fences: {},
    raises: {},
  });
  if (appended.kind === 'readOnly') throw new UnavailableError(`${stream} is read-only: ${appended.reason}`);
  if (appended.kind === 'appended' || appended.kind === 'repeated') return appended.kind === 'repeated';
  throw new UnavailableError(`${stream} could not be written`, { ambiguous: true });
}
