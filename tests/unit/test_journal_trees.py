"""Does a proof hold for what it proves, and for nothing else?"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import InvalidField, Refused
from ledger.journal.merkle import EMPTY_ROOT, check_consistency, check_inclusion, leaf_hash, node_hash
from ledger.journal.proofs import CurrencyProof, EntryProof
from ledger.journal.tree import Tree
from tests.vectors.journal_cases import some, told

LEAVES = [leaf_hash(bytes([number % 256, number // 256])) for number in range(700)]
TREE = Tree()
for place, leaf in enumerate(LEAVES):
    TREE.put(place, leaf)
KNOWN = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
"""The leaves of Certificate Transparency's own tests."""
KNOWN_ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
sizes = st.integers(1, len(LEAVES))


def root_of(hashes):
    """RFC 6962 section 2.1, as it is written."""
    if len(hashes) <= 1:
        return hashes[0] if hashes else EMPTY_ROOT
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node_hash(root_of(hashes[:split]), root_of(hashes[split:]))


@st.composite
def inclusions(draw):
    size = draw(sizes)
    return draw(st.integers(0, size - 1)), size


@st.composite
def growths(draw):
    size = draw(sizes)
    return draw(st.integers(0, size)), size


@st.composite
def tampered(draw, path):
    """Another path than `path`."""
    path = list(path)
    fault = draw(st.sampled_from(["cut", "longer", "bit", "swap"] if len(path) > 1 else ["longer"]))
    at = draw(st.integers(0, max(len(path) - 1, 0)))
    if fault == "cut":
        del path[at]
    elif fault == "longer":
        path.insert(at, draw(st.sampled_from([*path, bytes(32)])))
    elif fault == "bit":
        bit = draw(st.integers(0, 255))
        path[at] = (int.from_bytes(path[at], "big") ^ 1 << bit).to_bytes(32, "big")
    else:
        path[at], path[at - 1] = path[at - 1], path[at]
    return path


def test_the_root_of_a_known_tree_is_the_published_one():
    tree = Tree()
    for number, data in enumerate(KNOWN):
        tree.put(number, leaf_hash(bytes.fromhex(data)))
    assert tree.root().hex() == KNOWN_ROOT


@pytest.mark.parametrize("size", [0, 1, 2, 3, 7, 8, 9, 255, 256, 257, 700])
def test_the_root_of_every_past_size_is_the_one_of_the_definition(size):
    assert TREE.root_at(size) == root_of(LEAVES[:size])


@given(st.lists(st.integers(0, 63), max_size=40), st.integers(1, 64))
def test_replaced_leaves_give_the_root_that_building_anew_gives(places, size):
    hashes, tree = list(LEAVES[:size]), Tree()
    for place, leaf in enumerate(hashes):
        tree.put(place, leaf)
    for number, place in enumerate(places):
        hashes[place % size] = leaf_hash(bytes([number, 7]))
        tree.put(place % size, hashes[place % size])
    assert tree.root() == root_of(hashes)


@given(inclusions())
def test_an_inclusion_proof_of_any_leaf_at_any_size_holds(at):
    place, size = at
    check_inclusion(TREE.root_at(size), LEAVES[place], TREE.inclusion(place, size), place=place, size=size)


@given(growths())
def test_a_consistency_proof_between_any_two_sizes_holds(at):
    old, size = at
    check_consistency((old, TREE.root_at(old)), (size, TREE.root_at(size)), TREE.consistency(old, size))


@given(inclusions(), st.data())
def test_a_tampered_inclusion_path_is_refused(at, data):
    place, size = at
    path = data.draw(tampered(TREE.inclusion(place, size)))
    if path != list(TREE.inclusion(place, size)):
        with pytest.raises(Refused):
            check_inclusion(TREE.root_at(size), LEAVES[place], path, place=place, size=size)


@given(inclusions(), inclusions())
def test_an_inclusion_proof_holds_for_no_other_leaf_or_place(at, other):
    (place, size), (elsewhere, _) = at, other
    if elsewhere != place:
        with pytest.raises(Refused):
            check_inclusion(TREE.root_at(size), LEAVES[elsewhere], TREE.inclusion(place, size), place=place, size=size)
        with pytest.raises(Refused):
            check_inclusion(TREE.root_at(size), LEAVES[place], TREE.inclusion(place, size), place=elsewhere, size=size)


@given(growths(), st.data())
def test_a_tampered_consistency_path_is_refused(at, data):
    old, size = at
    path = data.draw(tampered(TREE.consistency(old, size)))
    if path != list(TREE.consistency(old, size)):
        with pytest.raises(Refused):
            check_consistency((old, TREE.root_at(old)), (size, TREE.root_at(size)), path)


@given(growths(), st.integers(0, 255))
def test_a_consistency_proof_holds_for_no_other_old_root(at, bit):
    old, size = at
    other = (int.from_bytes(TREE.root_at(old), "big") ^ 1 << bit).to_bytes(32, "big")
    with pytest.raises(Refused):
        check_consistency((old, other), (size, TREE.root_at(size)), TREE.consistency(old, size))


@given(growths())
def test_a_journal_that_shrinks_is_not_consistent(at):
    old, size = at
    if old < size:
        with pytest.raises(Refused):
            check_consistency((size, TREE.root_at(size)), (old, TREE.root_at(old)), TREE.consistency(old, size))


def test_a_node_in_place_of_a_leaf_is_refused():
    """A leaf's hash starts from another byte than a node's: no inner node passes for an entry."""
    inner = node_hash(LEAVES[0], LEAVES[1])
    with pytest.raises(Refused):
        check_inclusion(TREE.root_at(4), inner, TREE.inclusion(0, 4)[1:], place=0, size=4)


STORY, BEFORE = told()
CHECKPOINT = STORY.checkpoint()
CURRENT = STORY.current(some("shipment")).to_json()


def places_of(value, place=()):
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from places_of(value[key], (*place, key))
    else:
        yield place


def with_value(value, place, new):
    if not place:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[place[0]] = with_value(value[place[0]], place[1:], new)
    return copy


@pytest.mark.parametrize("place", list(places_of(CURRENT)), ids=lambda place: ".".join(map(str, place)))
@given(st.one_of(st.integers(-1, 2**70), st.binary(min_size=32, max_size=32), st.text(), st.none(), st.floats()))
@settings(max_examples=25, deadline=None)
def test_a_currency_proof_with_any_one_value_replaced_is_refused(place, new):
    new = "0x" + new.hex() if isinstance(new, bytes) else new
    found = with_value(CURRENT, place, new)
    if found != CURRENT:
        with pytest.raises(Refused):
            CurrencyProof.from_json(found, "proof").check(CHECKPOINT)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda of: st.lists(of) | st.dictionaries(st.text(), of)
    )
)
def test_whatever_is_no_proof_is_refused_as_unreadable(found):
    with pytest.raises(InvalidField):
        EntryProof.from_json(found, "proof")


def test_a_head_of_before_is_not_current_after():
    with pytest.raises(Refused, match="not the last entry"):
        BEFORE.check(CHECKPOINT)
