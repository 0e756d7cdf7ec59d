import { watchTroubleContract } from '../../contracts/watch-trouble.ts';
import { startTroubledPlane } from './troubled-plane.ts';

watchTroubleContract('real API server', startTroubledPlane);
