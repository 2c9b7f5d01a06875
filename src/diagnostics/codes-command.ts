/** NAS9xxx, command line usage and internal faults. Numbers are never reused. */
import type { CodePage } from "./code-page.js";

export const commandCodes = {
  NAS9001: { slug: "file-not-readable", summary: "A .nas file given on the command line cannot be read.", explanation: "The file does not exist, is a folder, or may not be read. Relative paths start at the working directory; near names are listed." },
  NAS9002: { slug: "bad-option", summary: "An option of a command has a value that it cannot take.", explanation: "`nasc VERB --help` lists the options of a verb with what they take. `-D` takes NAME=value, `--fix` takes path=value." },
  NAS9003: { slug: "unknown-declaration", summary: "The program declares nothing of this kind under the given name.", explanation: "`--search`, `--space` and `--architecture` name declarations of the file. Without them the only declaration of the kind is taken; where a file has several, say which." },
  NAS9004: { slug: "internal-fault", summary: "nasc met a state that should be impossible.", explanation: "This is a defect of nasc, not of your program. Please report it with the command and the file. Set NASC_DEBUG=1 to see where it happened. Studies and checkpoints on disk are intact." },
  NAS9005: { slug: "not-a-run", summary: "The folder is not one that `nasc search` or `nasc train` left.", explanation: "`derive`, `export` and `report` work on the folder of a run. It holds `program.json` (the program as it was run) beside the study." },
  NAS9006: { slug: "unknown-network", summary: "The run has no network of this hash.", explanation: "`nasc study FOLDER` lists the trials with their hashes, and `pareto.json` the Pareto set; the first letters of a hash are enough where they are unique." },
  NAS9007: { slug: "unknown-code", summary: "There is no diagnostic of this code.", explanation: "`nasc explain` without a code lists all of them." },
  NAS9008: { slug: "output-not-writable", summary: "An output file or folder cannot be written.", explanation: "The folder could not be made, or a file in it could not be written: check its permissions and the room on the disk. Nothing that was there before has been damaged: files are written beside their target and moved into place." },
  NAS9009: { slug: "unknown-counting", summary: "`--counting` names no way of counting.", explanation: "It takes a preset (`macs`, `flops`, `as_published(thop)` and others), switches such as `norms=0` or `bias_work=1`, or a preset and switches behind it. What was counted is printed beside the figures." },
} as const satisfies Record<string, CodePage>;
