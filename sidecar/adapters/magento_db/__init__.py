"""Direct write-back into Magento's database, for shops whose REST cannot be reached. Off unless it is asked for.

It writes what observers and other modules never hear of, so it does as little as possible: the transaction, the
payment, the status of order and grid, the history. It never invoices; what needs Magento's own methods is refused.
"""
