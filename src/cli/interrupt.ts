/** Ctrl-C: once means finish what is being written, save and say how to go on; twice means leave now. */
import { exitCodes } from "./exit-codes.js";

export interface Interrupt { requested(): boolean; release(): void }

export function catchInterrupt(onFirst: () => void): Interrupt {
  let count = 0;
  const handler = (): void => {
    count++;
    if (count > 1) process.exit(exitCodes.interrupted);
    onFirst();
  };
  process.on("SIGINT", handler);
  process.on("SIGTERM", handler);
  return {
    requested: () => count > 0,
    release: () => {
      process.off("SIGINT", handler);
      process.off("SIGTERM", handler);
    },
  };
}
