"""Who decides about an order, and who does not."""

from sidecar.discovery import all_consumers, order_consumers


def test_each_way_to_decide_about_an_order_is_there_once_and_none_about_a_customer() -> None:
    found = order_consumers()
    handles = [consumer.handle for consumer in found]
    assert len(handles) == len(set(handles))
    assert set(handles) == {consumer.handle for consumer in all_consumers() if consumer.queue != "customers"}
