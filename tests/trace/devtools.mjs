// SPDX-License-Identifier: BSD-2-Clause
// What the trace engine of Chrome's DevTools reads in a file: node devtools.mjs FOLDER FILE. FOLDER has its package.
import fs from 'node:fs';
import path from 'node:path';
import {pathToFileURL} from 'node:url';

globalThis.DOMRect ??= class {};
const [folder, file] = process.argv.slice(2);
const engine = path.resolve(folder, '@paulirish/trace_engine/models/trace/trace.js');
const {Processor} = await import(pathToFileURL(engine).href);
const reader = Processor.TraceProcessor.createWithAllHandlers();
await reader.parse(JSON.parse(fs.readFileSync(file, 'utf8')).traceEvents, {});
const tracks = [];
for (const {threads} of reader.data.Renderer.processes.values()) {
  for (const {name, entries, tree} of threads.values()) {
    const slices = entries.map((e) => [e.name, e.ts, e.dur]);
    tracks.push({name, slices, depth: tree.maxDepth});
  }
}
console.log(JSON.stringify(tracks));
