import { own } from '../../document/own.ts';
import type { JudgedImage } from '../../manifest/judge-image.ts';
import { type DeclaredImage, declaredImages, declaredServices } from '../../plan/declared-services.ts';
import type { PlanInput } from '../../plan/plan-input.ts';
import { type Finding, findingAt, type RuleId } from '../finding.ts';

/** `image-digest-pinned`: every image is named by its whole SHA-256. A tag beside the digest is ignored, and said so. */
export function imageDigestPinned(input: PlanInput): Finding[] {
  return ofKind(input, 'malformed', ({ image, reference }) => ({
    rule: 'image-digest-pinned',
    says: `${reference.written} is no digest: ${reference.why}`,
    remedy: `Write ${image.reference.repository}@sha256: and 64 lower-case hexadecimal digits.`,
  })).concat(
    ofKind(input, 'unpinned', ({ image, reference }) =>
      reference.floating
        ? undefined
        : {
            rule: 'image-digest-pinned',
            says: `is named by tag ${reference.tag}, which can be moved`,
            remedy: `Write ${image.reference.repository}@sha256:…, or cut with /release cut ${input.environment.name} ${image.service}@${reference.tag}, which looks the digest up.`,
          },
    ),
    ofKind(input, 'pinned', ({ reference }) =>
      reference.tag === undefined
        ? undefined
        : {
            rule: 'image-digest-pinned',
            severity: 'warn',
            says: `has tag ${reference.tag} beside its digest; the tag is ignored`,
            remedy: 'Leave the tag out.',
          },
    ),
  );
}

/** `placeholder-digest`: no digest is cut short. */
export function placeholderDigest(input: PlanInput): Finding[] {
  return ofKind(input, 'placeholder', ({ reference }) => ({
    rule: 'placeholder-digest',
    says: `${reference.written} is a digest cut short`,
    remedy: 'Write all 64 digits.',
  }));
}

/** `no-floating-tag`: no image is whatever its tag happens to mean. */
export function noFloatingTag(input: PlanInput): Finding[] {
  return ofKind(input, 'unpinned', ({ image, reference }) =>
    reference.floating
      ? {
          rule: 'no-floating-tag',
          says:
            reference.tag === undefined
              ? 'has neither tag nor digest'
              : `has the moving tag ${reference.tag}`,
          remedy: `Write ${image.reference.repository}@sha256:….`,
        }
      : undefined,
  );
}

/** `digest-exists`: the registry has every image, or the environment before runs it. */
export function digestExists(input: PlanInput): Finding[] {
  const images = declaredImages(input.manifest, input.catalog);
  const lookedUp = input.unresolved.map(({ service, container, says }) => {
    const image = images.find((one) => one.service === service && one.container === container);
    const path = image?.path ?? ['spec', 'services', service];
    return findingAt(input.document, {
      rule: 'digest-exists',
      path,
      says: `could not be found: ${says}`,
      remedy: 'Push the image, or name one that is there.',
    });
  });
  return [...lookedUp, ...withoutContent(input)];
}

/** Images that are pinned, and whose content was neither found nor reported as not found. */
function withoutContent(input: PlanInput): Finding[] {
  const known = new Set(declaredServices(input).map(({ name }) => name));
  return declaredImages(input.manifest, input.catalog).flatMap(({ service, container, reference, path }) => {
    if (!known.has(service) || container === undefined || reference.kind !== 'pinned') return [];
    const digest = own(own(input.contents, service)?.images ?? {}, container)?.digest;
    const reported = input.unresolved.some((one) => one.service === service && one.container === container);
    if (digest === reference.digest || reported) return [];
    const says = digest === undefined ? 'was not looked up' : `was looked up as ${digest}`;
    return [
      findingAt(input.document, { rule: 'digest-exists', path, says, remedy: 'Cut the release again.' }),
    ];
  });
}

interface Words {
  rule: RuleId;
  severity?: Finding['severity'];
  says: string;
  remedy: string;
}

function ofKind<K extends JudgedImage['kind']>(
  input: PlanInput,
  kind: K,
  judge: (found: { image: DeclaredImage; reference: Extract<JudgedImage, { kind: K }> }) => Words | undefined,
): Finding[] {
  return declaredImages(input.manifest, input.catalog).flatMap((image) => {
    if (!isKind(image.reference, kind)) return [];
    const words = judge({ image, reference: image.reference });
    return words ? [findingAt(input.document, { ...words, path: image.path })] : [];
  });
}

function isKind<K extends JudgedImage['kind']>(
  reference: JudgedImage,
  kind: K,
): reference is Extract<JudgedImage, { kind: K }> {
  return reference.kind === kind;
}
