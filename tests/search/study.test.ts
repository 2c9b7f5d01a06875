import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStudy, readStudy, STUDY_FILE, type OpenStudyOptions, type Study, type StudyTrial } from "../../src/search/study.js";
import type { Result } from "../../src/diagnostics/model.js";

let folder = "";
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "nasc-study-")); });
afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

const identity = { space: "aaaa", plan: "bbbb", data: "cccc", seed: 1 };
const create: OpenStudyOptions = { identity, mode: "create", codeVersion: "0.1.0" };
const resume: OpenStudyOptions = { ...create, mode: "resume" };

export const trial = (number: number, changes: Partial<StudyTrial> = {}): StudyTrial => ({
  number, generation: 0, architecture: [1, 0, number], labels: { width: "16", "mix[1]": "shift" }, hash: `h${number}`, seed: 1, codeVersion: "0.1.0", state: "complete",
  accuracy: 1 / (number + 3), loss: 0.1 * number, costs: { energy: 1.23456789e-7 / (number + 1), params: 1000 + number }, predicted: number === 0 ? undefined : Math.PI * number,
  started: 1700000000000.25, finished: 1700000000001, attempt: 1, error: undefined, ...changes,
});

function opened(options: OpenStudyOptions): Study {
  const result = openStudy(folder, options);
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  return result.value;
}

const codes = (result: Result<unknown>): string[] => (result.ok ? [] : result.diagnostics.map((one) => one.code));

describe("a study", () => {
  it("gives back every trial exactly", () => {
    const study = opened(create);
    const trials = [trial(0), trial(1, { state: "failed", accuracy: undefined, loss: undefined, attempt: 3, error: "it \"crashed\"" }), trial(2, { accuracy: 0 })];
    for (const one of trials) expect(study.record(one).ok).toBe(true);
    expect(study.trials()).toEqual(trials);
    study.close();
    const again = opened(resume);
    expect(again.trials()).toEqual(trials);
    again.close();
  });

  it("keeps trials in order of number, however they came in", () => {
    const study = opened(create);
    for (const number of [3, 0, 2, 1]) study.record(trial(number));
    expect(study.trials().map((one) => one.number)).toEqual([0, 1, 2, 3]);
    study.close();
  });

  it("refuses the same number or architecture twice, and keeps what it had", () => {
    const study = opened(create);
    study.record(trial(0));
    expect(codes(study.record(trial(0, { hash: "other" })))).toEqual(["NAS7005"]);
    expect(codes(study.record(trial(1, { hash: "h0" })))).toEqual(["NAS7005"]);
    expect(study.trials()).toEqual([trial(0)]);
    study.close();
  });

  it("remembers facts", () => {
    const study = opened({ ...create, facts: { search: "Main" } });
    study.note("supernet curve", "[1]");
    study.note("supernet curve", "[2]");
    study.close();
    const read = readStudy(folder);
    if (!read.ok) throw new Error("unreadable");
    expect(read.value.facts().get("supernet curve")).toBe("[2]");
    expect(read.value.facts().get("search")).toBe("Main");
    expect(read.value.identity).toEqual(identity);
    read.value.close();
  });

  it("is refused to another space, plan, data set or seed, with both hashes", () => {
    opened(create).close();
    for (const change of [{ space: "zzzz" }, { plan: "zzzz" }, { data: "zzzz" }, { seed: 2 }]) {
      const result = openStudy(folder, { ...resume, identity: { ...identity, ...change } });
      expect(codes(result)).toEqual(["NAS7001"]);
      const why = result.ok ? "" : result.diagnostics[0]!.why!;
      const [name] = Object.keys(change) as (keyof typeof identity)[];
      expect(why).toContain(String(identity[name!]));
      expect(why).toContain(String(Object.values(change)[0]));
    }
  });

  it("is never overwritten, but a begun one without trials can be taken up", () => {
    opened(create).close();
    const study = opened(create);
    study.record(trial(0));
    study.close();
    expect(codes(openStudy(folder, create))).toEqual(["NAS7006"]);
    const again = opened(resume);
    expect(again.trials()).toHaveLength(1);
    again.close();
  });

  it("has one writer; readers are not kept out", () => {
    const study = opened(create);
    study.record(trial(0));
    expect(codes(openStudy(folder, resume))).toEqual(["NAS7003"]);
    const reader = readStudy(folder);
    expect(reader.ok && reader.value.trials()).toEqual([trial(0)]);
    if (reader.ok) reader.value.close();
    study.close();
    opened(resume).close();
  });

  it("reports a file that is no database, and leaves it alone", () => {
    const path = join(folder, STUDY_FILE);
    writeFileSync(path, "not a database ".repeat(200));
    const before = readFileSync(path);
    expect(codes(openStudy(folder, resume))).toEqual(["NAS7002"]);
    expect(codes(readStudy(folder))).toEqual(["NAS7002"]);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it("reports a database that is no study", () => {
    const other = new Database(join(folder, STUDY_FILE));
    other.exec("CREATE TABLE facts (name TEXT, value TEXT)");
    other.close();
    expect(codes(openStudy(folder, resume))).toEqual(["NAS7002"]);
  });

  it("reports a study that was cut short", () => {
    const study = opened(create);
    for (let number = 0; number < 60; number++) study.record(trial(number, { error: "x".repeat(900) }));
    study.close();
    truncateSync(join(folder, STUDY_FILE), 20_000);
    expect(codes(openStudy(folder, resume))).toEqual(["NAS7002"]);
    expect(codes(readStudy(folder))).toEqual(["NAS7002"]);
  });

  it("reports a study of another version", () => {
    const study = opened(create);
    study.note("schema", "99");
    study.close();
    expect(codes(openStudy(folder, resume))).toEqual(["NAS7007"]);
  });

  it("reports where there is none", () => {
    expect(codes(readStudy(join(folder, "nowhere")))).toEqual(["NAS7008"]);
    expect(codes(readStudy(folder))).toEqual(["NAS7008"]);
  });

  it("reports a folder that cannot be made or written", () => {
    writeFileSync(join(folder, "file"), "");
    expect(codes(openStudy(join(folder, "file"), create))).toEqual(["NAS7004"]);
    expect(codes(openStudy(join(folder, "file", "below"), create))).toEqual(["NAS7004"]);
    if (process.getuid?.() === 0) return; // root may write anywhere
    const closed = join(folder, "closed");
    mkdirSync(closed);
    chmodSync(closed, 0o500);
    expect(codes(openStudy(closed, create))).toEqual(["NAS7004"]);
  });

  it("reports a write that fails and keeps everything before it", () => {
    const study = opened(create);
    study.record(trial(0));
    // A trigger stands in for the full disk: SQLite reports it through the same path.
    const other = new Database(join(folder, STUDY_FILE));
    other.exec("CREATE TRIGGER full BEFORE INSERT ON trials BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END");
    other.close();
    const result = study.record(trial(1));
    expect(codes(result)).toEqual(["NAS7005"]);
    expect(study.trials()).toEqual([trial(0)]);
    study.close();
  });

  it("survives kill -9 in the middle of writing: whole trials, no lock left", () => {
    const script = `
      import Database from "libsql";
      const lock = new Database(process.argv[2] + "/study.lock"); lock.exec("BEGIN EXCLUSIVE");
      const database = new Database(process.argv[2] + "/study.sqlite");
      database.exec("BEGIN IMMEDIATE; INSERT INTO facts VALUES ('half', 'written')");
      for (let i = 0; i < 2000; i++) database.prepare("INSERT INTO facts VALUES (?, ?)").run("k" + i, "x".repeat(2000));
      process.kill(process.pid, "SIGKILL");`;
    const study = opened(create);
    study.record(trial(0));
    study.close();
    const program = join(process.cwd(), "tests", "search", `.killed-writer-${process.pid}.mjs`);
    writeFileSync(program, script);
    try {
      const run = spawnSync(process.execPath, [program, folder]);
      expect(run.signal).toBe("SIGKILL");
    } finally {
      rmSync(program);
    }
    const again = opened(resume);
    expect(again.trials()).toEqual([trial(0)]);
    expect(again.facts().has("half")).toBe(false);
    expect(again.record(trial(1)).ok).toBe(true);
    again.close();
    expect(existsSync(join(folder, `${STUDY_FILE}-journal`))).toBe(false);
  });
});
