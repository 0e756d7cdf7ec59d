import type { Image } from '../../domain/content.ts';
import { findInEnvironment, findInRelease } from '../../domain/history/find-content.ts';
import { ReleaseId } from '../../domain/ids.ts';
import { nearest } from '../../domain/naming/nearest.ts';
import { whereAnswer } from '../../views/history.ts';
import { readEnvironment, readRelease } from '../read-state.ts';
import type { Carry } from '../requests/asked.ts';
import { boardLinks } from './board-links.ts';

/** Releases looked through, the newest first. */
const MOST_RELEASES = 300;

/** Where a commit, a version or a digest runs or ran, and which releases bring it. Asks for no right. */
export const where: Carry<'where'> = async ({ ports, rules }, asked) => {
  const { request } = asked;
  const streams = await ports.ledger.recent('release', MOST_RELEASES);
  const [environments, readings] = await Promise.all([
    Promise.all(rules.environments.map(({ name }) => readEnvironment(ports, name))),
    Promise.all(
      streams.map((stream) => readRelease(ports.ledger, ReleaseId.parse(stream.slice('release:'.length)))),
    ),
  ]);
  const contents = environments.flatMap(({ state }) => findInEnvironment(state, request));
  const states = readings.flatMap((reading) => (reading ? [reading.state] : []));
  const releases = states.flatMap((state) => findInRelease(state, request) ?? []);
  const images = environments.flatMap(({ state }) =>
    Object.entries(state.known)
      .filter(([service]) => request.service === undefined || service === request.service)
      .flatMap(([, known]) => known.flatMap(({ content }) => Object.values<Image>(content.images))),
  );
  return whereAnswer({
    word: request.word,
    service: request.service,
    contents,
    releases,
    near: nearest(request.word, new Set(images.flatMap(({ version }) => version ?? []))),
    hasRevisions: images.some(({ revision }) => revision !== undefined),
    linkOf: await boardLinks(ports, { states, wanted: releases.map(({ release }) => release) }),
    commitUrl: (repository, commit) => rules.repositories[repository]?.commitUrl?.replace('{commit}', commit),
  });
};
