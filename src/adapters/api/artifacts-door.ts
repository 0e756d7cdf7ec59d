import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ArtifactReport } from '../../domain/artifact/artifact.ts';
import type { ArtifactRecorded, ReportedBy } from '../../domain/artifact/reported-by.ts';
import type { ServiceName } from '../../domain/ids.ts';
import type { ApiParts } from './api-parts.ts';
import { MAX_BODY_BYTES, parseJson, readBytes, tooLarge } from './read-body.ts';
import { type Reply, refuse } from './reply.ts';
import { type Door, serveDoor, wrongMethod } from './serve-door.ts';
import { isSignedBy } from './signature.ts';

/** Where builds report what they built. */
export const ARTIFACTS_PATH = '/api/artifacts';

/** A signature is good for so long, and a clock may be wrong by so much. As Slack's: https://docs.slack.dev/authentication/verifying-requests-from-slack */
const WINDOW_SECONDS = 300;

/** Sixty services that are all built anew report three times each. */
const MOST_PER_MINUTE = 180;
const MOST_WRONG_PER_MINUTE = 30;
const MINUTE_MS = 60_000;

export interface ArtifactParts extends Pick<ApiParts, 'clock' | 'chance' | 'logger' | 'quota'> {
  /** By name. */
  reporters: Readonly<Record<string, { secret: string; services?: readonly ServiceName[] | undefined }>>;
  record(report: ArtifactReport, by: ReportedBy): Promise<ArtifactRecorded>;
}

/**
 * `POST /api/artifacts`: what a build reports, signed with the secret of its reporter. It is recorded before it is answered with 202;
 * the same report again is recorded once.
 */
export function artifactsDoor(parts: ArtifactParts): Door {
  return serveDoor(parts, {
    path: ARTIFACTS_PATH,
    answer: (request) => takeReport(parts, request),
    unavailable: (error) =>
      refuse(
        {
          code: 'unavailable',
          says: `It was not recorded: ${error.message}.`,
          remedy: 'Send the same again in a moment: it is recorded once, however often it is sent.',
        },
        { 'retry-after': String(Math.max(1, Math.ceil((error.retryAfterMs ?? 1000) / 1000))) },
      ),
    again: 'Send the same again: it is recorded once, however often it is sent.',
  });
}

async function takeReport(parts: ArtifactParts, request: IncomingMessage): Promise<Reply> {
  if (new URL(request.url ?? '/', 'http://pages').pathname !== ARTIFACTS_PATH)
    return refuse({
      code: 'not-found',
      says: 'There is nothing below this path.',
      remedy: `Post to ${ARTIFACTS_PATH}.`,
    });
  if (request.method !== 'POST') return wrongMethod('POST');
  const body = await readBytes(request, { maxBytes: MAX_BODY_BYTES });
  if (body === undefined) return tooLarge(MAX_BODY_BYTES);
  const who = await whoSigned(parts, request, body);
  if (who.kind === 'refused') return who.reply;
  const { reporter } = who;
  const report = ArtifactReport.safeParse(parseJson(body.toString('utf8')));
  if (!report.success) return misunderstood(report.error.issues);
  const id = createHash('sha256').update(`${reporter}\n`).update(body).digest('hex').slice(0, 32);
  const services = parts.reporters[reporter]?.services;
  const recorded = await parts.record(report.data, { reporter, id, ...(services && { services }) });
  return replyTo(recorded, report.data.service);
}

type Signed = { kind: 'signed'; reporter: string } | { kind: 'refused'; reply: Reply };

/** Nothing of a body is believed, or even parsed, before its signature is. */
async function whoSigned(
  { reporters, clock, quota }: ArtifactParts,
  request: IncomingMessage,
  body: Buffer,
): Promise<Signed> {
  const name = headerOf(request, 'x-signalbox-reporter');
  const timestamp = headerOf(request, 'x-signalbox-timestamp');
  const [, signature = ''] = /^v1=(.+)$/.exec(headerOf(request, 'x-signalbox-signature')) ?? [];
  const known = Object.hasOwn(reporters, name) ? reporters[name] : undefined;
  const isRight =
    known !== undefined &&
    /^\d{1,12}$/.test(timestamp) &&
    isSignedBy(known.secret, signature, [`v1:${timestamp}:`, body]);
  const key = isRight ? `artifacts:${name}` : `wrong:${request.socket.remoteAddress ?? ''}`;
  const waitMs = await quota.take(key, {
    most: isRight ? MOST_PER_MINUTE : MOST_WRONG_PER_MINUTE,
    withinMs: MINUTE_MS,
  });
  if (waitMs !== undefined) return { kind: 'refused', reply: tooMany(waitMs) };
  if (!isRight) return { kind: 'refused', reply: unsigned() };
  const ageSeconds = Math.abs(clock.now() / 1000 - Number(timestamp));
  return ageSeconds <= WINDOW_SECONDS
    ? { kind: 'signed', reporter: name }
    : { kind: 'refused', reply: tooOld(ageSeconds) };
}

function headerOf({ headers }: IncomingMessage, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}

function replyTo(recorded: ArtifactRecorded, service: ServiceName): Reply {
  switch (recorded.kind) {
    case 'recorded': {
      const { artifact, isRepeated } = recorded;
      return {
        status: 202,
        body: { id: artifact.artifact, state: 'recorded', isRepeated, service, images: artifact.images },
        text: artifact.artifact,
      };
    }
    case 'forbidden':
      return refuse({ code: 'forbidden', says: recorded.says, remedy: recorded.remedy });
    case 'refused':
      return refuse({ code: 'misunderstood', says: recorded.says, remedy: recorded.remedy });
  }
}

/** Faults named in an answer; a report has few parts. */
const FAULTS_SHOWN = 10;

function misunderstood(issues: readonly { path: readonly PropertyKey[]; message: string }[]): Reply {
  const faults = issues
    .slice(0, FAULTS_SHOWN)
    .map(({ path, message }) => `${path.map(String).join('.') || 'the report'}: ${message}`);
  return refuse({
    code: 'misunderstood',
    says: `The report cannot be read: ${faults.join('; ')}.`,
    remedy: 'Its form: npx signalbox schema artifact.',
  });
}

const HOW =
  'Send X-Signalbox-Reporter, X-Signalbox-Timestamp (seconds since 1970) and X-Signalbox-Signature: v1=<HMAC-SHA-256 in hexadecimal, with the secret of the reporter, of "v1:<timestamp>:" and the body>.';

/** The same for an unknown reporter and a wrong secret: neither is told apart from outside. */
function unsigned(): Reply {
  return refuse({ code: 'unauthorised', says: 'This is not signed by a reporter that I know.', remedy: HOW });
}

function tooOld(ageSeconds: number): Reply {
  return refuse({
    code: 'unauthorised',
    says: `This was signed ${Math.round(ageSeconds)} s away from now, and a signature is good for ${WINDOW_SECONDS} s.`,
    remedy: 'Sign it anew, on a machine whose clock is right.',
  });
}

function tooMany(waitMs: number): Reply {
  const seconds = Math.ceil(waitMs / 1000);
  return refuse(
    {
      code: 'too-many',
      says: 'Too many reports in a minute.',
      remedy: `Send it again in ${seconds} s.`,
    },
    { 'retry-after': String(seconds) },
  );
}
