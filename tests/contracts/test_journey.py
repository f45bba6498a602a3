"""Does one complete export pass, with every hand on record?"""


def test_an_export_goes_from_exporter_to_end_user_with_grade_a(trade):
    shipment = trade.ship(trade.license(10), 10, share=500_000_000)
    trade.clear(shipment)
    trade.offer(shipment, "clerk", trade.exporter, trade.forwarder)
    trade.accept_goods(shipment, "forwarder clerk", trade.forwarder, 10)
    trade.depart(shipment, "forwarder clerk", trade.forwarder)
    trade.offer(shipment, "forwarder clerk", trade.forwarder, trade.end_user)
    trade.accept_goods(shipment, "storekeeper", trade.end_user, 10)
    entry = trade.confirm_delivery(shipment, 10)
    assert entry.version == 8
