/**
 * The study: an append-only record of trials in one SQLite file, and the identity of the search it belongs to. A trial is written
 * when its result is there, in one transaction, so killing the process loses at most the trials in flight. The writer holds a lock
 * that the operating system drops with the process.
 */
import { accessSync, constants, existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "libsql";
import { diagnostic, failure, success, type Diagnostic, type Result } from "../diagnostics/model.js";

/** What a study must agree on to be continued. All are hashes or plain words; the order is that of messages. */
export interface StudyIdentity {
  readonly space: string;
  readonly plan: string;
  readonly data: string;
  readonly seed: number;
}

export interface StudyTrial {
  /** Counted from 0, in the order asked. */
  readonly number: number;
  readonly generation: number;
  /** Option index per decision. */
  readonly architecture: readonly number[];
  /** Active decisions by path. */
  readonly labels: Readonly<Record<string, string>>;
  readonly hash: string;
  readonly seed: number;
  readonly codeVersion: string;
  readonly state: "complete" | "failed";
  readonly accuracy: number | undefined;
  readonly loss: number | undefined;
  readonly costs: Readonly<Record<string, number>>;
  /** The ranker's score when the trial was chosen. */
  readonly predicted: number | undefined;
  /** Milliseconds since 1970. */
  readonly started: number;
  readonly finished: number;
  /** Which attempt this result comes from, counted from 1. */
  readonly attempt: number;
  readonly error: string | undefined;
}

export interface Study {
  readonly path: string;
  readonly identity: StudyIdentity;
  /** Free-form facts: `space name`, `code version`, `created`, ... */
  facts(): ReadonlyMap<string, string>;
  /** In order of number. */
  trials(): readonly StudyTrial[];
  /** Adds a trial for good. */
  record(trial: StudyTrial): Result<true>;
  /** Sets a fact. */
  note(name: string, value: string): Result<true>;
  close(): void;
}

export const STUDY_FILE = "study.sqlite";
const LOCK_FILE = "study.lock";
const SCHEMA_VERSION = 1;
const BUSY_MILLISECONDS = 5000;

type Row = Readonly<Record<string, string | number | null>>;

/** Code and message of anything that libsql throws. */
function sqliteProblem(error: unknown): { readonly code: string; readonly message: string } {
  const message = error instanceof Error ? error.message : String(error);
  const code = typeof error === "object" && error !== null && "code" in error && typeof error.code === "string" ? error.code : "";
  return { code, message };
}

function openProblem(path: string, error: unknown): Diagnostic {
  const { code, message } = sqliteProblem(error);
  if (code.startsWith("SQLITE_BUSY")) return diagnostic("NAS7003", { title: "another process is running this study", why: `${path} is locked`, help: "wait for it to end, or choose another `--out`" });
  if (code.startsWith("SQLITE_NOTADB") || code.startsWith("SQLITE_CORRUPT")) return corrupt(path, message);
  return diagnostic("NAS7004", { title: "the study cannot be opened", why: `${path}: ${message}`, help: "check that the folder exists and that you may write to it" });
}

const corrupt = (path: string, why: string): Diagnostic => diagnostic("NAS7002", { title: "the study file is damaged", why: `${path}: ${why}`, help: "restore it from a copy, or choose another `--out`; the file was left as it is" });

function writeProblem(path: string, error: unknown): Diagnostic {
  const { message } = sqliteProblem(error);
  return diagnostic("NAS7005", { title: "a result could not be written to the study", why: `${path}: ${message}`, help: "make room and run the same command with `--resume`; earlier results are safe" });
}

/** The folder of a study exists and is writable, or a diagnostic. */
export function prepareFolder(folder: string): Result<true> {
  try {
    mkdirSync(folder, { recursive: true });
    if (!statSync(folder).isDirectory()) throw new Error("it is not a folder");
    accessSync(folder, constants.W_OK | constants.X_OK);
    return success(true);
  } catch (error) {
    return failure(diagnostic("NAS7004", { title: "the output folder cannot be written", why: `${folder}: ${sqliteProblem(error).message}`, help: "choose another `--out`, or change its permissions" }));
  }
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS trials (
    number INTEGER PRIMARY KEY, generation INTEGER NOT NULL, architecture TEXT NOT NULL, labels TEXT NOT NULL, hash TEXT NOT NULL UNIQUE,
    seed INTEGER NOT NULL, code_version TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('complete', 'failed')),
    accuracy REAL, loss REAL, costs TEXT NOT NULL, predicted REAL, started REAL NOT NULL, finished REAL NOT NULL, attempt INTEGER NOT NULL, error TEXT
  );`;

const optional = (value: string | number | null | undefined): number | undefined => (typeof value === "number" ? value : undefined);
const finiteOrNull = (value: number | undefined): number | null => (value !== undefined && Number.isFinite(value) ? value : null);

function trialOf(row: Row): StudyTrial {
  return {
    number: Number(row.number), generation: Number(row.generation),
    architecture: JSON.parse(String(row.architecture)) as number[], labels: JSON.parse(String(row.labels)) as Record<string, string>,
    hash: String(row.hash), seed: Number(row.seed), codeVersion: String(row.code_version), state: row.state === "complete" ? "complete" : "failed",
    accuracy: optional(row.accuracy), loss: optional(row.loss), costs: JSON.parse(String(row.costs)) as Record<string, number>, predicted: optional(row.predicted),
    started: Number(row.started), finished: Number(row.finished), attempt: Number(row.attempt), error: typeof row.error === "string" ? row.error : undefined,
  };
}

class SqliteStudy implements Study {
  constructor(readonly path: string, readonly identity: StudyIdentity, private readonly database: Database.Database, private readonly lock: Database.Database | undefined) {}

  facts(): ReadonlyMap<string, string> {
    return readFacts(this.database);
  }

  trials(): readonly StudyTrial[] {
    return (this.database.prepare("SELECT * FROM trials ORDER BY number").all() as Row[]).map(trialOf);
  }

  private write(work: () => void): Result<true> {
    try {
      this.database.transaction(work).immediate();
      return success(true);
    } catch (error) {
      return failure(writeProblem(this.path, error));
    }
  }

  record(trial: StudyTrial): Result<true> {
    return this.write(() => {
      this.database.prepare("INSERT INTO trials VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").run(
        trial.number, trial.generation, JSON.stringify(trial.architecture), JSON.stringify(trial.labels), trial.hash, trial.seed, trial.codeVersion, trial.state,
        finiteOrNull(trial.accuracy), finiteOrNull(trial.loss), JSON.stringify(trial.costs), finiteOrNull(trial.predicted), trial.started, trial.finished, trial.attempt, trial.error ?? null,
      );
    });
  }

  note(name: string, value: string): Result<true> {
    return this.write(() => {
      this.database.prepare("INSERT INTO facts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value").run(name, value);
    });
  }

  close(): void {
    this.database.close();
    this.lock?.close();
  }
}

function readFacts(database: Database.Database): ReadonlyMap<string, string> {
  return new Map((database.prepare("SELECT name, value FROM facts ORDER BY name").all() as Row[]).map((row) => [String(row.name), String(row.value)]));
}

function readIdentity(path: string, facts: ReadonlyMap<string, string>): Result<StudyIdentity> {
  const version = facts.get("schema");
  if (version !== String(SCHEMA_VERSION)) {
    return failure(version === undefined ? corrupt(path, "it is an SQLite database, but not a study") : diagnostic("NAS7007", { title: "the study was written by another version of nasc", why: `its layout is ${version}, this version reads ${SCHEMA_VERSION}; it was written by nasc ${facts.get("code version") ?? "of an unknown version"}` }));
  }
  return success({ space: facts.get("space") ?? "", plan: facts.get("plan") ?? "", data: facts.get("data") ?? "", seed: Number(facts.get("seed")) });
}

/** The first part of two identities that differs, as an error that shows both. */
function foreign(path: string, found: StudyIdentity, wanted: StudyIdentity): Diagnostic | undefined {
  const parts: readonly (readonly [keyof StudyIdentity, string])[] = [["space", "space"], ["plan", "search plan"], ["data", "data set"], ["seed", "seed"]];
  const different = parts.filter(([name]) => found[name] !== wanted[name]);
  if (different.length === 0) return undefined;
  return diagnostic("NAS7001", {
    title: `the study belongs to another ${different[0]![1]}`,
    why: different.map(([name, words]) => `${words}: the study's is ${found[name]}, this search's is ${wanted[name]}`).join("; "),
    help: `choose another \`--out\`, or go back to the program that made ${path}`,
  });
}

function acquireLock(folder: string): Result<Database.Database> {
  const path = join(folder, LOCK_FILE);
  try {
    const lock = new Database(path);
    lock.exec("BEGIN EXCLUSIVE");
    return success(lock);
  } catch (error) {
    return failure(openProblem(path, error));
  }
}

export interface OpenStudyOptions {
  readonly identity: StudyIdentity;
  /** `create` refuses an existing study, `resume` continues one (or begins it). */
  readonly mode: "create" | "resume";
  readonly codeVersion: string;
  /** Further facts for a new study. */
  readonly facts?: Readonly<Record<string, string>>;
}

/** Opens the study of a folder for writing. The folder is made where it is missing. */
export function openStudy(folder: string, options: OpenStudyOptions): Result<Study> {
  const prepared = prepareFolder(folder);
  if (!prepared.ok) return prepared;
  const path = join(folder, STUDY_FILE);
  const existed = existsSync(path) && statSync(path).size > 0;
  const lock = acquireLock(folder);
  if (!lock.ok) return lock;
  let database: Database.Database | undefined;
  const abandon = (problem: Diagnostic): Result<Study> => {
    database?.close();
    lock.value.close();
    return failure(problem);
  };
  try {
    database = new Database(path, { timeout: BUSY_MILLISECONDS });
    database.pragma("synchronous = FULL");
    if (existed) {
      const problem = integrityProblem(path, database);
      if (problem !== undefined) return abandon(problem);
    }
    if (!existed || isEmpty(database)) begin(database, options);
    const identity = readIdentity(path, readFacts(database));
    if (!identity.ok) return abandon(identity.diagnostics[0]!);
    const problem = foreign(path, identity.value, options.identity);
    if (problem !== undefined) return abandon(problem);
    const hasTrials = (database.prepare("SELECT count(*) AS n FROM trials").get() as Row).n !== 0;
    if (options.mode === "create" && existed && hasTrials) return abandon(diagnostic("NAS7006", { title: "the output folder already holds a study", why: path, help: "go on with it by `--resume`, or choose another `--out`" }));
    return success(new SqliteStudy(path, identity.value, database, lock.value));
  } catch (error) {
    return abandon(openProblem(path, error));
  }
}

/** A database that was created but killed before its first transaction. */
function isEmpty(database: Database.Database): boolean {
  return (database.prepare("SELECT count(*) AS n FROM sqlite_master").get() as Row).n === 0;
}

/** Tables and identity appear in one transaction: a kill leaves either nothing or a whole study. */
function begin(database: Database.Database, { identity, codeVersion, facts }: OpenStudyOptions): void {
  const entries: readonly (readonly [string, string])[] = [
    ["schema", String(SCHEMA_VERSION)], ["code version", codeVersion], ["space", identity.space], ["plan", identity.plan], ["data", identity.data], ["seed", String(identity.seed)], ...Object.entries(facts ?? {}),
  ];
  database.transaction(() => {
    database.exec(SCHEMA);
    const insert = database.prepare("INSERT OR REPLACE INTO facts VALUES (?, ?)");
    for (const [name, value] of entries) insert.run(name, value);
  }).immediate();
}

function integrityProblem(path: string, database: Database.Database): Diagnostic | undefined {
  const [row] = database.pragma("quick_check(1)") as Row[];
  const verdict = row === undefined ? "ok" : String(Object.values(row)[0]);
  return verdict === "ok" ? undefined : corrupt(path, verdict);
}

/** Reads the study of a folder (or the file itself) without locking it; close it after use. */
export function readStudy(folderOrFile: string): Result<Study> {
  const isFolder = existsSync(folderOrFile) && statSync(folderOrFile).isDirectory();
  const path = isFolder ? join(folderOrFile, STUDY_FILE) : folderOrFile;
  if (!existsSync(path)) return failure(diagnostic("NAS7008", { title: "there is no study here", why: `${path} does not exist`, help: `give the folder of a search, one that holds \`${STUDY_FILE}\`` }));
  try {
    const database = new Database(path, { timeout: BUSY_MILLISECONDS });
    const problem = integrityProblem(path, database);
    const identity = problem === undefined ? (isEmpty(database) ? failure<StudyIdentity>(corrupt(path, "it is empty")) : readIdentity(path, readFacts(database))) : failure<StudyIdentity>(problem);
    if (!identity.ok) {
      database.close();
      return identity;
    }
    return success(new SqliteStudy(path, identity.value, database, undefined));
  } catch (error) {
    return failure(openProblem(path, error));
  }
}

/** The folder that a study path lies in. */
export function studyFolder(path: string): string {
  return existsSync(path) && statSync(path).isDirectory() ? path : dirname(path);
}
