// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// The fifteen contracts of one ledger, in the order of their deployment by one account from nonce 0.
struct Contracts {
    address journal;
    address directory;
    address policies;
    address certificates;
    address applications;
    address licenses;
    address shipments;
    address reports;
    address organizations;
    address issuance;
    address manifests;
    address orders;
    address departures;
    address statements;
    address gateway;
}
