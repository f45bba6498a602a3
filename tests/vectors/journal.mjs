// The journal's trees and proofs, recomputed from ledger/journal/PROOFS.md alone: node journal.mjs CASE.json...
// Prints {file: holds}. Uses Node's own crypto (SHA-256, Ed25519) and nothing of the project.
import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";

const MASK = (1n << 64n) - 1n;
const sha = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();
const hex = (text) => Buffer.from(text.slice(2), "hex");
const number = (value, width) => Buffer.from(BigInt(value).toString(16).padStart(2 * width, "0"), "hex");
const word = (value) => number(value, 32);
const uint64 = (value) => number(value, 8);
const padded = (bytes) => Buffer.concat([word(bytes.length), bytes, Buffer.alloc((32 - (bytes.length % 32)) % 32)]);
const left = (bytes) => Buffer.concat([Buffer.alloc(32 - bytes.length), bytes]);

function keccak(bytes) {
  const rounds = [];
  for (let r = 0, lfsr = 1; r < 24; r++) {
    let constant = 0n;
    for (let j = 0; j < 7; j++) {
      if (lfsr & 1) constant |= 1n << ((1n << BigInt(j)) - 1n);
      lfsr = lfsr & 0x80 ? ((lfsr << 1) ^ 0x171) & 0xff : lfsr << 1;
    }
    rounds.push(constant);
  }
  const turn = (lane, by) => ((lane << BigInt(by)) | (lane >> BigInt(64 - by))) & MASK;
  const rate = 136;
  const message = Buffer.concat([bytes, Buffer.alloc(rate - (bytes.length % rate))]);
  message[bytes.length] ^= 1;
  message[message.length - 1] ^= 0x80;
  let state = Array(25).fill(0n);
  for (let at = 0; at < message.length; at += rate) {
    for (let i = 0; i < rate / 8; i++) state[i] ^= message.readBigUInt64LE(at + 8 * i);
    for (const constant of rounds) {
      const column = [0, 1, 2, 3, 4].map((x) => [0, 5, 10, 15, 20].reduce((sum, y) => sum ^ state[x + y], 0n));
      state = state.map((lane, i) => lane ^ column[(i + 4) % 5] ^ turn(column[(i + 1) % 5], 1));
      const moved = Array(25).fill(0n);
      moved[0] = state[0];
      for (let t = 0, x = 1, y = 0; t < 24; t++) {
        const [to, from] = [y + 5 * ((2 * x + 3 * y) % 5), x + 5 * y];
        moved[to] = turn(state[from], (((t + 1) * (t + 2)) / 2) % 64);
        [x, y] = [y, (2 * x + 3 * y) % 5];
      }
      state = moved.map((lane, i) => {
        const row = i - (i % 5);
        return lane ^ (~moved[row + ((i + 1) % 5)] & MASK & moved[row + ((i + 2) % 5)]);
      });
      state[0] ^= constant;
    }
  }
  const digest = Buffer.alloc(32);
  for (let i = 0; i < 4; i++) digest.writeBigUInt64LE(state[i], 8 * i);
  return digest;
}

const leafHash = (data) => sha(Buffer.from([0]), data);
const nodeHash = (a, b) => sha(Buffer.from([1]), a, b);
function root(hashes) {
  if (hashes.length === 0) return sha();
  if (hashes.length === 1) return hashes[0];
  let middle = 1;
  while (middle * 2 < hashes.length) middle *= 2;
  return nodeHash(root(hashes.slice(0, middle)), root(hashes.slice(middle)));
}

function must(holds, what) {
  if (!holds) throw new Error(what);
}

// RFC 9162, 2.1.3.2
function rootOfInclusion(hash, path, place, size) {
  must(place >= 0n && place < size, "no such leaf");
  let [fn, sn, r] = [place, size - 1n, hash];
  for (const p of path) {
    must(sn !== 0n, "too long");
    if (fn & 1n || fn === sn) {
      r = nodeHash(p, r);
      while (!(fn & 1n) && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else r = nodeHash(r, p);
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  must(sn === 0n, "too short");
  return r;
}

// RFC 9162, 2.1.4.2
function checkConsistency(first, firstRoot, second, secondRoot, path) {
  must(first <= second, "shrinks");
  if (first === 0n || first === second) {
    must(path.length === 0, "too long");
    must(first !== second || firstRoot.equals(secondRoot), "another root");
    must(first !== 0n || firstRoot.equals(sha()), "another root");
    return;
  }
  must(path.length > 0, "too short");
  if ((first & (first - 1n)) === 0n) path = [firstRoot, ...path];
  let [fn, sn] = [first - 1n, second - 1n];
  while (fn & 1n) [fn, sn] = [fn >> 1n, sn >> 1n];
  let [fr, sr] = [path[0], path[0]];
  for (const c of path.slice(1)) {
    must(sn !== 0n, "too long");
    if (fn & 1n || fn === sn) {
      [fr, sr] = [nodeHash(c, fr), nodeHash(c, sr)];
      while (!(fn & 1n) && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else sr = nodeHash(sr, c);
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  must(sn === 0n && fr.equals(firstRoot) && sr.equals(secondRoot), "another root");
}

const members = (object, names) =>
  must(object !== null && typeof object === "object" && Object.keys(object).sort().join() === [...names].sort().join(), "members");
function hash(text) {
  must(typeof text === "string" && /^0x[0-9a-f]{64}$/.test(text), "a hash");
  return hex(text);
}
function count(value) {
  must(Number.isSafeInteger(value) && value >= 0, "a number");
  return BigInt(value);
}
function path(list) {
  must(Array.isArray(list) && list.length <= 63, "a path");
  return list.map(hash);
}

function base64(text) {
  const bytes = Buffer.from(text, "base64");
  must(bytes.toString("base64") === text, "base64");
  return bytes;
}
function checkpoint(text) {
  const lines = text.split("\n");
  must(lines.length === 4 && lines[3] === "" && lines[0] !== "", "three lines");
  must(/^(0|[1-9][0-9]{0,18})$/.test(lines[1]) && BigInt(lines[1]) < 1n << 63n, "a size");
  const found = { origin: lines[0], size: BigInt(lines[1]), root: base64(lines[2]) };
  must(found.root.length === 32 && (found.size !== 0n || found.root.equals(sha())), "a root");
  return found;
}

function entryBytes(e) {
  const [act, signature] = [padded(hex(e.act)), padded(hex(e.signature))];
  const event = [word(e.seq), hex(e.record), word(e.organization), word(e.kind), word(e.version), word(e.time)];
  event.push(left(hex(e.signer)), hex(e.digest), hex(e.recordHead), word(352), word(352 + act.length), act, signature);
  const touched = e.touched.map((t) =>
    Buffer.concat([word(e.seq), hex(t.record), word(t.note), hex(t.noteHead), word(160), padded(hex(t.delta))]));
  return Buffer.concat([...event, ...touched]);
}
const headsLeaf = (h) =>
  leafHash(Buffer.concat([h.record, number(h.kind, 1), number(h.number, 4), uint64(h.version), h.head, uint64(h.notes), h.noteHead, uint64(h.lastSeq)]));
const logLeaf = (entryHash, records, headsRoot) => leafHash(Buffer.concat([entryHash, uint64(records), headsRoot]));

const kindOf = (act) => [[9, 1], [24, 2], [30, 3], [45, 4], [56, 5], [71, 6], [119, 7]].find(([last]) => act <= last)[1];
function parts(e, c) {
  if (e.kind !== 113) return [];
  const act = hex(e.act).subarray(32);
  const at = Number(BigInt("0x" + act.subarray(160, 192).toString("hex")));
  const shares = Number(BigInt("0x" + act.subarray(at, at + 32).toString("hex")));
  const head = keccak(Buffer.concat([Buffer.alloc(32), hex(e.digest), left(hex(e.signer))]));
  return [...Array(shares).keys()].map((i) => {
    const salt = keccak(Buffer.concat([act.subarray(0, 32), word(i)]));
    const record = keccak(Buffer.concat([word(c.chainId), left(hex(c.shipments)), word(7), act.subarray(64, 96), salt]));
    return { record, kind: 7, version: 1, head, notes: 0, noteHead: Buffer.alloc(32), lastSeq: e.seq };
  });
}

const checks = {
  journal(c) {
    const blank = { version: 0, notes: 0, noteHead: Buffer.alloc(32), lastSeq: 0 };
    const heads = [];
    const append = (h) => heads.push({ ...blank, ...h, number: heads.filter((one) => one.kind === h.kind).length + 1 });
    for (const f of c.founders) append({ record: hex(f.record), kind: f.kind, head: hex(f.head) });
    const log = [];
    const said = (at) => {
      must(root(log).equals(hash(c.roots[at])), "root of the log");
      must(root(heads.map(headsLeaf)).equals(hash(c.headsRoots[at])), "root of the heads");
      must(heads.length === c.records[at], "records");
    };
    said(0);
    for (const e of c.entries) {
      const of = (record) => heads.find((h) => h.record.equals(record));
      if (!of(hex(e.record))) append({ record: hex(e.record), kind: kindOf(e.kind) });
      Object.assign(of(hex(e.record)), { version: e.version, head: hex(e.recordHead), lastSeq: e.seq });
      parts(e, c).forEach(append);
      for (const t of e.touched) Object.assign(of(hex(t.record)), { notes: t.note, noteHead: hex(t.noteHead), lastSeq: e.seq });
      log.push(logLeaf(sha(entryBytes(e)), heads.length, root(heads.map(headsLeaf))));
      said(e.seq);
    }
    must(c.roots.length === log.length + 1, "as many roots as sizes");
  },
  entry(c) {
    must(c.entry.seq === c.proof.seq && sha(entryBytes(c.entry)).equals(hash(c.proof.entryHash)), "another entry");
    checkEntry(checkpoint(c.checkpoint), c.proof);
  },
  record(c) {
    const [at, p] = [checkpoint(c.checkpoint), c.proof];
    members(p, ["last", "record", "kind", "number", "version", "head", "notes", "noteHead", "lastSeq", "place", "path"]);
    must(count(p.last.seq) === at.size && count(p.lastSeq) <= at.size, "not the last entry");
    checkEntry(at, p.last);
    const counts = { kind: count(p.kind), number: count(p.number), version: count(p.version), notes: count(p.notes), lastSeq: count(p.lastSeq) };
    const leaf = headsLeaf({ record: hash(p.record), head: hash(p.head), noteHead: hash(p.noteHead), ...counts });
    const found = rootOfInclusion(leaf, path(p.path), count(p.place), count(p.last.records));
    must(found.equals(hash(p.last.headsRoot)), "another root");
  },
  consistency(c) {
    const at = checkpoint(c.checkpoint);
    members(c.proof, ["from", "path"]);
    checkConsistency(count(c.proof.from), hash(c.oldRoot), at.size, at.root, path(c.proof.path));
  },
  note(c) {
    must(!/[\x00-\x09\x0b-\x1f]/.test(c.note), "control characters");
    const at = c.note.lastIndexOf("\n\n");
    must(at >= 0 && c.note.endsWith("\n"), "a blank line");
    const text = c.note.slice(0, at + 1);
    const lines = c.note.slice(at + 2, -1).split("\n").map((line) => /^\u2014 ([^\s+]+) (\S+)$/u.exec(line));
    must(lines.every((line) => line !== null && base64(line[2]).length > 4), "signature lines");
    must(checkpoint(text).origin === c.vkey.split("+")[0], "another origin");
    checkSigned(text, lines, c.vkey, 1);
    if (c.cosigner !== null) checkSigned(text, lines, c.cosigner, 4);
  },
};

function checkSigned(text, lines, vkey, kind) {
  const [name, id, ...rest] = vkey.split("+");
  const key = base64(rest.join("+"));
  must(sha(Buffer.from(name + "\n"), key).subarray(0, 4).toString("hex") === id && key[0] === kind, "the key");
  const mine = (line) => line[1] === name && base64(line[2]).subarray(0, 4).toString("hex") === id;
  must(lines.some(mine), "unsigned");
  const signature = base64(lines.find(mine)[2]).subarray(4);
  if (kind === 1) return checkSignature(text, signature, key.subarray(1));
  must(signature.length === 72, "a cosignature");
  const signed = `cosignature/v1\ntime ${signature.readBigUInt64BE(0)}\n${text}`;
  checkSignature(signed, signature.subarray(8), key.subarray(1));
}

function checkSignature(text, signature, raw) {
  const spki = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), raw]);
  const key = createPublicKey({ key: spki, format: "der", type: "spki" });
  must(signature.length === 64 && verify(null, Buffer.from(text), key, signature), "the signature");
}
function checkEntry(at, p) {
  members(p, ["seq", "entryHash", "records", "headsRoot", "path"]);
  const leaf = logLeaf(hash(p.entryHash), count(p.records), hash(p.headsRoot));
  must(rootOfInclusion(leaf, path(p.path), count(p.seq) - 1n, at.size).equals(at.root), "another root");
}

const answers = {};
for (const file of process.argv.slice(2)) {
  const found = JSON.parse(readFileSync(file, "utf8"));
  try {
    checks[found.check](found);
    answers[basename(file)] = true;
  } catch (fault) {
    if (process.env.WHY) console.error(basename(file), fault.message);
    answers[basename(file)] = false;
  }
}
console.log(JSON.stringify(answers));
