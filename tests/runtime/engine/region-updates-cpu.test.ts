import { expect, it } from "vitest";
import { engineNamed } from "./compare.js";

it("engines without kernels for it update a region by copying", async () => {
  const engine = await engineNamed("cpu");
  engine.scope(() => {
    const [parameter, velocity] = [engine.upload(Float32Array.from([1, 2, 3, 4, 5, 6]), [2, 3]), engine.upload(new Float32Array(6), [2, 3])];
    const count = engine.tensorCount();
    engine.updateSgd(parameter, engine.upload(Float32Array.from([1, 2]), [2, 1]), velocity, 0.5, 0.9, 0, [0, 1]);
    expect(engine.tensorCount()).toBe(count + 1);
    expect([...engine.download(parameter)]).toEqual([1, 1.5, 3, 4, 4, 6]);
    expect([...engine.download(velocity)]).toEqual([0, 1, 0, 0, 2, 0]);
  });
});
