"""How an amount that goes back is divided among payments."""

from hypothesis import given
from hypothesis import strategies as st

from consumers.order_refunds.allocate import Part, Source, allocate
from schemas.ids import PaymentIntentId

sources = st.lists(
    st.builds(
        Source,
        st.integers(1, 30).map(lambda number: PaymentIntentId(f"pi_{number}")),
        st.integers(1, 5),
        st.integers(-5, 10_000),
    ),
    max_size=6,
    unique_by=lambda source: source.intent,
)


def test_the_newest_comes_first() -> None:
    old, new = Source(PaymentIntentId("pi_a"), 1, 500), Source(PaymentIntentId("pi_b"), 2, 300)
    assert allocate(700, [old, new]) == [Part(new.intent, 300), Part(old.intent, 400)]
    assert allocate(300, [old, new]) == [Part(new.intent, 300)]


@given(amount=st.integers(1, 20_000), given_sources=sources, data=st.data())
def test_it_is_all_or_nothing_to_the_minor_unit(amount: int, given_sources: list[Source], data: st.DataObject) -> None:
    parts = allocate(amount, given_sources)
    left = {source.intent: source.left for source in given_sources}
    available = sum(max(0, each) for each in left.values())
    assert sum(part.amount for part in parts) == (amount if amount <= available else 0)
    assert all(0 < part.amount <= left[part.intent] for part in parts)
    assert len({part.intent for part in parts}) == len(parts)
    assert allocate(amount, data.draw(st.permutations(given_sources))) == parts


@given(amount=st.integers(1, 20_000), given_sources=sources)
def test_an_older_payment_is_touched_only_when_the_newer_ones_are_used_up(
    amount: int, given_sources: list[Source]
) -> None:
    parts = {part.intent: part.amount for part in allocate(amount, given_sources)}
    newest_first = sorted(given_sources, key=lambda source: (source.created, source.intent), reverse=True)
    used_up = [parts.get(source.intent, 0) >= source.left for source in newest_first]
    if parts:
        last = max(place for place, source in enumerate(newest_first) if source.intent in parts)
        assert all(used_up[:last])
