import { homeView } from '../../views/home.ts';
import type { Carry } from './asked.ts';
import { environmentStatuses, openPictures, waitsFor } from './show-status.ts';

/** The App Home: what runs everywhere, what moves, and what waits for this person. */
export const openHome: Carry<'openHome'> = async ({ ports, rules, catalog }, asked) => {
  const pictures = await openPictures(ports, rules);
  const environments = await environmentStatuses(ports, { rules, catalog: catalog.latest() }, pictures);
  const forYou = pictures.filter((picture) => waitsFor(picture, asked.by));
  await ports.chat.publishHome(asked.by.id, homeView({ environments, forYou }));
  return undefined;
};
