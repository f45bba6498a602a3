// Other people's software: signs and verifies credentials, reads disclosures. One JSON task list in, one JSON answer out.
//
// The loader stands for the ledger's directory: it says which account a document key belongs to. Nothing is fetched.

import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as vc from '@digitalbazaar/vc';
import {createHash} from 'node:crypto';
import {createSignCryptosuite, createVerifyCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import jsigs from 'jsonld-signatures';
import {SDJwtInstance} from '@sd-jwt/core';
import {text} from 'node:stream/consumers';

const {purposes: {AssertionProofPurpose}} = jsigs;
const MULTIKEY = 'https://w3id.org/security/multikey/v1';
const hasher = (data, _algorithm) => createHash('sha256').update(data).digest();

function loader(method, controller) {
  const key = {
    '@context': MULTIKEY, id: method, type: 'Multikey', controller, publicKeyMultibase: method.split('#')[1],
  };
  const owner = {'@context': ['https://www.w3.org/ns/did/v1', MULTIKEY], id: controller, assertionMethod: [method]};
  const known = new Map([[method, key], [controller, owner]]);
  return async url => {
    if(known.has(url)) {
      return {contextUrl: null, documentUrl: url, document: known.get(url)};
    }
    return vc.defaultDocumentLoader(url);
  };
}

async function verify({credential, controller}) {
  const documentLoader = loader(credential.proof.verificationMethod, controller);
  const suite = new DataIntegrityProof({cryptosuite: createVerifyCryptosuite()});
  const proof = await jsigs.verify(credential, {suite, purpose: new AssertionProofPurpose(), documentLoader});
  const whole = await vc.verifyCredential({credential, suite, documentLoader});
  return {proof: proof.verified, credential: whole.verified, why: String(whole.error?.errors ?? whole.error ?? '')};
}

async function sign({credential, seed}) {
  const pair = await Ed25519Multikey.generate({seed: Buffer.from(seed, 'hex')});
  const {publicKeyMultibase} = await pair.export({publicKey: true});
  const controller = `did:key:${publicKeyMultibase}`;
  Object.assign(pair, {controller, id: `${controller}#${publicKeyMultibase}`});
  const suite = new DataIntegrityProof({signer: pair.signer(), cryptosuite: createSignCryptosuite()});
  return jsigs.sign(credential, {
    suite, purpose: new AssertionProofPurpose(), documentLoader: loader(pair.id, controller),
  });
}

async function reveal({subject, disclosures}) {
  const part = value => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = `${part({alg: 'none'})}.${part(subject)}.AAAA`;
  const decoded = await new SDJwtInstance({hasher}).decode([token, ...disclosures, ''].join('~'));
  return decoded.getClaims(hasher);
}

const tasks = {verify, sign, reveal};
const answers = [];
for(const {task, ...given} of JSON.parse(await text(process.stdin))) {
  answers.push(await tasks[task](given));
}
process.stdout.write(JSON.stringify(answers));
