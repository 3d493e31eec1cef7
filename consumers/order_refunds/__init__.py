"""What goes back of an order's money, whoever asked for it: credit memos of Magento's and refunds made in Stripe."""
